import { methodFor } from './conversation.ts';
import type {
  Conversation,
  ObjectSchema,
  RecordedCall,
  RecordedTool,
  RecordedTurn,
  Recording,
  Step,
  ValueSchema,
} from './conversation.ts';
import { readReadBacks } from './sgd-read-backs.ts';
import type { ReadBack } from './sgd-read-backs.ts';
import { UnreadableInput } from './parsed-json.ts';
import type { ParsedJson } from './parsed-json.ts';

const INSTRUCTIONS = 'You help callers with the services below. Ask for what a function needs before you call it.';

/**
 * Reads Schema-Guided Dialogue: `schema.json` and any number of `dialogues_*.json`. With `consent`, writes need the caller's yes: each is
 * tried before its read-back and again after the answer, and those without a recorded read-back are left out.
 */
export function readSgd(schema: ParsedJson, dialogueFiles: ParsedJson[], { consent }: { consent: boolean }): Recording {
  const declared = schema.items().flatMap(readService);
  const known = new Map(declared.map((action) => [action.name, action]));
  const dialogues = dialogueFiles.flatMap((file) => file.items());
  const conversations = dialogues.map((dialogue) => (consent ? readWithConsent : readDialogue)(dialogue, known));
  const tools = declared.map((action) => ({ ...buildTool(action, conversations), confirmed: consent && action.transactional }));
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

type KnownActions = ReadonlyMap<string, Action>;

function readDialogue(dialogue: ParsedJson, known: KnownActions): Conversation {
  // A system turn's call was made before the system spoke, so it precedes the turn that carries it.
  const steps = dialogue.at('turns').items().flatMap((turn) => [...readCalls(turn, known), readTurn(turn)]);
  return { name: dialogue.at('dialogue_id').string(), steps };
}

function readWithConsent(dialogue: ParsedJson, known: KnownActions): Conversation {
  const turns = dialogue.at('turns').items();
  const readBacks = new Map(readReadBacks(turns).map((readBack) => [readBack.turn, readBack]));
  const steps = turns.flatMap((turn, index): Step[] => {
    const reads = readCalls(turn, known).filter(({ tool }) => known.get(tool)?.transactional === false);
    const [read, answered] = [readBacks.get(index), readBacks.get(index - 2)];
    const asked = read ? [tryWrite(read, 'asked', turns, known)] : [];
    const committed = answered ? [tryWrite(answered, 'answered', turns, known)] : [];
    return [...reads, ...committed, ...asked, readTurn(turn)];
  });
  return { name: dialogue.at('dialogue_id').string(), steps };
}

/** The call that was recorded after a yes, else one with what was read back. */
function tryWrite(readBack: ReadBack, stage: 'asked' | 'answered', turns: ParsedJson[], known: KnownActions): RecordedCall {
  const { turn, service, method, said } = readBack;
  const tool = actionName(service, method);
  const action = known.get(tool);
  if (!action) throw new UnreadableInput(turns[turn]?.place ?? tool, `reads ${tool} back, which schema.json does not declare`);
  const later = turns[turn + 2];
  const recorded = later && said === 'yes' ? readCalls(later, known).find((call) => call.tool === tool) : undefined;
  const names = new Set([...action.required, ...action.optional.map(([name]) => name)]);
  const read = Object.fromEntries(Object.entries(readBack.arguments).filter(([name]) => names.has(name)));
  const answer = { status: 200 as const, contentType: 'application/json' as const, body: JSON.stringify({ results: [] }) };
  const call = recorded ?? { kind: 'call' as const, recordedId: null, tool, arguments: read, answer };
  return { ...call, consent: { stage, said } };
}

function readTurn(turn: ParsedJson): RecordedTurn {
  const speaker = turn.at('speaker').string();
  if (speaker !== 'USER' && speaker !== 'SYSTEM') throw new UnreadableInput(turn.place, `the speaker is ${speaker}`);
  return { kind: 'turn', role: speaker === 'USER' ? 'caller' : 'agent', text: turn.at('utterance').string() };
}

function readCalls(turn: ParsedJson, known: KnownActions): RecordedCall[] {
  return turn
    .at('frames')
    .items()
    .flatMap((frame) => (frame.has('service_call') ? [readCall(frame, known)] : []));
}

function readCall(frame: ParsedJson, known: KnownActions): RecordedCall {
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
