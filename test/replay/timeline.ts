import { canonicalJson } from './canonical-json.ts';
import type { ParsedJson } from './parsed-json.ts';
import { invocationSubject } from './play.ts';
import type { Finding, PlayedConversation, PlayedInvocation, PlayedTurn } from './played.ts';

/** Compares what was played with the record that `GET /v1/sessions/{id}/timeline` answers. */
export function missingFromTimeline(played: PlayedConversation, timeline: ParsedJson): Finding[] {
  const entries = timeline.at('entries').items();
  const ofKind = (kind: string, key: string) =>
    new Map(entries.filter((entry) => entry.at('kind').value === kind).map((entry) => [entry.at(key).string(), entry]));
  const turns = ofKind('turn', 'turnId');
  const invocations = ofKind('invocation', 'invocationId');
  const state = timeline.at('session').at('state').string();
  const problems: [subject: string, problem: string | null][] = [
    ['the end of the session', state === 'ended' ? null : `the session is recorded as ${state}`],
    ...played.turns.map((turn): [string, string | null] => [
      `turn ${turn.index}`,
      turnProblem(turn, turns.get(turn.turnId)),
    ]),
    ...played.invocations.map((invocation): [string, string | null] => {
      const entry = invocations.get(invocation.outcome.invocationId);
      return [invocationSubject(invocation.number, invocation.call.tool), invocationProblem(invocation, entry)];
    }),
  ];
  return problems.flatMap(([subject, problem]) =>
    problem === null ? [] : [{ conversation: played.name, subject, problem }],
  );
}

function turnProblem(turn: PlayedTurn, entry: ParsedJson | undefined): string | null {
  if (!entry) return 'is not in the timeline';
  const same =
    entry.at('text').value === turn.text &&
    entry.at('role').value === turn.role &&
    entry.at('index').value === turn.index;
  return same ? null : 'is recorded with another text, role or index';
}

function invocationProblem({ call, callId, outcome }: PlayedInvocation, entry: ParsedJson | undefined): string | null {
  if (!entry) return `${outcome.invocationId} is not in the timeline`;
  const status = entry.at('status').string();
  if (status !== outcome.status)
    return `${outcome.invocationId} was answered ${outcome.status} and is recorded as ${status}`;
  // A replayed outcome is the record of the earlier call, with that call's id and attempts.
  if (outcome.replayed) return null;
  if (entry.at('toolCallId').value !== callId) return `${outcome.invocationId} is recorded for another tool call`;
  if (canonicalJson(entry.at('arguments').value) !== canonicalJson(call.arguments))
    return `${outcome.invocationId} is recorded with other arguments`;
  const attempts = entry.at('attempts').items().length;
  return attempts === outcome.attempts
    ? null
    : `${outcome.invocationId} has evidence of ${attempts} attempts, answered were ${outcome.attempts}`;
}
