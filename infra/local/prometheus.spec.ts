import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PORTS } from './ports.ts';
import { SERVICES } from './services.ts';

const SCRAPES = readFileSync(new URL('../prometheus/prometheus.yml', import.meta.url), 'utf8');

describe('the configuration for Prometheus', () => {
  it('scrapes every service at its default port', () => {
    const targets = [...SCRAPES.matchAll(/targets: \['127\.0\.0\.1:(\d+)'\], labels: \{ service: (\w+) \}/g)].map(([, port, name]) => [name, Number(port)]);

    expect(targets.toSorted()).toEqual(SERVICES.map(({ name }) => [name, PORTS[name as keyof typeof PORTS]]).toSorted());
  });
});
