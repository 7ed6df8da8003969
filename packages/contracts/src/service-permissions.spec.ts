import { describe, expect, it } from '@jest/globals';
import { credentials } from './credentials.ts';
import type { EventContract, Rpc } from './define.ts';
import { edgePermissions } from './edge.ts';
import { httpEdgeInbox, SERVICE_ACCESS, SERVICE_NAMES, servicePermissions, type ServiceAccess, type ServiceName } from './service-permissions.ts';
import { EVENTS, REQUESTS } from './surface.ts';

const rows = SERVICE_NAMES.map((name) => ({ name, row: SERVICE_ACCESS[name] as ServiceAccess }));
const requests = Object.entries(REQUESTS).flatMap(([group, operations]) =>
  Object.values(operations as Record<string, Rpc>).map((contract) => ({ group, subject: contract.subject, contract })),
);
const events = Object.entries(EVENTS).flatMap(([group, all]) =>
  Object.values(all as Record<string, EventContract>).map((contract) => ({ group, subject: contract.subject, contract })),
);
const whoAsks = (contract: Rpc) => rows.filter(({ row }) => row.asks?.includes(contract)).map(({ name }) => name);

describe('every request', () => {
  it.each(requests)('has one service that answers it, whose name it bears: $subject', ({ group, contract }) => {
    const answering = rows.filter(({ row }) => row.answers?.includes(contract)).map(({ name }) => name as string);

    expect(answering).toHaveLength(1);
    if (group !== 'edge') expect(answering).toEqual([group]);
  });

  it.each(requests.filter(({ group }) => group !== 'edge'))('has somebody who asks it: $subject', ({ contract }) => {
    expect(whoAsks(contract)).not.toEqual([]);
  });

  it('that carries a secret out is asked by the one service that needs it', () => {
    expect(whoAsks(credentials.resolveConnection)).toEqual(['runner']);
    expect(whoAsks(credentials.reportUse)).toEqual(['runner']);
    expect(whoAsks(credentials.ensureChecked)).toEqual(['runner']);
    expect(whoAsks(credentials.resolveSigningSecrets)).toEqual(['workflows']);
    expect(whoAsks(credentials.identify)).toEqual(['gateway']);
    expect(whoAsks(credentials.completeSignIn)).toEqual(['gateway']);
  });
});

describe('every event', () => {
  it.each(events)('is emitted by the service whose name it bears, and consumed or heard by another: $subject', ({ group, contract }) => {
    expect(rows.filter(({ row }) => row.emits?.includes(contract)).map(({ name }) => name)).toEqual([group]);
    expect(rows.filter(({ row }) => row.consumes?.includes(contract) || row.hears?.includes(contract))).not.toEqual([]);
  });
});

describe('every bucket', () => {
  const buckets = [...new Set(rows.flatMap(({ row }) => [...(row.writes ?? []), ...(row.reads ?? [])]))];

  it.each(buckets)('has one writer, and readers: %s', (bucket) => {
    expect(rows.filter(({ row }) => row.writes?.includes(bucket))).toHaveLength(1);
    expect(rows.filter(({ row }) => row.reads?.includes(bucket))).not.toEqual([]);
  });
});

describe('the permissions of a service', () => {
  it.each(SERVICE_NAMES)('say nothing of everything: %s', (name) => {
    const { publish, subscribe } = servicePermissions(name);
    const firstTwoParts = [...publish, ...subscribe].map((subject) => subject.split('.').slice(0, 2).join('.'));

    expect(firstTwoParts.filter((start) => start.includes('>') && !start.startsWith('_INBOX_'))).toEqual([]);
    expect(firstTwoParts.filter((start) => start.startsWith('*'))).toEqual(name === 'gateway' ? ['*.gateway'] : []);
    expect(publish.filter((subject) => /STREAM\.(UPDATE|DELETE|PURGE)/.test(subject))).toEqual([]);
  });

  it('let only those answer at a reply subject they were given that answer edges', () => {
    expect(SERVICE_NAMES.filter((name) => servicePermissions(name).responds)).toEqual(['calls', 'runner'] satisfies ServiceName[]);
  });

  it('bind what is answered to the queue group of the service', () => {
    expect(servicePermissions('catalog').subscribe).toEqual(['_INBOX_catalog.>', 'catalog.v1.* catalog']);
  });

  it('let the gateway be answered inside the inbox of the edge it speaks for', () => {
    const [own] = edgePermissions('org_a', 'edge_1').subscribe;

    expect(own).toBe('_INBOX_edge_1.>');
    expect(httpEdgeInbox('edge_1')).toBe('_INBOX_edge_1.gateway');
    expect(servicePermissions('gateway').subscribe).toContain('*.gateway.*');
  });
});
