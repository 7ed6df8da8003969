import { UnreadableInput } from './parsed-json.ts';

/** The common form of a recorded conversation, whatever format it was read from. */
export interface Recording {
  format: 'sgd' | 'airline';
  /** What the agent is told, as far as it was recorded. */
  instructions: string;
  tools: RecordedTool[];
  conversations: Conversation[];
}

export interface Conversation {
  /** Unique in the recording; printable without spaces, because it becomes part of turn ids. */
  name: string;
  steps: Step[];
}

export type Step = RecordedTurn | RecordedCall;

export interface RecordedTurn {
  kind: 'turn';
  role: 'caller' | 'agent';
  text: string;
}

/** A function call of the agent; it belongs to the caller's last turn before it. */
export interface RecordedCall {
  kind: 'call';
  /** As recorded, or null; the recorded ones repeat inside one conversation. */
  recordedId: string | null;
  tool: string;
  arguments: Record<string, unknown>;
  answer: RecordedAnswer;
  /** Set where the write is tried twice around a read-back: before it, and after the caller has answered. */
  consent?: { stage: 'asked' | 'answered'; said: 'yes' | 'no' };
}

/** What the provider answered: the body as text, with its status and type. */
export interface RecordedAnswer {
  status: 200 | 422;
  contentType: 'application/json' | 'text/plain';
  body: string;
}

export type EffectClass = 'read' | 'write.reversible' | 'write.irreversible' | 'message';

export interface RecordedTool {
  name: string;
  description: string;
  effect: EffectClass;
  method: 'GET' | 'POST';
  parameters: ObjectSchema;
  /** The caller's yes is needed. */
  confirmed?: boolean;
}

/** The part of JSON Schema that the recordings need. */
export interface ObjectSchema {
  type: 'object';
  properties: Record<string, ValueSchema>;
  required: string[];
  additionalProperties: false;
}
export type ValueSchema =
  | ObjectSchema
  | { type: 'array'; items?: ValueSchema }
  | { type: ScalarType | ScalarType[]; description?: string; enum?: string[] };
export type ScalarType = 'string' | 'number' | 'integer' | 'boolean' | 'null';

/** Reads go out as GET with a query where every argument fits into one; everything else is a POST with a JSON body. */
export function methodFor(effect: EffectClass, parameters: ObjectSchema): 'GET' | 'POST' {
  const scalars = Object.values(parameters.properties).every(({ type }) => type !== 'object' && type !== 'array');
  return effect === 'read' && scalars ? 'GET' : 'POST';
}

export function countSteps(conversations: Conversation[]): { turns: number; invocations: number } {
  const steps = conversations.flatMap((conversation) => conversation.steps);
  const turns = steps.filter(({ kind }) => kind === 'turn').length;
  return { turns, invocations: steps.length - turns };
}

/** Checks what the player relies on and no format guarantees by itself. */
export function requirePlayable(recording: Recording): Recording {
  const names = new Set<string>();
  for (const { name, steps } of recording.conversations) {
    if (names.has(name)) throw new UnreadableInput(name, 'two conversations have this name');
    names.add(name);
    const firstCall = steps.findIndex(({ kind }) => kind === 'call');
    const firstCaller = steps.findIndex((step) => step.kind === 'turn' && step.role === 'caller');
    if (firstCall >= 0 && (firstCaller < 0 || firstCall < firstCaller)) {
      throw new UnreadableInput(name, 'a function is called before the caller has said anything');
    }
  }
  if (names.size === 0) throw new UnreadableInput(recording.format, 'there is no conversation in it');
  return recording;
}
