import { describe, expect, it } from '@jest/globals';
import { checkNatsVersion, compareVersions, versionIn } from './nats-version.ts';

describe('the version of nats-server', () => {
  it('is compared number by number, not as text', () => {
    expect(compareVersions('2.12.10', '2.12.7')).toBeGreaterThan(0);
    expect(compareVersions('2.9.10', '2.12.7')).toBeLessThan(0);
    expect(compareVersions('v2.12.7-beta.1', '2.12.7')).toBe(0);
    expect(compareVersions('3', '2.99.99')).toBeGreaterThan(0);
  });

  it('is found in what the server prints', () => {
    expect(versionIn('nats-server: v2.15.1\n')).toBe('2.15.1');
    expect(versionIn('command not found')).toBeUndefined();
  });

  it('passes from the floor on, warns below it, and is refused below 2.10', () => {
    expect(checkNatsVersion('2.12.7')).toBeUndefined();
    expect(checkNatsVersion('2.10.27')).toContain('below 2.12.7');
    expect(() => checkNatsVersion('2.9.10')).toThrow('too old');
  });
});
