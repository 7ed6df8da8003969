import { setTimeout as wait } from 'node:timers/promises';
import { exactly, none, type Figure } from '../figure.ts';
import type { Ask, Call } from '../history.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const DEADLINE_MS = 5_000;
/** The shortest that a function may say. */
const EXPIRES_MS = 5_000;
const PARALLEL = 20;

interface Attempt {
  what: string;
  /** How the last call of it may be answered. */
  expected: string[];
  effects: 0 | 1;
  play(scene: ConsentScene): Promise<Ask>;
}

/** What a caller and an agent do around one function that needs a yes. */
class ConsentScene {
  readonly sessionId: string;
  readonly tag: string;
  readonly #scene: Scene;
  readonly #function: string;

  constructor(scene: Scene, sessionId: string, functionName: string, tag: string) {
    this.#scene = scene;
    this.sessionId = sessionId;
    this.#function = functionName;
    this.tag = tag;
  }

  async invoke(more: Record<string, unknown> = {}): Promise<Ask> {
    return this.#ask(this.#scene.call(this.sessionId, this.#function, this.tag, more));
  }

  async invokeAtOnce(count: number): Promise<Ask[]> {
    const call = this.#scene.call(this.sessionId, this.#function, this.tag);
    return Promise.all(Array.from({ length: count }, () => this.#ask(call)));
  }

  caller(text: string): Promise<void> {
    return this.#scene.turn(this.sessionId, 'caller', text);
  }

  agent(text: string): Promise<void> {
    return this.#scene.turn(this.sessionId, 'agent', text);
  }

  #ask(call: Call): Promise<Ask> {
    return this.#scene.edge.invoke(call, { deadlineMs: DEADLINE_MS });
  }
}

const READ_BACK = 'I will refund the order. Shall I?';
const YES = 'Yes, please do that.';

const ATTEMPTS: Attempt[] = [
  { what: 'no word of the caller', expected: ['needs_confirmation'], effects: 0, play: async (scene) => (await scene.invoke(), scene.invoke()) },
  {
    what: 'a yes from before the read-back',
    expected: ['needs_confirmation'],
    effects: 0,
    play: async (scene) => {
      await scene.caller(YES);
      await scene.invoke();
      return scene.invoke();
    },
  },
  {
    what: 'a yes of the agent',
    expected: ['needs_confirmation'],
    effects: 0,
    play: async (scene) => {
      await scene.invoke();
      await scene.agent(YES);
      return scene.invoke();
    },
  },
  {
    what: 'a no',
    expected: ['rejected'],
    effects: 0,
    play: async (scene) => {
      await scene.invoke();
      await scene.agent(READ_BACK);
      await scene.caller('No, do not do that.');
      return scene.invoke();
    },
  },
  {
    what: 'arguments changed after the yes',
    expected: ['needs_confirmation'],
    effects: 0,
    play: async (scene) => {
      await scene.invoke();
      await scene.agent(READ_BACK);
      await scene.caller(YES);
      return scene.invoke({ note: 'to another account' });
    },
  },
  {
    what: 'a yes after it has expired',
    expected: ['needs_confirmation'],
    effects: 0,
    play: async (scene) => {
      await scene.invoke();
      await scene.agent(READ_BACK);
      await wait(EXPIRES_MS + 500);
      await scene.caller(YES);
      return scene.invoke();
    },
  },
  {
    what: 'a yes',
    expected: ['succeeded'],
    effects: 1,
    play: async (scene) => {
      await scene.invoke();
      await scene.agent(READ_BACK);
      await scene.caller(YES);
      return scene.invoke();
    },
  },
  {
    what: 'a yes that is used twice',
    expected: ['succeeded', 'needs_confirmation', 'rejected'],
    effects: 1,
    play: async (scene) => {
      await scene.invoke();
      await scene.agent(READ_BACK);
      await scene.caller(YES);
      await scene.invoke();
      return scene.invoke();
    },
  },
  {
    what: 'a yes that is used for something else as well',
    expected: ['needs_confirmation'],
    effects: 1,
    play: async (scene) => {
      await scene.invoke();
      await scene.agent(READ_BACK);
      await scene.caller(YES);
      await scene.invoke();
      return scene.invoke({ note: 'and once more' });
    },
  },
  {
    what: 'a yes, and the call many times at once',
    expected: ['succeeded', 'needs_confirmation', 'rejected'],
    effects: 1,
    play: async (scene) => {
      await scene.invoke();
      await scene.agent(READ_BACK);
      await scene.caller(YES);
      return (await scene.invokeAtOnce(PARALLEL)).at(-1)!;
    },
  },
];

export const consent: FaultCase = {
  name: 'consent',
  summary: 'no yes, an early one, a replayed one, an expired one, changed arguments',
  async run(stage: Stage): Promise<Figure[]> {
    const { provider } = stage;
    const url = provider.urls.scripted;
    const confirmation = { required: true, readBack: READ_BACK, expiresAfterMs: EXPIRES_MS };
    await using scene = await Scene.open(stage, 'consent', [{ name: 'refund', effect: 'write.irreversible', url, confirmation }]);
    const played = await Promise.all(
      ATTEMPTS.map(async (attempt, number) => {
        const consentScene = new ConsentScene(scene, await scene.session(), 'refund', `attempt_${number}`);
        return { attempt, tag: consentScene.tag, last: await attempt.play(consentScene) };
      }),
    );
    const requests = await provider.log();
    const effectsOf = (tag: string) => requests.filter((request) => request.tag === tag).length;
    const withoutYes = played.filter(({ attempt, tag }) => effectsOf(tag) > attempt.effects);
    const missing = played.filter(({ attempt, tag }) => effectsOf(tag) < attempt.effects);
    const wrong = played.filter(({ attempt, last }) => !attempt.expected.includes(last.outcome?.status ?? ''));
    return [
      none(
        'consent: effects without a yes of their own',
        withoutYes.map(({ attempt, tag }) => `${attempt.what}: ${effectsOf(tag)}`),
      ),
      exactly(
        'consent: effects',
        requests.length,
        ATTEMPTS.reduce((sum, { effects }) => sum + effects, 0),
      ),
      none(
        'consent: a yes that had no effect',
        missing.map(({ attempt }) => attempt.what),
      ),
      none(
        'consent: wrong answers',
        wrong.map(({ attempt, last }) => `${attempt.what}: ${last.outcome?.status ?? last.problem} ${last.outcome?.code ?? ''}`),
      ),
    ];
  },
};
