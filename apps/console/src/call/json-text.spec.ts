import { describe, expect, it } from '@jest/globals';
import { prettyText, readingOf } from './json-text.ts';

describe('readingOf', () => {
  it('reads a flat object as fields', () => {
    expect(readingOf({ city: 'Napa', seats: 2, outside: null })).toEqual({
      form: 'fields',
      fields: [
        ['city', 'Napa'],
        ['seats', 2],
        ['outside', null],
      ],
    });
  });

  it('reads an object with something inside as indented JSON', () => {
    expect(readingOf({ slots: ['18:00'] })).toEqual({
      form: 'text',
      text: '{\n  "slots": [\n    "18:00"\n  ]\n}',
      isFolded: false,
    });
  });

  it('reads an object without fields as nothing', () => {
    expect(readingOf({})).toEqual({ form: 'nothing' });
  });

  it('folds what is too long to read in passing', () => {
    expect(readingOf('word '.repeat(400))).toMatchObject({ form: 'text', isFolded: true });
  });

  it.each([
    [null, 'null'],
    [42, '42'],
    [true, 'true'],
    ['Booked.', 'Booked.'],
    [[], '[]'],
  ])('reads %p as it stands', (value, text) => {
    expect(readingOf(value)).toEqual({ form: 'text', text, isFolded: false });
  });
});

describe('prettyText', () => {
  it('indents JSON', () => {
    expect(prettyText('{"a":1}')).toBe('{\n  "a": 1\n}');
  });

  it.each(['{"a":"cut of', 'plain words', '12', ''])('leaves %p as it came', (text) => {
    expect(prettyText(text)).toBe(text);
  });
});
