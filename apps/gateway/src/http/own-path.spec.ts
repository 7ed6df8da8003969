import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownPath } from './own-path.ts';

describe('ownPath', () => {
  it('keeps a path with its query and fragment, and adds what is told', () => {
    expect(ownPath('/calls?of=today#ses_1', { problem: 'No & such: "x"' })).toBe('/calls?of=today&problem=No+%26+such%3A+%22x%22#ses_1');
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    '/calls/..//evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    'evil.example',
    '',
    'http://own.invalid@evil.example/',
    '//own.invalid:80@evil.example',
  ])('turns %j into the first page', (path) => {
    expect(ownPath(path)).toBe('/');
  });

  it('never leaves the origin, whatever it is given', () => {
    const piece = fc.constantFrom('/', '\\', '.', '..', '\t', '\n', ':', '@', 'evil.example', 'http:', '%2f', '%5c', '?', '#', 'a');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const sent = new URL(ownPath(pieces.join('')), 'https://patchbay.example/v1/sign-in/callback');
        expect(sent.origin).toBe('https://patchbay.example');
      }),
      { numRuns: 2_000 },
    );
  });
});
