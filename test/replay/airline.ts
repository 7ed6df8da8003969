import { methodFor } from './conversation.ts';
import type {
  Conversation,
  EffectClass,
  RecordedAnswer,
  RecordedCall,
  RecordedTool,
  Recording,
  Step,
} from './conversation.ts';
import { observedObject } from './observed-schema.ts';
import { ParsedJson, UnreadableInput } from './parsed-json.ts';

/** Reads conversations of OpenAI-format messages: a list of `{ task_id, trial, traj: [message] }`. */
export function readAirline(files: ParsedJson[]): Recording {
  const recorded = files.flatMap((file) => file.items());
  const conversations = recorded.map(readConversation);
  const calls = conversations.flatMap(({ steps }) => steps).filter((step) => step.kind === 'call');
  const names = [...new Set(calls.map(({ tool }) => tool))].sort();
  const tools = names.map((name) =>
    buildTool(
      name,
      calls.filter(({ tool }) => tool === name),
    ),
  );
  return { format: 'airline', instructions: instructionsOf(recorded), tools, conversations };
}

function instructionsOf(recorded: ParsedJson[]): string {
  const messages = recorded[0]?.at('traj').items() ?? [];
  const system = messages.find((message) => message.at('role').string() === 'system');
  return system?.at('content').string() ?? 'You are the agent of an airline.';
}

function readConversation(recorded: ParsedJson): Conversation {
  const messages = recorded.at('traj').items();
  const steps = messages.flatMap((message, index) => readMessage(message, messages.slice(index + 1)));
  return { name: `task_${label(recorded, 'task_id')}_trial_${label(recorded, 'trial')}`, steps };
}

function label(recorded: ParsedJson, key: string): string {
  const { value, place } = recorded.at(key);
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  throw new UnreadableInput(place, 'is neither a number nor a text');
}

function readMessage(message: ParsedJson, rest: ParsedJson[]): Step[] {
  const role = message.at('role').string();
  if (role === 'system' || role === 'tool') return [];
  if (role !== 'user' && role !== 'assistant') throw new UnreadableInput(message.place, `the role is ${role}`);
  const text = message.has('content') ? message.at('content').string() : '';
  const turn: Step[] = text === '' ? [] : [{ kind: 'turn', role: role === 'user' ? 'caller' : 'agent', text }];
  if (!message.has('tool_calls')) return turn;
  const end = rest.findIndex((later) => later.at('role').string() !== 'tool');
  const answers = rest.slice(0, end < 0 ? rest.length : end);
  return [
    ...turn,
    ...message
      .at('tool_calls')
      .items()
      .map((call) => readCall(call, answers)),
  ];
}

function readCall(call: ParsedJson, answers: ParsedJson[]): RecordedCall {
  const recordedId = call.at('id').string();
  const answer = answers.find((message) => message.at('tool_call_id').string() === recordedId);
  if (!answer) throw new UnreadableInput(call.place, `no tool message answers ${recordedId}`);
  const called = call.at('function');
  const text = called.at('arguments');
  return {
    kind: 'call',
    recordedId,
    tool: called.at('name').string(),
    arguments: ParsedJson.parse(text.string(), text.place).record(),
    answer: readAnswer(answer.at('content').string()),
  };
}

const ERROR_PREFIX = 'Error:';

function readAnswer(content: string): RecordedAnswer {
  if (content.startsWith(ERROR_PREFIX)) {
    const error = content.slice(ERROR_PREFIX.length).trim();
    return { status: 422, contentType: 'application/json', body: JSON.stringify({ error }) };
  }
  return { status: 200, contentType: isJson(content) ? 'application/json' : 'text/plain', body: content };
}

function isJson(content: string): boolean {
  try {
    JSON.parse(content);
    return true;
  } catch {
    return false; // the recording holds sentences beside JSON, and only trying tells them apart
  }
}

const EFFECTS: [RegExp, EffectClass][] = [
  [/^(get|search|list)_|^(calculate|think)$/, 'read'],
  [/^transfer_to_human_agents$/, 'message'],
  [/^(book|update)_/, 'write.reversible'],
];

/** The recording does not say what a call does in the world; a name that tells nothing gets the class that is never repeated. */
export function effectOf(name: string): EffectClass {
  return EFFECTS.find(([names]) => names.test(name))?.[1] ?? 'write.irreversible';
}

function buildTool(name: string, calls: RecordedCall[]): RecordedTool {
  const parameters = observedObject(calls.map((call) => call.arguments));
  const effect = effectOf(name);
  const words = name.replaceAll('_', ' ');
  const description = `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}, as recorded.`;
  return { name, description, effect, method: methodFor(effect, parameters), parameters };
}
