import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { choosePorts } from './ports.ts';

describe('choosing ports', () => {
  const other = createServer();
  let taken = '';

  beforeAll(async () => {
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    taken = String((other.address() as AddressInfo).port);
  });

  afterAll(async () => {
    other.close();
    await once(other, 'close');
  });

  it('names the port and the variable of every taken port, all at once', async () => {
    const env = { RUNNER_PORT: taken, NATS_PORT: taken, GATEWAY_PORT: '0' };

    const choice = choosePorts(['gateway', 'runner', 'nats'], env);

    await expect(choice).rejects.toThrow(
      new RegExp(`Port ${taken} for runner is taken.*RUNNER_PORT=0.*\nPort ${taken} for nats is taken.*NATS_PORT`),
    );
  });

  it('gives every name that asks for 0 a port of its own', async () => {
    const ports = await choosePorts(['runner', 'calls', 'nats'], { RUNNER_PORT: '0', CALLS_PORT: '0', NATS_PORT: '0' });

    expect(new Set(Object.values(ports)).size).toBe(3);
    expect(Object.values(ports)).not.toContain(0);
  });

  it('refuses what is not a port, naming the variable', async () => {
    await expect(choosePorts(['runner'], { RUNNER_PORT: '70760' })).rejects.toThrow('RUNNER_PORT is "70760"');
  });
});
