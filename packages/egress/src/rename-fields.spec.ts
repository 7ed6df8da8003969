import { describe, expect, it } from '@jest/globals';
import { compileRename } from './rename-fields.ts';

function rename(names: Record<string, string>, value: unknown): { renamed: unknown; missing: string[] } {
  const missing = new Set<string>();
  return { renamed: compileRename(names)(value, missing), missing: [...missing] };
}

describe('compileRename', () => {
  it('moves a field to the top, and the objects that it leaves empty go', () => {
    expect(rename({ 'data.order.status': 'status' }, { data: { order: { status: 'sent' } }, page: 1 }).renamed).toEqual(
      { page: 1, status: 'sent' },
    );
    expect(rename({ 'data.order.status': 'status' }, { data: { order: { status: 'sent', id: 7 } } }).renamed).toEqual({
      data: { order: { id: 7 } },
      status: 'sent',
    });
  });

  it('gives a field behind a star its name where it is', () => {
    expect(rename({ 'items.*.order_id': 'orderId' }, { items: [{ order_id: 1, x: 2 }, { x: 3 }] })).toEqual({
      renamed: { items: [{ orderId: 1, x: 2 }, { x: 3 }] },
      missing: [],
    });
  });

  it('takes one element out of a list', () => {
    expect(rename({ 'items.0': 'first' }, { items: ['a', 'b'] }).renamed).toEqual({ items: ['b'], first: 'a' });
    expect(rename({ '0.id': 'id' }, [{ id: 4 }]).renamed).toEqual({ id: 4 });
  });

  it('replaces what had the name before', () => {
    expect(rename({ 'data.id': 'id' }, { id: 'old', data: { id: 'new' } }).renamed).toEqual({ id: 'new' });
    expect(rename({ 'items.*.a': 'b' }, { items: [{ a: 1, b: 2 }] }).renamed).toEqual({ items: [{ b: 1 }] });
  });

  it('leaves the value alone, and says so, when there is nothing to rename', () => {
    const value = { a: 1 };

    expect(rename({ b: 'c', 'a.x': 'y', toString: 'z', 'list.*.a': 'b' }, value)).toEqual({
      renamed: value,
      missing: ['b', 'a.x', 'toString', 'list.*.a'],
    });
    expect(rename({ a: 'b' }, 'text')).toEqual({ renamed: 'text', missing: ['a'] });
  });

  it('does not change the value it was given', () => {
    const value = { data: { order: { status: 'sent' } }, items: [{ a: 1 }] };
    const before = structuredClone(value);

    rename({ 'data.order.status': 'status', 'items.*.a': 'b' }, value);

    expect(value).toEqual(before);
  });

  it('refuses a name that is no field', () => {
    expect(() => compileRename({ a: '__proto__' })).toThrow('the path "a" cannot be named __proto__');
  });
});
