import { describe, expect, it } from '@jest/globals';
import { urlProblem } from './webhook-url.ts';

describe('the URL of a webhook', () => {
  it('is fine over https', () => {
    expect(urlProblem('https://hooks.example.com/patchbay?tenant=1', { allowHttp: false })).toBeNull();
  });

  it('may be plain http only where the operator says so', () => {
    expect(urlProblem('http://hooks.example.com/', { allowHttp: true })).toBeNull();
    expect(urlProblem('http://hooks.example.com/', { allowHttp: false })).toBe('must begin with https://');
  });

  it.each(['ftp://hooks.example.com/', 'file:///etc/passwd', 'javascript:alert(1)'])('is never %s', (url) => {
    expect(urlProblem(url, { allowHttp: true })).toBe('must begin with https://');
  });

  it.each([
    'https://user@hooks.example.com/',
    'https://user:secret@hooks.example.com/',
    'https://:secret@hooks.example.com/',
  ])('holds no user name or password like %s', (url) => {
    expect(urlProblem(url, { allowHttp: false })).toContain('must not hold a user name or password');
  });

  it('is a URL', () => {
    expect(urlProblem('hooks.example.com', { allowHttp: false })).toBe('is not a URL');
  });
});
