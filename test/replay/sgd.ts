import { methodFor } from './conversation.ts';
import type {
  Conversation,
  ObjectSchema,
  RecordedCall,
  RecordedTool,
  Recording,
  Step,
  ValueSchema,
} from './conversation.ts';
import { UnreadableInput } from './parsed-json.ts';
import type { ParsedJson } from './parsed-json.ts';

const INSTRUCTIONS = 'You help callers with the services below. Ask for what a function needs before you call it.';

/** Reads Schema-Guided Dialogue: `schema.json` and any number of `dialogues_*.json`. */
export function readSgd(schema: ParsedJson, dialogueFiles: ParsedJson[]): Recording {
  const declared = schema.items().flatMap(readService);
  const known = new Set(declared.map(({ name }) => name));
  const dialogues = dialogueFiles.flatMap((file) => file.items());
  const conversations = dialogues.map((dialogue) => readDialogue(dialogue, known));
  const tools = declared.map((action) => buildTool(action, conversations));
  return { format: 'sgd', instructions: INSTRUCTIONS, tools, conversations };
}

interface Action {
  name: string;
  description: string;
  transactional: boolean;
  required: string[];
  optional: [name: string, usual: string][];
  slots: Map<string, { description: string; values: string[] | null }>;
}

function readService(service: ParsedJson): Action[] {
  const slots = new Map(
    service
      .at('slots')
      .items()
      .map((slot) => {
        const values = slot
          .at('possible_values')
          .items()
          .map((value) => value.string());
        const categorical = slot.at('is_categorical').boolean();
        return [
          slot.at('name').string(),
          { description: slot.at('description').string(), values: categorical ? values : null },
        ];
      }),
  );
  return service
    .at('intents')
    .items()
    .map((intent) => ({
      name: actionName(service.at('service_name').string(), intent.at('name').string()),
      description: `${intent.at('description').string()}. ${service.at('description').string()}.`,
      transactional: intent.at('is_transactional').boolean(),
      required: intent
        .at('required_slots')
        .items()
        .map((name) => name.string()),
      optional: Object.entries(intent.at('optional_slots').record()).map(([name, usual]) => [name, String(usual)]),
      slots,
    }));
}

function actionName(service: string, intent: string): string {
  return `${service}_${intent}`;
}

function readDialogue(dialogue: ParsedJson, known: Set<string>): Conversation {
  const steps: Step[] = [];
  for (const turn of dialogue.at('turns').items()) {
    // A system turn's call was made before the system spoke, so it precedes the turn that carries it.
    for (const frame of turn.at('frames').items()) if (frame.has('service_call')) steps.push(readCall(frame, known));
    const speaker = turn.at('speaker').string();
    if (speaker !== 'USER' && speaker !== 'SYSTEM') throw new UnreadableInput(turn.place, `the speaker is ${speaker}`);
    steps.push({ kind: 'turn', role: speaker === 'USER' ? 'caller' : 'agent', text: turn.at('utterance').string() });
  }
  return { name: dialogue.at('dialogue_id').string(), steps };
}

function readCall(frame: ParsedJson, known: Set<string>): RecordedCall {
  const call = frame.at('service_call');
  const tool = actionName(frame.at('service').string(), call.at('method').string());
  if (!known.has(tool)) throw new UnreadableInput(call.place, `calls ${tool}, which schema.json does not declare`);
  const results = frame
    .at('service_results')
    .items()
    .map(({ value }) => value);
  return {
    kind: 'call',
    recordedId: null,
    tool,
    arguments: call.at('parameters').record(),
    answer: { status: 200, contentType: 'application/json', body: JSON.stringify({ results }) },
  };
}

function buildTool(action: Action, conversations: Conversation[]): RecordedTool {
  const calls = conversations.flatMap(({ steps }) => steps).filter((step) => step.kind === 'call');
  const recorded = calls.filter(({ tool }) => tool === action.name).map((call) => call.arguments);
  const usual = new Map(action.optional);
  const names = [...action.required, ...usual.keys()];
  const properties = names.map((name) => [name, slotSchema(action, name, usual.get(name), recorded)]);
  const parameters: ObjectSchema = {
    type: 'object',
    properties: Object.fromEntries(properties) as Record<string, ValueSchema>,
    required: action.required,
    additionalProperties: false,
  };
  const effect = action.transactional ? 'write.reversible' : 'read';
  return {
    name: action.name,
    description: action.description,
    effect,
    method: methodFor(effect, parameters),
    parameters,
  };
}

/** The usual value goes into the description, not into `default`: a validator that fills defaults in would change the call. */
function slotSchema(
  action: Action,
  name: string,
  usual: string | undefined,
  recorded: Record<string, unknown>[],
): ValueSchema {
  const slot = action.slots.get(name);
  const description = `${slot?.description ?? name}${usual === undefined ? '' : ` (usually ${usual})`}`;
  const allowed = slot?.values;
  const fits = recorded.every((call) => call[name] === undefined || allowed?.includes(String(call[name])));
  // The schema lists fewer values than its own dialogues use for some slots: a list counts only where the recording keeps to it.
  return { type: 'string', description, ...(allowed && fits ? { enum: allowed } : {}) };
}
