import { z } from 'zod';
import { ActionRules, FunctionRules, HttpRequestTemplate } from './action.ts';
import { CallControl } from './call-control.ts';
import { rpc } from './define.ts';
import { idOf, Name, OrganizationScope, Timestamp } from './identity.ts';
import { EffectClass } from './outcome.ts';

/** A tool, or an action of the call itself, as one agent version exposes it to the model. Exactly one of `toolId` and `callControl`. */
export const AgentFunction = FunctionRules.extend({
  /** The exact name the model calls; letters, digits, `_` and `-`, as every model API allows. */
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'is not 1 to 64 letters, digits, _ or -'),
  /** The tool's own description unless given. */
  description: z.string().min(1).max(4000).optional(),
  toolId: idOf('tool').optional(),
  callControl: CallControl.optional(),
  connectionId: idOf('connection').optional(),
}).refine(({ toolId, callControl }) => (toolId === undefined) !== (callControl === undefined), {
  path: ['toolId'],
  message: 'or callControl must be given, and not both',
});
export type AgentFunction = z.infer<typeof AgentFunction>;

/** How a call with this agent behaves in time; all in milliseconds. */
export const CallLimits = z.object({
  turnBudgetMs: z.int().min(500).max(60_000).default(8_000),
  maxDurationMs: z.int().min(60_000).max(14_400_000).default(3_600_000),
  inactivity: z
    .object({ checkInAfterMs: z.int().min(1000), maxCheckIns: z.int().min(0), endAfterMs: z.int().min(1000) })
    .default({ checkInAfterMs: 10_000, maxCheckIns: 2, endAfterMs: 30_000 }),
});

export const Agent = z
  .object({
    agentId: idOf('agent'),
    name: Name,
    deployedVersionId: z.string().nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Agent' });
export type Agent = z.infer<typeof Agent>;

/** How people talk in these calls: a language of the consent judge, a country for phone numbers, a zone for times. */
export const Speech = z.object({
  language: z.enum(['en', 'es', 'de']).default('en'),
  /** ISO 3166-1 alpha-2. */
  region: z.string().regex(/^[A-Z]{2}$/, 'is not a country code like US').default('US'),
  /** IANA name. */
  timeZone: z.string().min(1).max(64).default('UTC'),
});
export type Speech = z.infer<typeof Speech>;

const VersionContent = CallLimits.extend({
  speech: Speech.prefault({}),
  instructions: z.string().max(100_000),
  functions: z.array(AgentFunction).max(100).default([]),
});

export const AgentVersion = VersionContent.extend({
  versionId: idOf('agentVersion'),
  agentId: idOf('agent'),
  number: z.int().min(1),
  state: z.enum(['draft', 'deployed', 'retired']),
  createdAt: Timestamp,
}).meta({ id: 'AgentVersion' });
export type AgentVersion = z.infer<typeof AgentVersion>;

/** A function compiled at deploy: everything the runner needs at call time, never a secret. Without `http` it is call control. */
export const FunctionSnapshot = ActionRules.extend(FunctionRules.shape).extend({
  functionId: z.string(),
  name: z.string(),
  description: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  effect: EffectClass,
  toolId: z.string(),
  toolVersion: z.int(),
  /** What the model may give is in `parameters`; this is the tool's schema with static and bound parameters, without the one that the platform fills with an id of its own. */
  schema: z.record(z.string(), z.unknown()).optional(),
  http: HttpRequestTemplate.optional(),
  callControl: CallControl.optional(),
  connectionId: z.string().nullable(),
});
export type FunctionSnapshot = z.infer<typeof FunctionSnapshot>;

/** A deployed agent version as it travels over NATS KV; immutable. Key: `<organization>.<version>`. */
export const AgentSnapshot = CallLimits.extend({
  speech: Speech.prefault({}),
  organizationId: z.string(),
  agentId: z.string(),
  agentName: z.string(),
  versionId: z.string(),
  instructions: z.string(),
  functions: z.array(FunctionSnapshot),
});
export type AgentSnapshot = z.infer<typeof AgentSnapshot>;

/** Which version of an agent takes new calls. Key: `<organization>.<agent>`. */
export const Deployment = z.object({
  organizationId: z.string(),
  agentId: z.string(),
  name: z.string(),
  versionId: z.string(),
});
export type Deployment = z.infer<typeof Deployment>;

export const AGENT_SNAPSHOT_BUCKET = 'agent_snapshots';
export const DEPLOYMENT_BUCKET = 'deployments';

/** Agents, their versions, and what is deployed. */
export const agents = {
  createAgent: rpc('agents.v1.create_agent', {
    summary: 'Create an agent without a version.',
    input: OrganizationScope.extend({ name: Name }),
    output: Agent,
    errors: ['conflict'],
  }),
  getAgent: rpc('agents.v1.get_agent', {
    summary: 'Return an agent and its versions, newest first.',
    input: OrganizationScope.extend({ agentId: idOf('agent') }),
    output: Agent.extend({ versions: z.array(AgentVersion) }),
    errors: ['not_found'],
  }),
  listAgents: rpc('agents.v1.list_agents', {
    summary: 'List the agents of the organization.',
    input: OrganizationScope,
    output: z.object({ agents: z.array(Agent) }),
  }),
  createVersion: rpc('agents.v1.create_version', {
    summary: 'Create a draft version of an agent.',
    input: OrganizationScope.extend({ agentId: idOf('agent'), ...VersionContent.shape }),
    output: AgentVersion,
    errors: ['not_found'],
  }),
  deployVersion: rpc('agents.v1.deploy_version', {
    summary: 'Compile a version and let new calls use it; the version is immutable from then on.',
    input: OrganizationScope.extend({ agentId: idOf('agent'), versionId: idOf('agentVersion') }),
    output: AgentVersion,
    errors: ['not_found', 'failed_precondition'],
  }),
};
