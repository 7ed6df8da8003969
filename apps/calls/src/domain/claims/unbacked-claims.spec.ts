import { describe, expect, it } from '@jest/globals';
import type { InvocationRecord } from '@patchbay/contracts/runner';
import type { Claim } from './detect-claims.ts';
import { unbackedClaims } from './unbacked-claims.ts';

type Happened = Parameters<typeof unbackedClaims>[1][number];

const claimOf = (effect: Claim['effect'], words = 'It is so.', isWeak = false): Claim => ({ words, effect, isWeak });

function aWrite(name: string, status: InvocationRecord['status'] = 'succeeded', more: Partial<Happened> = {}): Happened {
  return { function: name, effect: 'write.reversible', status, arguments: {}, result: {}, ...more };
}

const aRead = (result: unknown, name = 'get_order'): Happened => aWrite(name, 'succeeded', { effect: 'read', result });

const effectsOf = (claim: Claim, happened: Happened[], descriptions: Record<string, string> = {}) =>
  unbackedClaims([claim], happened, new Map(Object.entries(descriptions))).map(({ effect }) => effect);

describe('a claim is backed', () => {
  it.each<[Claim['effect'], Happened]>([
    ['booked', aWrite('book_slot')],
    ['booked', aWrite('createAppointment')],
    ['booked', aWrite('reschedule_visit')],
    ['cancelled', aWrite('cancel_order')],
    ['cancelled', aWrite('manage_visit', 'succeeded', { arguments: { action: 'cancel' } })],
    ['refunded', aWrite('cancel_order')],
    ['paid', aWrite('place_order')],
    ['sent', aWrite('whatsapp', 'succeeded', { effect: 'message' })],
    ['transferred', aWrite('to_billing', 'succeeded', { effect: 'call_control' })],
    ['booked', aWrite('xyz_17')],
    ['done', aWrite('book_slot')],
  ])('%s by a write that may have done it: %j', (effect, happened) => {
    expect(effectsOf(claimOf(effect), [happened])).toEqual([]);
  });

  it('by a write that its description says may have done it', () => {
    const happened = [aWrite('book_visit_post')];

    expect(effectsOf(claimOf('cancelled'), happened)).toEqual(['cancelled']);
    expect(effectsOf(claimOf('cancelled'), happened, { book_visit_post: 'Books or cancels a visit.' })).toEqual([]);
  });

  it('by what a read told', () => {
    expect(effectsOf(claimOf('cancelled'), [aRead({ status: 'CANCELED' })])).toEqual([]);
    expect(effectsOf(claimOf('booked'), [aRead({ booked: true })])).toEqual([]);
  });

  it('by a write of another kind, where a provider confirms by itself', () => {
    expect(effectsOf(claimOf('sent', 'A confirmation has been sent.'), [aWrite('book_slot')])).toEqual([]);
  });
});

describe('a claim is not backed', () => {
  it.each<[Claim['effect'], Happened]>([
    ['booked', aRead({ slots: [{ scheduled_at: '10:00', booked: false }] })],
    ['booked', aWrite('send_text', 'succeeded', { effect: 'message' })],
    ['booked', aWrite('cancel_visit')],
    ['sent', aWrite('book_slot')],
    ['transferred', aWrite('book_slot')],
    ['done', aRead({ slots: [] })],
  ])('%s by something else: %j', (effect, happened) => {
    expect(effectsOf(claimOf(effect), [happened])).toEqual([effect]);
  });

  it.each<[InvocationRecord['status'], string]>([
    ['unknown', 'is not confirmed yet: book_slot was sent'],
    ['pending', 'is not confirmed yet: book_slot is under way'],
    ['running', 'is not confirmed yet: book_slot is under way'],
    ['needs_confirmation', "waits for the caller's yes"],
    ['failed', 'has not happened: book_slot ended as failed'],
    ['rejected', 'has not happened: book_slot ended as rejected'],
    ['cancelled', 'has not happened: book_slot ended as cancelled'],
  ])('by a write that is %s, and the hint says what is true', (status, hint) => {
    const [claim] = unbackedClaims([claimOf('booked')], [aWrite('book_slot', status)], new Map());

    expect(claim).toEqual({ claim: 'It is so.', effect: 'booked', hint: expect.stringContaining(hint) });
  });

  it('by nothing, and the hint names no function', () => {
    const [claim] = unbackedClaims([claimOf('refunded')], [aWrite('book_slot', 'failed')], new Map());

    expect(claim?.hint).toBe('The refund has not happened: no function of this call did it. Correct this to the caller, then do it or say that you cannot.');
  });
});

describe('a weak claim', () => {
  it('counts only beside a write that did not succeed', () => {
    const weak = claimOf('booked', 'Your ride is scheduled.', true);

    expect(effectsOf(weak, [])).toEqual([]);
    expect(effectsOf(weak, [aRead({})])).toEqual([]);
    expect(effectsOf(weak, [aWrite('book_ride', 'failed')])).toEqual(['booked']);
  });
});
