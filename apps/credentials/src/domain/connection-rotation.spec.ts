import { describe, expect, it } from '@jest/globals';
import { aConnection } from '../../testing/a-connection.ts';
import { buried, deleted, stepped, undeleted } from './connection-lifecycle.ts';
import { cleared, finished, requireNext, reverted, slotsEndAt, standIn, switched, withNext, withoutNext } from './connection-rotation.ts';

const now = new Date('2026-11-21T08:00:00.000Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
const HOUR_MS = 3_600_000;
const connection = aConnection(now, { isDefault: true, hint: 'aaaa' });
const started = withNext(connection, 'bbbb', later(10)).connection;
const rotated = switched(started, HOUR_MS, later(11)).connection;

describe('a rotation', () => {
  it('keeps the current secret current while the next one is tried out', () => {
    expect(started).toMatchObject({ version: 1, lastVersion: 2, slots: [{ slot: 'next', version: 2, hint: 'bbbb' }] });
  });

  it('is one at a time, unless the other was left by a process that died', () => {
    expect(() => withNext(started, '', later(20))).toThrow('under way');
    expect(withNext(started, '', later(41))).toMatchObject({ connection: { lastVersion: 3, slots: [{ version: 3 }] }, destroyed: [2] });
  });

  it('that took too long finds another one in its place', () => {
    expect(requireNext(started, 2).version).toBe(2);
    expect(() => requireNext(withNext(started, '', later(41)).connection, 2)).toThrow('another one took its place');
  });

  it('leaves nothing of a next secret that was refused', () => {
    expect(withoutNext(started)).toMatchObject({ connection: { version: 1, slots: [] }, destroyed: [2] });
  });

  it('keeps the previous secret for the grace time', () => {
    expect(rotated).toMatchObject({ version: 2, hint: 'bbbb', health: 'unverified', slots: [{ slot: 'previous', version: 1, hint: 'aaaa' }] });
    expect(slotsEndAt(rotated)).toEqual(later(3_611));
    expect(standIn(rotated, later(3_610))?.version).toBe(1);
    expect(standIn(rotated, later(3_611))).toBeNull();
  });

  it('keeps nothing without a grace time', () => {
    expect(switched(started, 0, later(11))).toMatchObject({ connection: { version: 2, slots: [] }, destroyed: [1] });
  });

  it('destroys the secret before the previous one', () => {
    const again = switched(withNext(rotated, 'cccc', later(60)).connection, HOUR_MS, later(61));

    expect(again).toMatchObject({ connection: { version: 3, slots: [{ slot: 'previous', version: 2 }] }, destroyed: [1] });
  });

  it('can be reverted, and that too, until the grace time ends', () => {
    const back = reverted(rotated, later(60));

    expect(back).toMatchObject({ version: 1, hint: 'aaaa', lastVersion: 2, slots: [{ slot: 'previous', version: 2, until: later(3_611).toISOString() }] });
    expect(reverted(back, later(61)).version).toBe(2);
    expect(() => reverted(rotated, later(3_611))).toThrow('not kept any more');
  });

  it('ends early when it is finished, and by itself', () => {
    expect(finished(rotated)).toMatchObject({ connection: { slots: [] }, destroyed: [1] });
    expect(() => finished(connection)).toThrow('no previous secret');
    expect(cleared(rotated, later(3_611))).toMatchObject({ connection: { slots: [] }, destroyed: [1] });
    expect(cleared(rotated, later(60))).toEqual({ connection: rotated, destroyed: [] });
  });
});

describe('the lifecycle', () => {
  it('is disabled and enabled, and a repeat changes nothing', () => {
    const disabled = stepped(connection, 'disable');

    expect(stepped(disabled, 'disable')).toBe(disabled);
    expect(stepped(disabled, 'enable').lifecycle).toBe('active');
    expect(() => stepped({ ...connection, lifecycle: 'draft' }, 'enable')).toThrow('never finished');
    expect(() => stepped(deleted(connection, now), 'enable')).toThrow('undelete it first');
  });

  it.each(['draft', 'active', 'disabled'] as const)('comes back as %s within a day of being deleted, and is no default any more', (lifecycle) => {
    const gone = deleted({ ...connection, lifecycle }, now);

    expect(gone).toMatchObject({ lifecycle: 'deleted', isDefault: false });
    expect(undeleted(gone, later(86_399))).toMatchObject({ lifecycle, undeleteUntil: null });
    expect(() => undeleted(gone, later(86_400))).toThrow('over');
  });

  it('leaves nothing secret after a day', () => {
    const gone = deleted(rotated, now);

    expect(buried(gone, later(86_399))).toBeNull();
    expect(buried(gone, later(86_400))).toMatchObject({ lifecycle: 'deleted', hint: '', slots: [], destroyedAt: later(86_400) });
    expect(() => undeleted(buried(gone, later(86_400))!, later(86_401))).toThrow('destroyed');
  });
});
