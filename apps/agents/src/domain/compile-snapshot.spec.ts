import { describe, expect, it } from '@jest/globals';
import { AgentSnapshot, FunctionSnapshot, type AgentFunction } from '@patchbay/contracts/agents';
import type { Tool } from '@patchbay/contracts/catalog';
import { RulesOfCalls } from '../outside/rules-of-calls.ts';
import { compileSnapshot, type SnapshotParts } from './compile-snapshot.ts';

const aTool: Tool = {
  toolId: 'tool_orders',
  version: 3,
  name: 'Orders',
  description: 'Looks an order up.',
  effect: 'read',
  parameters: { type: 'object', properties: { z: { type: 'string' }, a: { type: 'string' } } },
  http: { method: 'GET', url: 'https://example.com/orders' },
  timeoutMs: 2_000,
  createdAt: '2026-11-01T00:00:00.000Z',
};
const SPEECH = { language: 'de', region: 'DE', timeZone: 'Europe/Berlin' } as const;

function parts(functions: AgentFunction[], instructions = 'Be brief.'): SnapshotParts {
  return {
    organizationId: 'org_1',
    agentName: 'Front desk',
    version: {
      versionId: 'ver_1',
      agentId: 'agt_1',
      number: 1,
      state: 'draft',
      instructions,
      functions,
      speech: SPEECH,
      turnBudgetMs: 8_000,
      maxDurationMs: 3_600_000,
      inactivity: { checkInAfterMs: 10_000, maxCheckIns: 2, endAfterMs: 30_000 },
      createdAt: '2026-11-01T00:00:00.000Z',
    },
    tools: new Map([[aTool.toolId, aTool]]),
    connections: new Map([['conn_1', { origins: [] }]]),
    agents: new Set(['agt_2', 'Billing']),
    rules: new RulesOfCalls(),
    newFunctionId: () => 'fn_1',
  };
}

describe('a compiled version', () => {
  it('holds all that a call needs of its tools, and nothing outside the contract', () => {
    const snapshot = compileSnapshot(parts([{ name: 'check_order', toolId: 'tool_orders', connectionId: 'conn_1' }]));

    expect(AgentSnapshot.strict().parse(snapshot)).toEqual(snapshot);
    expect(snapshot.speech).toEqual(SPEECH);
    expect(snapshot.functions).toEqual([
      {
        functionId: 'fn_1',
        name: 'check_order',
        description: 'Looks an order up.',
        parameters: aTool.parameters,
        schema: aTool.parameters,
        effect: 'read',
        toolId: 'tool_orders',
        toolVersion: 3,
        http: aTool.http,
        timeoutMs: 2_000,
        connectionId: 'conn_1',
      },
    ]);
  });

  it("describes a function in the version's own words where it has them", () => {
    const snapshot = compileSnapshot(
      parts([{ name: 'check_order', toolId: 'tool_orders', description: 'Ask for the number first.' }]),
    );

    expect(snapshot.functions[0]).toMatchObject({ description: 'Ask for the number first.', connectionId: null });
  });

  it('carries the rules of the tool and those of the function', () => {
    const rules = {
      expectedMs: 1_500,
      response: { pick: ['order.status'], say: 'It is {{ result.order.status }}.' },
      idempotency: { strategy: 'upsert' },
      limits: { perMinute: 60 },
    } as const;
    const own = {
      confirmation: { readBack: 'Order {{ arguments.z }}?', expiresAfterMs: 60_000 },
      speak: { waiting: ['One moment.'], afterMs: 500 },
      static: { a: 'fixed' },
      origins: { z: ['caller'] as ['caller'] },
      mock: { result: { order: { status: 'on its way' } } },
    };
    const made = parts([{ name: 'check_order', toolId: 'tool_orders', ...own }]);
    const tools = new Map([[aTool.toolId, { ...aTool, ...rules, response: { ...rules.response, pick: [...rules.response.pick] } }]]);

    const [compiled] = compileSnapshot({ ...made, tools }).functions;

    expect(FunctionSnapshot.strict().parse(compiled)).toEqual(compiled);
    expect(compiled).toMatchObject({ ...rules, ...own, schema: aTool.parameters, timeoutMs: 2_000 });
    expect(compiled?.parameters).toEqual({ type: 'object', properties: { z: { type: 'string' } } });
  });

  it('holds a function of the call without a request', () => {
    const targets = [{ name: 'billing', kind: 'agent', to: 'Billing', ringSeconds: 20 } as const];
    const callControl = { action: 'transfer', mode: 'warm', hunt: false, targets } as const;

    const [compiled] = compileSnapshot(parts([{ name: 'to_billing', callControl: { ...callControl, targets } }])).functions;

    expect(FunctionSnapshot.strict().parse(compiled)).toEqual(compiled);
    expect(compiled).toEqual({
      functionId: 'fn_1',
      name: 'to_billing',
      description: 'Transfers the call to billing.',
      effect: 'call_control',
      toolId: 'call_transfer',
      toolVersion: 1,
      timeoutMs: 30_000,
      parameters: { type: 'object', properties: {}, additionalProperties: false },
      schema: { type: 'object', properties: {}, additionalProperties: false },
      callControl,
      connectionId: null,
    });
  });

  it('is refused when a call would be handed to an agent that does not exist', () => {
    const targets = ['agt_2', 'Billing', 'Nobody'].map((to) => ({ name: to, kind: 'agent' as const, to, ringSeconds: 20 }));
    const callControl = { action: 'transfer', mode: 'cold', hunt: false, targets } as const;

    expect(() => compileSnapshot(parts([{ name: 'hand_over', callControl: { ...callControl, targets } }]))).toThrow(
      expect.objectContaining({
        code: 'failed_precondition',
        details: { fields: [{ path: 'functions.0.callControl.targets.2.to', problem: 'Nobody does not exist' }] },
      }),
    );
  });

  it('is refused when the rules of a function do not fit its tool', () => {
    expect(() => compileSnapshot(parts([{ name: 'check_order', toolId: 'tool_orders', bound: { phone: 'callerNumber' } }]))).toThrow(
      expect.objectContaining({
        code: 'failed_precondition',
        details: { fields: [{ path: 'functions.0.bound.phone', problem: 'is not a parameter of the function' }] },
      }),
    );
  });

  it('is refused with the path of everything that is missing', () => {
    const functions = [
      { name: 'check_order', toolId: 'tool_orders', connectionId: 'conn_gone' },
      { name: 'refund', toolId: 'tool_gone', connectionId: 'conn_1' },
    ];

    expect(() => compileSnapshot(parts(functions))).toThrow(
      expect.objectContaining({
        code: 'failed_precondition',
        details: {
          fields: [
            { path: 'functions.0.connectionId', problem: 'conn_gone does not exist' },
            { path: 'functions.1.toolId', problem: 'tool_gone does not exist' },
          ],
        },
      }),
    );
  });

  it('is refused when a tool leads where the account of its function may not be used', () => {
    const verified: Tool = { ...aTool, verify: { http: { method: 'GET', url: 'https://other.example.com/orders' }, done: 'status == 200' } };
    const deploy = (origins: string[]) => () =>
      compileSnapshot({
        ...parts([{ name: 'check_order', toolId: 'tool_orders', connectionId: 'conn_1' }]),
        tools: new Map([[aTool.toolId, verified]]),
        connections: new Map([['conn_1', { origins }]]),
      });

    expect(deploy(['https://example.com'])).toThrow(
      expect.objectContaining({
        code: 'failed_precondition',
        details: { fields: [{ path: 'functions.0.connectionId', problem: 'may not be used for https://other.example.com' }] },
      }),
    );
    expect(deploy(['https://example.com', 'https://*.example.com'])).not.toThrow();
    expect(deploy([])).not.toThrow();
  });

  it('is refused when no message could carry it', () => {
    expect(() => compileSnapshot(parts([], 'x'.repeat(1_000_001)))).toThrow(
      expect.objectContaining({
        code: 'failed_precondition',
        details: { fields: [expect.objectContaining({ path: 'functions' })] },
      }),
    );
  });
});
