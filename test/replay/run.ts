import { randomBytes } from 'node:crypto';
import { countConsent } from './consent-count.ts';
import type { Conversation, Recording } from './conversation.ts';
import { EdgeNode } from './edge-node.ts';
import { explainMisjudged } from './explain-consent.ts';
import { inParallel } from './in-parallel.ts';
import { argumentMismatches, contradictions } from './judge.ts';
import { timeJudge } from './judge-time.ts';
import { playConversation } from './play.ts';
import type { PlayedConversation } from './played.ts';
import type { Platform } from './platform.ts';
import type { Progress } from './progress.ts';
import { Provider } from './provider.ts';
import { Rest } from './rest.ts';
import { createOrganization, setUp } from './set-up.ts';
import type { SetUp } from './set-up.ts';
import { SpanExport } from './span-export.ts';
import type { RunResult } from './summary.ts';
import { findIncompleteTraces, findLostRecords } from './verify.ts';

export interface RunInput {
  platform: Platform;
  recording: Recording;
  concurrency: number;
  progress: Progress;
  signal: AbortSignal;
  /** The writes of the recording need the caller's yes. */
  consent?: boolean;
  /** How long what is missing is looked for again; the limits of the record unless given. */
  readWithinMs?: number;
}

/** Sets up, plays and verifies; null when it was stopped before everything was played. */
export async function run(input: RunInput): Promise<RunResult | null> {
  const { platform, recording, progress, signal } = input;
  const { format, tools } = recording;
  const secret = process.env.PATCHBAY_CANARY ?? `replay_${randomBytes(24).toString('hex')}`;
  const provider = await Provider.start({ tools, secret });
  try {
    const operator = new Rest(platform.url, platform.apiKey);
    const { organizationId, apiKey } = await createOrganization(
      operator,
      `replay ${format} ${new Date().toISOString()}`,
    );
    const rest = new Rest(platform.url, apiKey);
    const scene = await setUp(rest, { organizationId, recording, provider: { url: provider.url, secret } });
    const { played, undelivered } = await play(input, rest, provider, scene);
    const result = signal.aborted ? null : await verify(input, rest, provider, { played, undelivered });
    return signal.aborted || !result ? null : { ...result, consoleUrl: `${platform.url}/#key=${apiKey}` };
  } finally {
    progress.stop();
    await provider.close();
  }
}

interface Performance {
  played: PlayedConversation[];
  /** Spans that did not reach the platform, in words. */
  undelivered: string[];
}

async function play(input: RunInput, rest: Rest, provider: Provider, scene: SetUp): Promise<Performance> {
  const { recording, concurrency, progress, signal } = input;
  const edge = await EdgeNode.connect(scene.edge);
  const spans = new SpanExport(rest, { 'service.name': 'patchbay-replay', 'gen_ai.agent.name': scene.agentName });
  const stage = {
    edge,
    provider,
    agentId: scene.agentId,
    reads: new Set(recording.tools.filter(({ effect }) => effect === 'read').map(({ name }) => name)),
    addSpan: spans.add.bind(spans),
    onStep: progress.count.bind(progress),
  };
  const playOne = async (conversation: Conversation) => {
    const played = await playConversation(stage, conversation, signal);
    progress.count('conversation');
    return played;
  };
  progress.enter('played');
  try {
    const played = await inParallel(recording.conversations, concurrency, playOne, signal);
    return { played, undelivered: await spans.flush() };
  } finally {
    await spans.flush();
    await edge.close();
  }
}

async function verify(
  input: RunInput,
  rest: Rest,
  provider: Provider,
  { played, undelivered }: Performance,
): Promise<Omit<RunResult, 'consoleUrl'>> {
  const { recording, progress, signal, readWithinMs } = input;
  const onRead = () => progress.count('conversation');
  const reading = { rest, signal, onRead, ...(readWithinMs === undefined ? {} : { withinMs: readWithinMs }) };
  progress.enter('timelines read back');
  const missing = await findLostRecords(reading, played);
  progress.enter('traces read back');
  const incompleteTraces = await findIncompleteTraces(reading, played);
  const consent = input.consent ? { consent: await verifyConsent(rest, played) } : {};
  const log = await provider.log();
  return {
    recorded: recording.conversations,
    played,
    providerReceived: log.length,
    lost: [...played.flatMap(({ losses }) => losses), ...contradictions(played, log, recording.tools), ...missing],
    argumentMismatches: argumentMismatches(played, log),
    incompleteTraces,
    undelivered,
    ...consent,
  };
}

async function verifyConsent(rest: Rest, played: PlayedConversation[]): Promise<NonNullable<RunResult['consent']>> {
  const { falseCommits, falseRefusals } = countConsent(played);
  const misjudged = await explainMisjudged(rest, [...falseCommits, ...falseRefusals]);
  return { misjudged, judgeP99Ms: await timeJudge(played) };
}
