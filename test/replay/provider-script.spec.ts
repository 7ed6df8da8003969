import { describe, expect, it } from '@jest/globals';
import { ProviderScript } from './provider-script.ts';
import type { ExpectedCall } from './provider-script.ts';

function expected(callId: string, sent: Record<string, unknown> = { city: 'Anaheim' }): ExpectedCall {
  return {
    callId,
    tool: 'find',
    arguments: sent,
    answer: { status: 200, contentType: 'application/json', body: `"${callId}"` },
  };
}

describe('the provider’s script', () => {
  it('finds the announced call by its arguments, whatever their order', () => {
    const script = new ProviderScript();
    script.expect(expected('one', { a: 1, b: { c: 2, d: 3 } }));

    expect(script.match('find', { b: { d: 3, c: 2 }, a: 1 })?.callId).toBe('one');
  });

  it('finds nothing for other arguments, another type or another tool', () => {
    const script = new ProviderScript();
    script.expect(expected('one', { seats: 1 }));

    expect([
      script.match('find', { seats: '1' }),
      script.match('find', { seats: 1, more: true }),
      script.match('book', { seats: 1 }),
    ]).toEqual([null, null, null]);
  });

  it('serves equal calls in the order they were announced', () => {
    const script = new ProviderScript();
    script.expect(expected('one'));
    script.expect(expected('two'));

    expect([
      script.match('find', { city: 'Anaheim' })?.callId,
      script.match('find', { city: 'Anaheim' })?.callId,
    ]).toEqual(['one', 'two']);
  });

  it('gives a repeated request the answer it had', () => {
    const script = new ProviderScript();
    script.expect(expected('one'));

    expect([
      script.match('find', { city: 'Anaheim' })?.callId,
      script.match('find', { city: 'Anaheim' })?.callId,
    ]).toEqual(['one', 'one']);
  });

  it('takes a late request for the call that was asked before, not for one that was settled without being asked', () => {
    const script = new ProviderScript();
    for (const callId of ['asked', 'unasked']) script.expect(expected(callId));
    script.match('find', { city: 'Anaheim' });
    for (const callId of ['asked', 'unasked']) script.settle(callId);

    expect(script.match('find', { city: 'Anaheim' })?.callId).toBe('asked');
  });

  it('goes on to the next equal call once the one before was settled unasked', () => {
    const script = new ProviderScript();
    script.expect(expected('replayed'));
    script.settle('replayed');
    script.expect(expected('next'));

    expect(script.match('find', { city: 'Anaheim' })?.callId).toBe('next');
  });

  it('lists the calls of a tool that are still awaited', () => {
    const script = new ProviderScript();
    script.expect(expected('one', { city: 'A' }));
    script.expect(expected('two', { city: 'B' }));
    script.match('find', { city: 'A' });

    expect(script.awaited('find').map(({ callId }) => callId)).toEqual(['two']);
  });
});
