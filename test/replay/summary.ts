import { ALLOWED_REFUSALS_SHARE, countConsent } from './consent-count.ts';
import { countSteps } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import type { Finding, PlayedConversation } from './played.ts';

/** The last line of the output, in this order. */
export interface Summary {
  conversations: number;
  turns: number;
  invocations: number;
  succeeded: number;
  failed: number;
  providerReceived: number;
  argumentMismatches: number;
  lost: number;
  incompleteTraces: number;
  p50Ms: number;
  p99Ms: number;
  /** Only of a replay with consent. */
  consent?: ConsentSummary;
}

export interface ConsentSummary {
  readBacks: number;
  affirmed: number;
  negated: number;
  falseCommits: number;
  falseRefusals: number;
  /** Null where the judge of this repository is not built. */
  judgeP99Ms: number | null;
}

export interface RunResult {
  recorded: Conversation[];
  played: PlayedConversation[];
  providerReceived: number;
  lost: Finding[];
  argumentMismatches: Finding[];
  incompleteTraces: Finding[];
  /** Only of a replay with consent: answers judged otherwise than recorded, with the platform's reasons, and the judge's time. */
  consent?: { misjudged: Finding[]; judgeP99Ms: number | null };
  /** Spans that did not reach the platform, in words. */
  undelivered: string[];
  /** The console, with the key of the organization that this run made. */
  consoleUrl: string;
}

export function summarize(result: RunResult): Summary {
  const outcomes = result.played.flatMap(({ invocations }) => invocations);
  const withStatus = (status: string) => outcomes.filter(({ outcome }) => outcome.status === status).length;
  const tripsMs = outcomes.map(({ roundTripMs }) => roundTripMs).sort((a, b) => a - b);
  return {
    conversations: result.recorded.length,
    ...countSteps(result.recorded),
    succeeded: withStatus('succeeded'),
    failed: withStatus('failed'),
    providerReceived: result.providerReceived,
    argumentMismatches: result.argumentMismatches.length,
    lost: onePerSubject(result.lost).length,
    incompleteTraces: onePerSubject(result.incompleteTraces).length,
    p50Ms: percentile(tripsMs, 0.5),
    p99Ms: percentile(tripsMs, 0.99),
    ...(result.consent ? { consent: summarizeConsent(result.played, result.consent.judgeP99Ms) } : {}),
  };
}

function summarizeConsent(played: PlayedConversation[], judgeP99Ms: number | null): ConsentSummary {
  const { falseCommits, falseRefusals, ...counts } = countConsent(played);
  return { ...counts, falseCommits: falseCommits.length, falseRefusals: falseRefusals.length, judgeP99Ms };
}

/** Nearest rank, in milliseconds to two places; 0 without values. */
export function percentile(sortedMs: number[], share: number): number {
  const value = sortedMs[Math.max(0, Math.ceil(sortedMs.length * share) - 1)] ?? 0;
  return Math.round(value * 100) / 100;
}

/** One thing is lost once, however many checks notice it. */
export function onePerSubject(findings: Finding[]): Finding[] {
  const first = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.conversation} ${finding.subject}`;
    if (!first.has(key)) first.set(key, finding);
  }
  return [...first.values()];
}

export function isClean({ lost, argumentMismatches, incompleteTraces, consent }: Summary): boolean {
  return lost === 0 && argumentMismatches === 0 && incompleteTraces === 0 && (!consent || isWellJudged(consent));
}

function isWellJudged({ falseCommits, falseRefusals, affirmed }: ConsentSummary): boolean {
  return falseCommits === 0 && falseRefusals <= affirmed * ALLOWED_REFUSALS_SHARE;
}

const EXPLAINED = 5;
const MISJUDGED = 'answers judged otherwise than recorded';

/** The first few findings of each kind, for people, and what may be behind missing spans. */
export function explain(result: RunResult, { allMisjudged } = { allMisjudged: false }): string[] {
  const kinds: [string, Finding[]][] = [
    ['lost', onePerSubject(result.lost)],
    ['argument mismatches', result.argumentMismatches],
    ['incomplete traces', onePerSubject(result.incompleteTraces)],
    [MISJUDGED, result.consent?.misjudged ?? []],
  ];
  const explained = kinds.flatMap(([title, findings]) => {
    if (findings.length === 0) return [];
    const lines = findings
      .slice(0, allMisjudged && title === MISJUDGED ? findings.length : EXPLAINED)
      .map(({ conversation, subject, problem }) => `  ${conversation}, ${subject}: ${problem}`);
    const rest = findings.length - lines.length;
    return [`${findings.length} ${title}:`, ...lines, ...(rest > 0 ? [`  and ${rest} more`] : [])];
  });
  return [...explained, ...result.undelivered];
}

/** What a person reads above the JSON line. */
export function describe(summary: Summary, about: { format: string; elapsedMs: number; consoleUrl: string }): string {
  const { conversations, turns, invocations, succeeded, failed, providerReceived } = summary;
  const rows: [string, string | number][] = [
    ['conversations', conversations],
    ['turns', turns],
    ['invocations', `${invocations} (${succeeded} succeeded, ${failed} failed)`],
    ['received by provider', providerReceived],
    ['argument mismatches', summary.argumentMismatches],
    ['lost', summary.lost],
    ['incomplete traces', summary.incompleteTraces],
    ['invoke at the edge', `p50 ${summary.p50Ms} ms, p99 ${summary.p99Ms} ms`],
    ...(summary.consent ? [describeConsent(summary.consent)] : []),
    ['look at the calls', about.consoleUrl],
  ];
  const title = `Replay of ${about.format}, ${(about.elapsedMs / 1000).toFixed(1)} s`;
  return [title, ...rows.map(([name, value]) => `  ${name.padEnd(22)}${value}`)].join('\n');
}

function describeConsent({ readBacks, falseCommits, falseRefusals, judgeP99Ms }: ConsentSummary): [string, string] {
  const judge = judgeP99Ms === null ? '' : `, judge p99 ${judgeP99Ms} ms`;
  return ['read-backs', `${readBacks} (${falseCommits} false commits, ${falseRefusals} false refusals${judge})`];
}
