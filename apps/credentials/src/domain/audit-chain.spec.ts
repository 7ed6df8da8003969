import type { AuditEntry } from '@patchbay/contracts/audit';
import { describe, expect, it } from '@jest/globals';
import { hashOf } from '@patchbay/service-kit/database/change';
import { appendTo, chainStart, ChainCheck } from './audit-chain.ts';

const ORGANIZATION = 'org_1';

function aChain(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let nth = 1; nth <= length; nth++) {
    const end = entries.at(-1) ?? chainStart(ORGANIZATION, hashOf);
    const change = { action: 'tool.updated', object: { kind: 'tool', id: `tool_${nth}` }, actor: { kind: 'service' as const, id: 'catalog' } };
    const what = { ...change, before: null, after: null, changed: [], auditId: `aud_${nth}`, at: '2026-11-21T00:00:00.000Z' };
    entries.push(appendTo(end, what, hashOf));
  }
  return entries;
}

function check(entries: AuditEntry[], organizationId = ORGANIZATION) {
  const chain = new ChainCheck(organizationId, hashOf);
  chain.take(entries);
  return chain.result;
}

const whole = aChain(5);
const changedAt = (nth: number, change: Partial<AuditEntry>) => whole.map((entry, at) => (at + 1 === nth ? { ...entry, ...change } : entry));

describe('a chain of audit entries', () => {
  it('is intact as it was written, and names its newest entry', () => {
    expect(check(whole)).toEqual({ entries: 5, intact: true, brokenAt: null, head: whole[4]!.hash });
  });

  it('is intact when it is read in pages', () => {
    const chain = new ChainCheck(ORGANIZATION, hashOf);
    for (const entry of whole) chain.take([entry]);

    expect(chain.result).toEqual(check(whole));
  });

  it('is intact while nothing was written', () => {
    expect(check([])).toMatchObject({ entries: 0, intact: true });
  });

  it.each<[string, AuditEntry[], number]>([
    ['an entry that was changed', changedAt(3, { action: 'tool.created' }), 3],
    ['a changed first entry', changedAt(1, { object: { kind: 'tool', id: 'tool_9' } }), 1],
    ['a changed time', changedAt(5, { at: '2026-11-22T00:00:00.000Z' }), 5],
    ['a field that was added', changedAt(2, { traceId: '0'.repeat(32) }), 2],
    ['an entry that is missing', whole.filter(({ sequence }) => sequence !== 4), 4],
    ['a missing first entry', whole.slice(1), 1],
    ['two entries in each other\'s place', [whole[0]!, whole[2]!, whole[1]!, whole[3]!, whole[4]!], 2],
    ['an entry that is there twice', [whole[0]!, whole[0]!, ...whole.slice(1)], 2],
  ])('is broken by %s', (_what, entries, brokenAt) => {
    expect(check(entries)).toMatchObject({ intact: false, brokenAt });
  });

  it('is broken after an entry that was changed and hashed anew', () => {
    const { hash: _, ...rest } = { ...whole[1]!, action: 'tool.created' };
    const forged = changedAt(2, { ...rest, hash: hashOf(rest) });

    expect(check(forged)).toMatchObject({ intact: false, brokenAt: 3 });
  });

  it('does not pass for the chain of another organization', () => {
    expect(check(whole, 'org_2')).toMatchObject({ intact: false, brokenAt: 1 });
  });

  it('has another head when its end was cut off', () => {
    expect(check(whole.slice(0, 4)).head).not.toBe(check(whole).head);
  });
});
