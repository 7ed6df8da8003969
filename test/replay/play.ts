import type { Conversation, RecordedCall, RecordedTurn, Step } from './conversation.ts';
import { EdgeProblem } from './edge-node.ts';
import type { EdgeIdentity, EdgeNode } from './edge-node.ts';
import { EdgeSession } from './edge-session.ts';
import { readOutcome } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { UnreadableInput } from './parsed-json.ts';
import type { ParsedJson } from './parsed-json.ts';
import type { PlayedConversation, PlayedInvocation, PlayedTurn, SentRequest } from './played.ts';
import type { Provider } from './provider.ts';
import type { OtlpSpan } from './span-export.ts';
import type { OpenSpan } from './traces.ts';

/** What every conversation of a run is played on. */
export interface Stage {
  edge: Pick<EdgeNode, 'ask'> & { identity: Pick<EdgeIdentity, 'organizationId' | 'edgeId'> };
  provider: Pick<Provider, 'expect' | 'settle'>;
  agentId: string;
  /** Names of the tools that only read: their calls may be repeated. */
  reads: ReadonlySet<string>;
  addSpan: (span: OtlpSpan) => void;
  onStep: (kind: Step['kind'] | 'loss') => void;
}

/** A turn with its span; a caller's stays open for the calls it leads to. */
interface OpenTurn {
  span: OpenSpan;
  played: PlayedTurn;
}

/** Plays one conversation from `session.start` to `session.end`; what fails is noted, and the play goes on. */
export function playConversation(
  stage: Stage,
  conversation: Conversation,
  signal: AbortSignal,
): Promise<PlayedConversation> {
  return new Play(stage, conversation).run(signal);
}

class Play {
  readonly #stage: Stage;
  readonly #steps: Step[];
  readonly #session: EdgeSession;
  readonly #played: PlayedConversation;
  #callerTurn: OpenTurn | null = null;
  #calls = 0;
  /** Answered, and not spoken about by the agent yet. */
  #unheard: PlayedInvocation[] = [];

  constructor(stage: Stage, { name, steps }: Conversation) {
    this.#stage = stage;
    this.#steps = steps;
    this.#session = new EdgeSession(stage.edge, stage.addSpan);
    this.#played = { name, sessionId: null, turns: [], invocations: [], losses: [] };
  }

  async run(signal: AbortSignal): Promise<PlayedConversation> {
    this.#played.sessionId = await this.#noting('the session', () =>
      this.#session.start(this.#stage.agentId, this.#played.name),
    );
    if (this.#played.sessionId === null) {
      this.#loseAllSteps();
      return this.#played;
    }
    for (const step of this.#steps) {
      if (signal.aborted) break;
      await (step.kind === 'turn' ? this.#turn(step) : this.#call(step));
      this.#stage.onStep(step.kind);
    }
    await this.#hangUp(signal.aborted ? 'replay_stopped' : 'completed');
    return this.#played;
  }

  async #turn({ role, text }: RecordedTurn): Promise<void> {
    if (role === 'caller') this.#callerTurn?.span.end();
    const index = this.#played.turns.length;
    const turnId = `trn_${this.#played.name}_${index}`;
    const span = this.#session.openTurn(turnId, index);
    const played: PlayedTurn = { turnId, index, role, text, traceId: span.traceId, spanId: span.spanId, sent: [] };
    const turn = { span, played };
    this.#played.turns.push(played);
    const spokenAt = new Date().toISOString();
    await this.#noting(`turn ${index}`, async () => {
      const reply = await this.#ask(
        turn,
        'turn',
        { turnId, index, role, text, startedAt: spokenAt, endedAt: spokenAt },
        true,
      );
      if (reply.at('turnId').string() !== turnId)
        throw new UnreadableInput('the reply to turn', 'acknowledges another turn');
    });
    if (role === 'caller') {
      this.#callerTurn = turn;
      return;
    }
    await this.#tellHeard('full', turn);
    span.end();
  }

  async #call(call: RecordedCall): Promise<void> {
    const turn = this.#callerTurn;
    if (!turn)
      throw new Error(`${this.#played.name}: a call before the first caller turn passed the check of the recording`);
    const number = this.#calls++;
    // The recorded ids alone do not do: recordings use one id for several calls of a conversation.
    const callId = `${call.recordedId ?? 'call'}_${this.#played.name}_${number}`;
    const { tool, arguments: sent, answer } = call;
    await this.#stage.provider.expect({ callId, tool, arguments: sent, answer });
    await this.#noting(invocationSubject(number, tool), async () => {
      const startedAtMs = performance.now();
      const body = { turnId: turn.played.turnId, toolCallId: callId, function: tool, arguments: sent };
      const outcome = readOutcome(await this.#ask(turn, 'invoke', body, this.#stage.reads.has(tool)));
      const roundTripMs = performance.now() - startedAtMs;
      const request = turn.played.sent.at(-1);
      if (request) request.lastLink = lastLinkOf(outcome);
      const invocation = { callId, number, turnIndex: turn.played.index, call, outcome, roundTripMs };
      this.#played.invocations.push(invocation);
      this.#unheard.push(invocation);
    });
    await this.#stage.provider.settle(callId);
  }

  /** Tells how much the caller heard of the results since the agent spoke last. */
  async #tellHeard(heard: 'full' | 'none', turn: OpenTurn): Promise<void> {
    for (const { number, call, outcome } of this.#unheard.splice(0)) {
      const body = { turnId: turn.played.turnId, invocationId: outcome.invocationId, heard };
      await this.#noting(`heard of ${invocationSubject(number, call.tool)}`, () =>
        this.#ask(turn, 'heard', body, true),
      );
    }
  }

  async #hangUp(reason: string): Promise<void> {
    if (this.#callerTurn) await this.#tellHeard('none', this.#callerTurn);
    this.#callerTurn?.span.end();
    const body = { reason, endedAt: new Date().toISOString() };
    await this.#noting('the end of the session', async () => {
      const { reply } = await this.#session.ask({ operation: 'session.end', body, turn: null, repeatable: true });
      reply.at('settling').number();
    });
  }

  async #ask(
    { span, played }: OpenTurn,
    operation: string,
    body: Record<string, unknown>,
    repeatable: boolean,
  ): Promise<ParsedJson> {
    const { reply, spanId } = await this.#session.ask({ operation, body, turn: span, repeatable });
    played.sent.push({ operation, spanId, lastLink: 'process' });
    return reply;
  }

  /** Runs a step; a missing or invalid reply becomes a loss, everything else is a fault of the player and ends the run. */
  async #noting<T>(subject: string, step: () => Promise<T>): Promise<T | null> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof EdgeProblem) && !(error instanceof UnreadableInput)) throw error;
      this.#lose(subject, error.message);
      return null;
    }
  }

  #loseAllSteps(): void {
    const turns = this.#steps.filter(({ kind }) => kind === 'turn');
    const calls = this.#steps.filter((step) => step.kind === 'call');
    const why = 'was not played, because the session did not start';
    for (const index of turns.keys()) this.#lose(`turn ${index}`, why);
    for (const [number, { tool }] of calls.entries()) this.#lose(invocationSubject(number, tool), why);
  }

  #lose(subject: string, problem: string): void {
    this.#played.losses.push({ conversation: this.#played.name, subject, problem });
    this.#stage.onStep('loss');
  }
}

function lastLinkOf({ replayed, attempts }: Outcome): SentRequest['lastLink'] {
  if (replayed) return 'process';
  return attempts === 0 ? 'execute_tool' : 'http_attempt';
}

/** How findings name an invocation; the same everywhere, so that it is counted once. */
export function invocationSubject(number: number, tool: string): string {
  return `invocation ${number} (${tool})`;
}
