import { describe, expect, it } from '@jest/globals';
import { withoutNews } from './news-address.ts';

describe('withoutNews', () => {
  it.each([
    ['/?problem=no', '/'],
    ['/connections/conn_1?connected=conn_1', '/connections/conn_1'],
    ['/audit?action=connection&problem=no', '/audit?action=connection'],
  ])('makes %s to %s', (address, kept) => {
    expect(withoutNews(new URL(address, 'https://patchbay.example'))).toBe(kept);
  });
});
