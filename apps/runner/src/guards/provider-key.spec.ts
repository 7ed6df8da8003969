import { describe, expect, it } from '@jest/globals';
import { providerKey } from './provider-key.ts';

const http = { method: 'GET' as const, url: 'https://api.example.com:8443/orders/{orderId}?full={full}' };

describe('the key of a provider', () => {
  it.each([
    [{ connectionId: 'conn_a', toolId: 'tool_a', http }, 'org_a conn_a api.example.com:8443'],
    [{ connectionId: null, toolId: 'tool_a', http }, 'org_a tool_a api.example.com:8443'],
    [{ connectionId: null, toolId: 'call', http: undefined }, null],
  ])('is the account or the tool, and the host', (called, key) => {
    expect(providerKey('org_a', called)).toBe(key);
  });
});
