import type { FunctionSnapshot } from '@patchbay/contracts/agents';

type Rules = Partial<FunctionSnapshot>;

/** Functions with one mistake each, as versions may have that were deployed before it was looked for. */
export function unusableFunctions(functionAt: (name: string, rules: Rules) => FunctionSnapshot, providerUrl: string): FunctionSnapshot[] {
  const http = { method: 'POST', url: `${providerUrl}/acts` } as const;
  const looks = { http: { method: 'GET', url: `${providerUrl}/acts` }, done: 'status ==' } as const;
  const mistakes: Record<string, Rules> = {
    pattern: { parameters: { type: 'object', properties: { orderId: { type: 'string', pattern: '^(?=1)' } } } },
    schema: { parameters: { type: 'object', properties: 5 } },
    sentence: { response: { say: '{{ result.' } },
    condition: { response: { success: 'status ==' } },
    verification: { verify: looks },
    polling: { poll: { ...looks, everyMs: 1_000, maxMs: 10_000 } },
    read_back: { confirmation: { required: true, readBack: '{% if %}' } },
    url: { http: { method: 'POST', url: 'https://{orderId}.example.com/' } },
    header: { http: { ...http, headers: { host: 'example.com' } } },
  };
  return Object.entries(mistakes).map(([name, rules]) => functionAt(`unusable_${name}`, { effect: 'write.reversible', http, ...rules }));
}
