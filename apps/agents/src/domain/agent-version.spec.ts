import { describe, expect, it } from '@jest/globals';
import type { AgentFunction, Speech } from '@patchbay/contracts/agents';
import { requireSound, STATES, statesBefore, type VersionState } from './agent-version.ts';

const ALLOWED = new Set(['draft → deployed', 'deployed → deployed', 'retired → deployed', 'deployed → retired']);
const PAIRS = STATES.flatMap((from) => STATES.map((to): [VersionState, VersionState] => [from, to]));

describe('the states of a version', () => {
  it.each(PAIRS)('know whether %s may become %s', (from, to) => {
    expect(statesBefore(to).includes(from)).toBe(ALLOWED.has(`${from} → ${to}`));
  });

  it('never lead back to a draft', () => {
    expect(statesBefore('draft')).toEqual([]);
  });
});

const SPEECH = { language: 'en', region: 'US', timeZone: 'UTC' } as const;
const refusal = (...fields: object[]) => expect.objectContaining({ code: 'invalid_arguments', details: { fields } });

/** What is wrong with a version of these functions; throws nothing when it is sound. */
const checked = (functions: AgentFunction[], speech: Speech = SPEECH) => () => requireSound({ functions, speech });

describe('the functions of a version', () => {
  const named = (...names: string[]) => names.map((name) => ({ name, toolId: 'tool_1' }));

  it('may share a tool', () => {
    expect(checked(named('check_order', 'track_order'))).not.toThrow();
  });

  it('are refused when two have the same name, naming each repeat', () => {
    expect(checked(named('a', 'b', 'a', 'a'))).toThrow(
      refusal(
        { path: 'functions.2.name', problem: 'is the name of functions.0 too' },
        { path: 'functions.3.name', problem: 'is the name of functions.0 too' },
      ),
    );
  });

  it('are refused when a parameter is static and bound', () => {
    const one = { name: 'a', toolId: 'tool_1', static: { shop: 'A' }, bound: { shop: 'shop', caller: 'callerNumber' } };

    expect(checked([one])).toThrow(refusal({ path: 'functions.0.bound.shop', problem: 'is static too' }));
  });

  it('are refused when the origin that they give a parameter is not allowed', () => {
    const origins = { shop: ['caller'], phone: ['caller', 'variable'], note: ['caller'] } as AgentFunction['origins'];
    const one = { name: 'a', toolId: 'tool_1', static: { shop: 'A' }, bound: { phone: 'callerNumber' }, origins };

    expect(checked([one])).toThrow(
      refusal({ path: 'functions.0.origins.shop', problem: 'does not allow the origin that static or bound gives it' }),
    );
  });

  it('need no connection when they are of the call itself', () => {
    const one = { name: 'hang_up', callControl: { action: 'end_call' }, connectionId: 'conn_1' } as const;

    expect(checked([one])).toThrow(refusal({ path: 'functions.0.connectionId', problem: expect.any(String) }));
  });

  it('are refused when a transfer leads nowhere', () => {
    const target = { name: 'desk', kind: 'phone', to: '0800 desk', ringSeconds: 20 } as const;
    const callControl = { action: 'transfer', mode: 'cold', hunt: false, targets: [target] } as const;

    expect(checked([{ name: 'a', callControl: { ...callControl, targets: [target] } }])).toThrow(
      refusal({ path: 'functions.0.callControl.targets.0.to', problem: 'is not a number in E.164 like +15555550100' }),
    );
  });
});

describe('the speech of a version', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/New_York'])('may be in the time zone %s', (timeZone) => {
    expect(checked([], { ...SPEECH, timeZone })).not.toThrow();
  });

  it('is refused in a time zone that does not exist', () => {
    expect(checked([], { ...SPEECH, timeZone: 'Europe/Atlantis' })).toThrow(
      refusal({ path: 'speech.timeZone', problem: 'is not the name of a time zone like Europe/Berlin' }),
    );
  });
});
