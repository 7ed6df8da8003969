import { describe, expect, it } from '@jest/globals';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { Env } from './env.ts';

const good = { DATABASE_URL: 'postgresql://workflows@127.0.0.1/workflows' };

describe('the environment of workflows', () => {
  it('reaches public https receivers only, unless told otherwise', () => {
    expect(loadEnv('workflows', Env, good)).toMatchObject({
      WORKFLOWS_PORT: 7077,
      EGRESS_ALLOW_NETWORKS: [],
      EGRESS_ALLOW_HTTP: false,
    });
  });

  it('reads networks as a list', () => {
    const env = loadEnv('workflows', Env, {
      ...good,
      EGRESS_ALLOW_NETWORKS: '10.0.0.0/8, fd00::/8',
      EGRESS_ALLOW_HTTP: 'true',
    });

    expect(env).toMatchObject({ EGRESS_ALLOW_NETWORKS: ['10.0.0.0/8', 'fd00::/8'], EGRESS_ALLOW_HTTP: true });
  });

  it('names every fault in words', () => {
    const faulty = { EGRESS_ALLOW_NETWORKS: '10.0.0.0/8,intranet', EGRESS_ALLOW_HTTP: 'yes' };

    expect(() => loadEnv('workflows', Env, faulty)).toThrow(
      /DATABASE_URL is missing[^]*"intranet" is not a network[^]*EGRESS_ALLOW_HTTP: /,
    );
  });
});
