import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Canaries } from './canaries.ts';
import { scanAnswers, scanFolder, scanMessages } from './places.ts';
import { Scanner } from './scanner.ts';

/** As much as is read at once. */
const CHUNK_BYTES = 8 * 1024 * 1024;

const canaries = new Canaries();
const secret = canaries.make('bearer', 'secret');
let folder: string;
let scanner: Scanner;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-places-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function found(): string[] {
  return scanner.hits.map(({ place, where }) => `${place}: ${where}`);
}

describe('a planted secret is found', () => {
  it('in a file of a folder inside the folder, and not in one that is left out', () => {
    scanner = new Scanner(canaries.all);
    mkdirSync(join(folder, 'inside'));
    writeFileSync(join(folder, 'inside', 'a.log'), `{"authorization":"Bearer ${secret}"}`);
    writeFileSync(join(folder, 'b.log'), secret);

    scanFolder(scanner, 'logs', folder, (path) => path.endsWith('b.log'));

    expect(found()).toEqual(['logs: inside/a.log']);
  });

  it('across the end of what is read at once', () => {
    scanner = new Scanner(canaries.all);
    const large = join(folder, 'large');
    mkdirSync(large);
    writeFileSync(join(large, 'segment'), Buffer.concat([Buffer.alloc(CHUNK_BYTES - 30), Buffer.from(secret), Buffer.alloc(CHUNK_BYTES)]));

    scanFolder(scanner, 'files of PostgreSQL', large);

    expect(found()).toContain('files of PostgreSQL: segment');
  });

  it('in a message, with its subject, also in a header', () => {
    scanner = new Scanner(canaries.all);
    const file = join(folder, 'messages');
    writeFileSync(file, `MSG a.v1.clean _INBOX.1\n\n{}\nMSG a.v1.body \n\n{"x":"${secret}"}\nMSG a.v1.header \nx-token: ${secret}\n\n{}\n`);

    scanMessages(scanner, file);

    expect(found()).toEqual(['NATS messages: a.v1.body', 'NATS messages: a.v1.header']);
  });

  it('in an answer, with its route', () => {
    scanner = new Scanner(canaries.all);

    scanAnswers(scanner, [{ route: 'GET /v1/x', bytes: Buffer.from(`HTTP 302 Found\nlocation: /?was=${encodeURIComponent(secret)}\n\n`) }]);

    expect(found()).toEqual(['HTTP answers: GET /v1/x']);
  });
});
