import { describe, expect, it } from '@jest/globals';
import { compilePick } from './pick-fields.ts';

const body = {
  data: { order: { status: 'sent', secret: 'x', none: null }, page: 1 },
  items: [{ id: 1, tag: 'a', price: { net: 5, gross: 6 } }, { id: 2, price: { net: 7, gross: 8 } }, 'odd'],
};

function pick(paths: string[], value: unknown = body): { picked: unknown; missing: string[] } {
  const missing = new Set<string>();
  return { picked: compilePick(paths)(value, missing), missing: [...missing] };
}

describe('compilePick', () => {
  it('keeps the named fields in the shape they had', () => {
    expect(pick(['data.order.status', 'data.page'])).toEqual({
      picked: { data: { order: { status: 'sent' }, page: 1 } },
      missing: [],
    });
  });

  it('keeps everything below a path, and a null', () => {
    expect(pick(['data.order', 'data.order.status']).picked).toEqual({ data: { order: body.data.order } });
    expect(pick(['data.order.none'])).toEqual({ picked: { data: { order: { none: null } } }, missing: [] });
  });

  it('picks one element of a list by its number and leaves no gap', () => {
    expect(pick(['items.1.id'])).toEqual({ picked: { items: [{ id: 2 }] }, missing: [] });
  });

  it('picks from every element, and says what one of them lacks', () => {
    expect(pick(['items.*.id', 'items.*.price.net', 'items.0.tag'])).toEqual({
      picked: {
        items: [
          { id: 1, tag: 'a', price: { net: 5 } },
          { id: 2, price: { net: 7 } },
        ],
      },
      missing: ['items.*.id', 'items.*.price.net'],
    });
  });

  it('picks from every field of an object', () => {
    expect(pick(['*.a'], { x: { a: 1, b: 2 }, y: { a: 3 } })).toEqual({
      picked: { x: { a: 1 }, y: { a: 3 } },
      missing: [],
    });
  });

  it('picks from a list at the top', () => {
    expect(pick(['*.id'], [{ id: 1, x: 1 }, { id: 2 }]).picked).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('names every path that finds nothing, and an empty list lacks nothing', () => {
    expect(pick(['data.order.status', 'items.*.id'], { items: [] })).toEqual({
      picked: { items: [] },
      missing: ['data.order.status'],
    });
    expect(pick(['a.b', 'c'], 'text')).toEqual({ picked: undefined, missing: ['a.b', 'c'] });
  });

  it.each(['items.length', 'constructor', 'toString', 'items.constructor.name', 'hasOwnProperty'])(
    'finds nothing inherited at %s',
    (path) => {
      expect(pick([path]).missing).toEqual([path]);
    },
  );

  it.each(['a..b', '', '.a', '__proto__.a'])('refuses the path "%s"', (path) => {
    expect(() => compilePick([path])).toThrow(`the path "${path}" has an empty or impossible step`);
  });

  it('refuses paths whose stars multiply', () => {
    const paths = Array.from({ length: 200 }, (_, at) =>
      ['*', '*', '*', '*', '*', '*'].with(at % 6, `name${at}`).join('.'),
    );

    expect(() => compilePick(paths)).toThrow('too many stars');
  });
});
