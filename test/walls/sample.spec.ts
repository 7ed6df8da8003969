import { describe, expect, it } from '@jest/globals';
import { jsonSchemas } from '@patchbay/contracts/json-schemas';
import { REQUESTS } from '@patchbay/contracts/surface';
import type { Rpc } from '@patchbay/contracts/define';
import { Sampler, type Schema } from './sample.ts';

const things = {
  organization: 'org_a',
  edge: 'edge_a',
  connection: 'conn_a',
  apiKey: 'key_a',
  person: 'per_a',
  webhook: 'wh_a',
  tool: 'tool_a',
  agent: 'agt_a',
  version: 'ver_a',
  session: 'ses_a',
  invocation: 'inv_a',
};
const sampler = new Sampler(things, { Reference: { type: 'object', properties: { toolId: { type: 'string' } } } });

describe('a sample message', () => {
  it('has what is required, and every id that it may have', () => {
    const schema: Schema = {
      type: 'object',
      required: ['name', 'functions'],
      properties: {
        name: { type: 'string', minLength: 1 },
        colour: { type: 'string' },
        connectionId: { type: 'string', pattern: '^conn_[a-z0-9]{1,64}$' },
        functions: { type: 'array', items: { $ref: '#/components/schemas/Reference' } },
        connectionIds: { type: 'array', items: { type: 'string' } },
      },
    };

    expect(sampler.sample(schema)).toEqual({ name: 'sweep', connectionId: 'conn_a', functions: [{ toolId: 'tool_a' }], connectionIds: ['conn_a'] });
  });

  it('knows an id by its form where the name of its field does not tell', () => {
    expect(sampler.sample({ type: 'string', pattern: '^ver_[a-z0-9]{1,64}$' }, 'from')).toBe('ver_a');
  });

  it('is not made up for a form that no text is known for', () => {
    expect(() => sampler.sample({ type: 'string', pattern: '^[0-9]{3}-[a-z]$' }, 'code')).toThrow('the field code');
  });

  // These are asked with one of several proofs, and with nothing of an organization's.
  const contracts = Object.entries(REQUESTS)
    .flatMap(([group, all]) => Object.entries(all as Record<string, Rpc>).map(([name, contract]) => ({ group, name: `${group}.${name}`, contract })))
    .filter(({ name }) => !['credentials.identify', 'credentials.endSignIn'].includes(name));

  it.each(contracts)('for $name is one that it takes', ({ contract }) => {
    const { asked, ...components } = jsonSchemas({ asked: contract.input }, 'input') as Record<string, Schema>;

    expect(contract.input.safeParse(new Sampler(things, components).sample(asked!))).toMatchObject({ success: true });
  });
});
