import { z } from 'zod';
import { ActionRules, HttpRequestTemplate } from './action.ts';
import { rpc } from './define.ts';
import { idOf, Name, OrganizationScope, Timestamp } from './identity.ts';
import { EffectClass } from './outcome.ts';

export const ToolDefinition = ActionRules.extend({
  name: Name,
  description: z.string().min(1).max(4000),
  effect: EffectClass.exclude(['call_control']),
  /** JSON Schema (draft 2020-12) of the arguments, `type: object`. */
  parameters: z.record(z.string(), z.unknown()),
  http: HttpRequestTemplate,
});
export type ToolDefinition = z.infer<typeof ToolDefinition>;

/** An action the organization made itself; a version never changes once it is made. */
export const Tool = ToolDefinition.extend({
  toolId: idOf('tool'),
  version: z.int().min(1),
  createdAt: Timestamp,
}).meta({ id: 'Tool' });
export type Tool = z.infer<typeof Tool>;

/** What can be done: the actions of providers and the organization's own tools. */
export const catalog = {
  createTool: rpc('catalog.v1.create_tool', {
    summary: 'Create an HTTP tool, version 1.',
    input: OrganizationScope.extend(ToolDefinition.shape),
    output: Tool,
    errors: ['conflict'],
  }),
  updateTool: rpc('catalog.v1.update_tool', {
    summary: 'Publish the next version of a tool; deployed agents keep the version they have.',
    input: OrganizationScope.extend({ toolId: idOf('tool'), ...ToolDefinition.shape }),
    output: Tool,
    errors: ['not_found', 'conflict'],
  }),
  getTool: rpc('catalog.v1.get_tool', {
    summary: 'Return a tool at a version, the newest one unless told.',
    input: OrganizationScope.extend({ toolId: idOf('tool'), version: z.coerce.number().int().min(1).optional() }),
    output: Tool,
    errors: ['not_found'],
  }),
  listTools: rpc('catalog.v1.list_tools', {
    summary: 'List the tools of the organization at their newest version.',
    input: OrganizationScope,
    output: z.object({ tools: z.array(Tool) }),
  }),
};
