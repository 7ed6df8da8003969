import { describe, expect, it } from '@jest/globals';
import type { EventContract, Rpc } from './define.ts';
import { ERROR_STATUS } from './errors.ts';
import { jsonSchemas } from './json-schemas.ts';
import { EVENTS, REQUESTS } from './surface.ts';

const requests = Object.entries(REQUESTS).flatMap(([group, operations]) =>
  Object.entries(operations as Record<string, Rpc>).map(([name, contract]) => ({
    group,
    name: `${group}.${name}`,
    contract,
  })),
);
const events = Object.entries(EVENTS).flatMap(([group, operations]) =>
  Object.entries(operations as Record<string, EventContract>).map(([name, contract]) => ({
    group,
    name: `${group}.${name}`,
    contract,
  })),
);
const betweenServices = requests.filter(({ group }) => group !== 'edge');

describe('subjects', () => {
  it('are unique', () => {
    const subjects = [...requests, ...events].map(({ contract }) => contract.subject);

    expect(new Set(subjects).size).toBe(subjects.length);
  });

  it.each(betweenServices)('of requests are <service>.v<n>.<verb>: $name', ({ group, contract }) => {
    expect(contract.subject).toMatch(new RegExp(`^${group}\\.v[1-9][0-9]*\\.[a-z]+(_[a-z]+)*$`));
  });

  it.each(events)('of events are <service>.v<n>.<noun>.<past tense>: $name', ({ group, contract }) => {
    expect(contract.subject).toMatch(new RegExp(`^${group}\\.v[1-9][0-9]*\\.[a-z]+(_[a-z]+)*\\.[a-z]+ed$`));
  });

  it.each(betweenServices)('end in the name of the operation: $name', ({ name, contract }) => {
    const verb = name.split('.')[1] ?? '';

    expect(contract.subject.split('.')[2]).toBe(verb.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  });
});

describe('summaries', () => {
  it.each([...requests, ...events])('are one sentence that ends in a full stop: $name', ({ contract }) => {
    expect(contract.summary).toMatch(/^[A-Z][^.!?\n]{8,}\.$/);
  });
});

describe('errors', () => {
  const alwaysPossible = ['invalid_arguments', 'internal', 'unavailable', 'deadline_exceeded'];

  it.each(requests)(
    'that an operation declares exist, and are not those that are always possible: $name',
    ({ contract }) => {
      expect(Object.keys(ERROR_STATUS)).toEqual(expect.arrayContaining([...contract.errors]));
      expect(contract.errors.filter((code) => alwaysPossible.includes(code))).toEqual([]);
      expect(new Set(contract.errors).size).toBe(contract.errors.length);
    },
  );
});

describe('schemas', () => {
  const named = [
    ...requests.flatMap(({ name, contract }) => [
      { name: `${name} request`, schema: contract.input },
      { name: `${name} reply`, schema: contract.output },
    ]),
    ...events.map(({ name, contract }) => ({ name: `${name} event`, schema: contract.payload })),
  ];

  it.each(named)('are JSON Schema in both directions: $name', ({ schema }) => {
    expect(jsonSchemas({ Message: schema }, 'input')).toHaveProperty('Message');
    expect(jsonSchemas({ Message: schema }, 'output')).toHaveProperty('Message');
  });

  it.each(requests)('of requests and replies are objects, so that a field can be added: $name', ({ contract }) => {
    expect(jsonSchemas({ Message: contract.input }, 'input')).toMatchObject({ Message: { type: 'object' } });
    expect(jsonSchemas({ Message: contract.output }, 'output')).toMatchObject({ Message: { type: 'object' } });
  });
});

/** Every property name anywhere in a JSON Schema. */
function propertyNames(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { properties?: object };
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(propertyNames)];
}

describe('secrets', () => {
  /** Fields of replies that carry one on purpose, and why. */
  const ALLOWED: Record<string, string> = {
    ...Object.fromEntries(
      ['createTool', 'updateTool', 'getTool', 'listTools'].map((name) => [`catalog.${name} headers`, 'fixed headers without a secret, as their builder wrote them']),
    ),
    ...Object.fromEntries(
      requests
        .filter(({ contract }) => propertyNames(jsonSchemas({ Message: contract.output }, 'output')).includes('authorizationUrl'))
        .flatMap(({ name }) => ['authorizationUrl', 'authorizationParameters', 'tokenUrl'].map((field) => [`${name} ${field}`, 'where a provider is asked, and for what'])),
    ),
    'credentials.createOrganization apiKey': 'shown once, at creation',
    'credentials.createApiKey apiKey': 'shown once, at creation',
    'credentials.rotateApiKey apiKey': 'shown once, at creation',
    'credentials.listApiKeys apiKeys': 'a list of keys as they are shown, without what opens anything',
    'credentials.completeSignIn token': 'the session of whoever has just signed in, for the cookie',
    'credentials.renewEdge credentials': 'shown once, at creation',
    'credentials.rotateSecret secret': 'shown once, when it was made here; sealed for whoever asked',
    'credentials.resolveSigningSecrets signingSecrets': 'what a webhook must be signed with; empty when they are sealed',
    'credentials.createEdge credentials': 'shown once, at creation',
    'credentials.createSigningSecret secret': 'shown once, at creation',
    'workflows.createWebhook secret': 'shown once, at creation',
    'credentials.resolveConnection headers': 'what the runner must place into the request to the provider',
    'credentials.resolveConnection signingSecrets': 'what the runner must sign the request to the provider with',
  };
  const SECRET_NAME = /secret|token|passw|credential|authorization|api_?key(?!_?id)|private_?key|seed|^headers$/i;

  const replies = [
    ...requests.map(({ name, contract }) => ({ name, schema: contract.output })),
    ...events.map(({ name, contract }) => ({ name, schema: contract.payload })),
  ];
  const found = replies.flatMap(({ name, schema }) =>
    propertyNames(jsonSchemas({ Message: schema }, 'output'))
      .filter((field) => SECRET_NAME.test(field))
      .map((field) => `${name} ${field}`),
  );

  it('stand in no reply and no event but where they must', () => {
    expect([...new Set(found)].sort()).toEqual(Object.keys(ALLOWED).sort());
  });

  it('are found wherever they stand in a schema', () => {
    const nested = {
      anyOf: [{ type: 'array', items: { properties: { deep: { properties: { apiKey: {}, apiKeyId: {} } } } } }],
    };

    expect(propertyNames(nested).filter((field) => SECRET_NAME.test(field))).toEqual(['apiKey']);
  });
});
