import { readFile } from 'node:fs/promises';
import { Parser } from '@asyncapi/parser';
import { describe, expect, it } from '@jest/globals';
import { asyncApiDocument } from './async-api.ts';
import { CALL_EVENTS } from './edge.ts';
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
    const names = [...Object.entries(REQUESTS), ...Object.entries(EVENTS), ['call', CALL_EVENTS] as const].flatMap(([group, operations]) =>
      Object.keys(operations).map((name) => `${group}_${name}`),
    );

    expect(Object.keys(written['operations'] ?? {}).sort()).toEqual(names.sort());
  });

  it('tells an edge where it hears the events of its calls', () => {
    const { channels } = written as { channels: Record<string, { address: string; parameters: object }> };

    expect(channels['call_progress']?.address).toBe('call.v1.{organization}.{edge}.{session}.progress');
    expect(Object.keys(channels['call_progress']?.parameters ?? {})).toEqual(['organization', 'edge', 'session']);
  });
});
