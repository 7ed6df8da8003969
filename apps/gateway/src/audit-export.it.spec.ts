import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '@patchbay/contracts/audit';
import { credentials } from '@patchbay/contracts/credentials';
import { ServiceError } from '@patchbay/contracts/errors';
import { fakeService } from '@patchbay/testing/fake-service';
import { runGateway, type RunningGateway } from '../testing/running-gateway.ts';

const HASH = 'a'.repeat(64);
/** Newest first, more than two pages. */
const LOG = Array.from({ length: 450 }, (_, index) => entry(450 - index));

let gateway: RunningGateway;
/** From which entry on the log cannot be read. */
let unreadableFrom: string | null | undefined = null;

beforeAll(async () => {
  gateway = await runGateway();
  fakeService(gateway.nats, credentials, {
    listAudit: async ({ limit, before }) => {
      if (before === unreadableFrom) throw new ServiceError('unavailable', 'The log cannot be read.');
      const start = before ? LOG.findIndex(({ auditId }) => auditId === before) + 1 : 0;
      return { entries: LOG.slice(start, start + limit) };
    },
  });
  await gateway.nats.flush();
});

afterAll(() => gateway.stop());

function entry(sequence: number): AuditEntry {
  const actor = { kind: 'api_key' as const, id: 'key_1' };
  const object = { kind: 'connection', id: 'conn_1', name: 'Line\nbreak' };
  const at = '2026-01-01T00:00:00.000Z';
  const about = { action: 'connection.rotated', object, actor, before: null, after: HASH, changed: [] };
  return { ...about, auditId: `aud_${sequence}`, sequence, at, previous: HASH, hash: HASH };
}

describe('the export of the audit log', () => {
  it('is the whole log as a file, an entry a line, newest first', async () => {
    unreadableFrom = null;

    const response = await gateway.fetch('GET', '/v1/audit/export');

    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(response.headers.get('content-disposition')).toMatch(
      new RegExp(`^attachment; filename="audit-${gateway.organizationId}-\\d{4}-\\d\\d-\\d\\d\\.ndjson"$`),
    );
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(LOG);
  });

  it('reads only what was asked for, and names its reader on every page', async () => {
    unreadableFrom = null;
    const before = gateway.asked.length;

    await gateway.http('GET', '/v1/audit/export?action=connection&objectId=conn_1&limit=1');

    const pages = gateway.asked.slice(before).filter(({ subject }) => subject === 'credentials.v1.list_audit');
    const same = { organizationId: gateway.organizationId, action: 'connection', objectId: 'conn_1', limit: 200 };
    expect(pages.map(({ input }) => input)).toEqual([same, { ...same, before: 'aud_251' }, { ...same, before: 'aud_51' }]);
    const reader = { kind: 'api_key', id: 'key_1', from: '127.0.0.1' };
    expect(pages.map(({ actor }) => actor)).toEqual([reader, reader, reader]);
  });

  it('is a typed refusal when the log cannot be read', async () => {
    unreadableFrom = undefined;

    expect(await gateway.http('GET', '/v1/audit/export')).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  });

  it('that fails on the way is cut off: an incomplete file never looks complete', async () => {
    unreadableFrom = 'aud_251';

    const response = await gateway.fetch('GET', '/v1/audit/export');

    await expect(response.text()).rejects.toThrow('terminated');
  });
});
