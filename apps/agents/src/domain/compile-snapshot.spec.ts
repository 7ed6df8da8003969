import { describe, expect, it } from '@jest/globals';
import { AgentSnapshot, type AgentFunction } from '@patchbay/contracts/agents';
import type { Tool } from '@patchbay/contracts/catalog';
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
      turnBudgetMs: 8_000,
      maxDurationMs: 3_600_000,
      inactivity: { checkInAfterMs: 10_000, maxCheckIns: 2, endAfterMs: 30_000 },
      createdAt: '2026-11-01T00:00:00.000Z',
    },
    tools: new Map([[aTool.toolId, aTool]]),
    connections: new Set(['conn_1']),
    newFunctionId: () => 'fn_1',
  };
}

describe('a compiled version', () => {
  it('holds all that a call needs of its tools, and nothing outside the contract', () => {
    const snapshot = compileSnapshot(parts([{ name: 'check_order', toolId: 'tool_orders', connectionId: 'conn_1' }]));

    expect(AgentSnapshot.strict().parse(snapshot)).toEqual(snapshot);
    expect(snapshot.functions).toEqual([
      {
        functionId: 'fn_1',
        name: 'check_order',
        description: 'Looks an order up.',
        parameters: aTool.parameters,
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

  it('is refused when no message could carry it', () => {
    expect(() => compileSnapshot(parts([], 'x'.repeat(1_000_001)))).toThrow(
      expect.objectContaining({
        code: 'failed_precondition',
        details: { fields: [expect.objectContaining({ path: 'functions' })] },
      }),
    );
  });
});
