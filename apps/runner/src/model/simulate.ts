import { FUNCTIONS } from './functions.ts';
import { start } from './future.ts';
import type { History } from './history.ts';
import { invoke } from './invoke-task.ts';
import type { InvokeInput, ModelOutcome } from './model-invocation.ts';
import { ALL_SAFEGUARDS, type Safeguards } from './safeguards.ts';
import type { CallStep, ConverseStep, DisturbStep, SayStep, Schedule } from './schedule.ts';
import type { Turn } from './virtual-call.ts';
import { lookAtUnknowns } from './verify-task.ts';
import { VirtualRunner } from './virtual-runner.ts';
import { World, type Struck } from './world.ts';

const RUNNERS = 3;
const RESTART_MS = 2_000;
const SESSION = 'session_1';
const CONVERSE_DEADLINE_MS = 4_000;
const RESEND_AFTER_MS = 150;
const BETWEEN_TURNS_MS = 100;
/** How long after it was spoken a late turn is reported. */
const LATE_REPORT_MS = 1_500;
/** The answers of a conversation come within this. */
const CONVERSE_MS = 2 * CONVERSE_DEADLINE_MS;
/** What waited in the network is committed within this. */
const ARRIVAL_MS = 10_000;
/** A look takes 5 s, an effect less; a late answer is waited for 15 s after a deadline of up to 20 s. */
const LAST_EFFECT_MS = 5_500;
const LAST_ANSWER_MS = 36_000;
/** After the last step everything settles: the longest stop, a lease, the looks that are planned early, a late answer. */
const SETTLING_MS = 75_000;

/** Runs a schedule from its first step until nothing more can happen. */
export function simulate(schedule: Schedule, safeguards: Safeguards = ALL_SAFEGUARDS): History {
  return new Simulation(schedule, safeguards).run();
}

class Simulation {
  readonly #world: World;
  readonly #runners: VirtualRunner[];
  #lastTurnId = 'turn_0';
  #lastReadBack = 'shall i go ahead';
  /** Until then, what dead runners have asked for may still arrive. */
  #reachableAt = 0;

  constructor(
    private readonly schedule: Schedule,
    safeguards: Safeguards,
  ) {
    this.#world = new World(schedule, safeguards);
    this.#runners = Array.from({ length: RUNNERS }, () => this.#newRunner());
  }

  run(): History {
    const { clock, call, told, accepted, received, provider, tables } = this.#world;
    let at = 10;
    for (const step of this.schedule.steps) {
      at += step.afterMs;
      clock.after(at, () => this.#take(step));
    }
    const untilMs = at + SETTLING_MS;
    for (let now = 0; now < untilMs && !(now > at + CONVERSE_MS && this.#isQuiet()); now += 1_000) clock.runUntil(now + 1_000);
    return { told, accepted, received, tables, turns: call.turns, effects: provider.effects, endedAt: clock.now, isQuiet: this.#isQuiet() };
  }

  /** Nothing runs, nothing is on its way, and nothing will be looked at. */
  #isQuiet(): boolean {
    const { accepted, tables, received, clock } = this.#world;
    const isEnded = accepted.every(({ invocation, process }) => process.state === 'dead' || invocation.isStored);
    if (!isEnded || tables.unsettled().length > 0) return false;
    if (clock.now < this.#reachableAt || this.#runners.some((runner) => !this.#isSettled(runner))) return false;
    const unknown = [...tables.invocations.values()].filter(({ status }) => status === 'unknown');
    const sinceSentMs = clock.now - (received.at(-1)?.at ?? 0);
    return sinceSentMs > (unknown.length > 0 ? LAST_ANSWER_MS : LAST_EFFECT_MS) && unknown.every(({ verifyAt }) => verifyAt === null);
  }

  /** What was stopped goes on where it was, and needs a while to tell. */
  #isSettled({ isUp, process }: VirtualRunner): boolean {
    return isUp && this.#world.clock.now - process.disturbedAt > ARRIVAL_MS;
  }

  #take(step: Schedule['steps'][number]): void {
    if (step.do === 'call') this.#call(step);
    else if (step.do === 'converse') this.#converse(step);
    else if (step.do === 'say') this.#say(step);
    else this.#disturb(step);
  }

  #call({ twice, resends, ...step }: CallStep): void {
    const input = this.#input(step.function, step.argument, step.deadlineMs, step.key === null ? null : `key_${step.key}`);
    let isAnswered = false;
    const onAnswer = (outcome: ModelOutcome) => {
      isAnswered = true;
      this.#lastReadBack = outcome.readBack ?? this.#lastReadBack;
    };
    this.#deliver(input, onAnswer);
    const { clock, noise } = this.#world;
    if (twice) clock.after(noise.between(1, 400), () => this.#deliver(input, onAnswer));
    if (resends) clock.after(step.deadlineMs + RESEND_AFTER_MS, () => isAnswered || this.#deliver(input, onAnswer));
  }

  #converse({ function: name, argument, words, skipsReadBack }: ConverseStep): void {
    const { clock } = this.#world;
    this.#deliver(this.#input(name, argument, CONVERSE_DEADLINE_MS, null), (outcome) => {
      if (!skipsReadBack) clock.after(BETWEEN_TURNS_MS, () => this.#speak('agent', outcome.readBack ?? 'it is done', 0));
      clock.after(2 * BETWEEN_TURNS_MS, () => this.#speak('caller', words, 0));
      clock.after(3 * BETWEEN_TURNS_MS, () => this.#deliver(this.#input(name, argument, CONVERSE_DEADLINE_MS, null), () => undefined));
    });
  }

  #say({ words, isLate, isEarly }: SayStep): void {
    const { clock } = this.#world;
    clock.after(isEarly ? BETWEEN_TURNS_MS : 0, () => this.#speak('agent', this.#lastReadBack, 0));
    clock.after(isEarly ? 0 : BETWEEN_TURNS_MS, () => this.#speak('caller', words, isLate ? LATE_REPORT_MS : 0));
  }

  /** A turn counts for the edge from when it is spoken, and for the platform from when it is reported. */
  #speak(role: Turn['role'], text: string, reportedAfterMs: number): void {
    const { clock, call } = this.#world;
    const turnId = call.newTurnId();
    const spokenAt = clock.now;
    if (role === 'caller') this.#lastTurnId = turnId;
    clock.after(reportedAfterMs, () => call.record(turnId, role, text, clock.now, spokenAt));
  }

  #input(name: number, argument: number, deadlineMs: number, idempotencyKey: string | null): InvokeInput {
    const turnId = this.#lastTurnId;
    const calledAt = this.#world.clock.now;
    return { sessionId: SESSION, turnId, function: FUNCTIONS[name]!, argumentsHash: `hash_${argument}`, idempotencyKey, deadlineMs, calledAt };
  }

  /** Any runner of the queue group may get it, also one that is stopped: its socket is still there. */
  #deliver(input: InvokeInput, onAnswer: (outcome: ModelOutcome) => void): void {
    const { clock, noise } = this.#world;
    clock.after(noise.between(0.5, 10), () => {
      const ready = this.#runners.filter(({ isReady, process }) => isReady && process.state !== 'dead');
      const runner = ready[Math.floor(noise.next() * ready.length)];
      runner?.process.deliver(() => void start(invoke(runner, input, onAnswer)));
    });
  }

  #disturb({ what, at, runner, ms }: DisturbStep): void {
    const strike = (hit: Struck) => {
      if (what === 'kill') this.#kill(hit);
      else if (what === 'stop') this.#stop(hit, ms);
      else this.#cutOff(what === 'outage' ? this.#runners : [hit], Math.min(ms, this.schedule.longestOutageMs));
    };
    if (at === 'any') strike(this.#runners[runner]!);
    else this.#world.ambushes.push({ at, strike });
  }

  #cutOff(runners: readonly Struck[], ms: number): void {
    for (const { database } of runners) database.breakFor(ms);
    this.#reachableAt = Math.max(this.#reachableAt, this.#world.clock.now + ms + ARRIVAL_MS);
  }

  #kill(hit: Struck): void {
    if (hit.process.state === 'dead') return;
    hit.process.kill();
    this.#world.clock.after(
      RESTART_MS,
      () => (this.#runners[this.#runners.findIndex(({ runnerId }) => runnerId === hit.runnerId)] = this.#newRunner()),
    );
  }

  #stop(hit: Struck, ms: number): void {
    if (hit.process.state !== 'running') return;
    hit.process.stop();
    this.#world.clock.after(ms, () => hit.process.continue());
  }

  #newRunner(): VirtualRunner {
    return new VirtualRunner(this.#world, this.#world.newId('runner'), lookAtUnknowns);
  }
}
