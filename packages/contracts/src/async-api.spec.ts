import { readFile } from 'node:fs/promises';
import { Parser } from '@asyncapi/parser';
import { describe, expect, it } from '@jest/globals';
import { asyncApiDocument } from './async-api.ts';
import { EVENTS, REQUESTS } from './surface.ts';

const written = JSON.parse(await readFile('docs/asyncapi.json', 'utf8')) as Record<string, Record<string, unknown>>;

describe('docs/asyncapi.json', () => {
  it('is what the contracts say today; `npm run docs` writes it', () => {
    expect(written).toEqual(JSON.parse(JSON.stringify(asyncApiDocument())));
  });

  it('is valid AsyncAPI 3', async () => {
    const { document, diagnostics } = await new Parser().parse(JSON.stringify(written));

    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
    expect(document?.version()).toBe('3.0.0');
  });

  it('describes every request and every event', () => {
    const names = [...Object.entries(REQUESTS), ...Object.entries(EVENTS)].flatMap(([group, operations]) =>
      Object.keys(operations).map((name) => `${group}_${name}`),
    );

    expect(Object.keys(written['operations'] ?? {}).sort()).toEqual(names.sort());
  });
});
