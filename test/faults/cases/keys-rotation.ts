import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { inParallel } from '../../replay/in-parallel.ts';
import { unexpected } from '../checker.ts';
import { atLeast, exactly, none, type Figure } from '../figure.ts';
import type { Ask } from '../history.ts';
import { KeysProgram, type Rotated } from '../keys-program.ts';
import { SteadyLoad } from '../load.ts';
import type { Platform } from '../platform.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const SECRETS = 2_000;
const THIRD = Math.floor(SECRETS / 3);
const AT_ONCE = 8;
const PER_SECOND = 50;
const DEADLINE_MS = 4_000;
/** Of each scene; a session may make 60 calls a minute. */
const SESSIONS = 32;
const AFTER_MS = 1_000;
/** At least; calls that come while their secret is asked for share the answer, more of them on a busy machine. */
const SHARE_OPENED = 0.25;
/** Every call asks for its secret again: one that cannot be opened for a moment must be seen. */
const NO_CACHE = { RUNNER_CREDENTIAL_CACHE_MS: '0' };

/** A stored secret: under which key it is, and what marks one sealing of it from the next. */
type Sealed = Map<string, { keyId: string; sealing: string }>;

/** The key of all stored secrets is changed while calls are made with them, and the program that does it is killed on the way. */
export const keysRotation: FaultCase = {
  name: 'keys-rotation',
  summary: `kill -9 of "keys rotate" after a third of ${SECRETS} secrets, with ${PER_SECOND} calls a second`,
  async run(stage: Stage): Promise<Figure[]> {
    // Sealed in the order of their organizations: one's secret before the kill, the other's after it.
    await using early = await openScene(stage, 'early');
    await store(early, SECRETS, stage.signal);
    await using late = await openScene(stage, 'late');
    const { platform } = stage;
    const runner = await platform.startRunner('runner-forgetful', { settings: NO_CACHE });
    try {
      await Promise.all(platform.runners.map((other) => other.stop()));
      const loads = await Promise.all([early, late].map((scene) => beginLoad(scene)));
      const before = await resolutions(platform);
      const rotation = await rotateWithKill(stage);
      // Whatever still needed the old key fails from here on.
      await new KeysProgram(platform.vault, ['retire', rotation.oldKeyId]).end();
      await wait(AFTER_MS);
      const asks = (await Promise.all(loads.map((load) => load.stop()))).flat();
      return [...figuresOf(rotation), ...figuresOfCalls(asks, (await resolutions(platform)) - before)];
    } finally {
      await Promise.all(platform.runners.map((other) => other.start()));
      await runner.stop();
    }
  },
};

function openScene(stage: Stage, name: string): Promise<Scene> {
  return Scene.open(stage, `keys-rotation ${name}`, [{ name: 'look', effect: 'read', url: stage.provider.urls.scripted }]);
}

/** Connections that nobody calls with. */
async function store({ rest }: Scene, count: number, signal: AbortSignal): Promise<void> {
  const secret = process.env.PATCHBAY_CANARY ?? 'secret-of-many';
  const create = (number: number) => rest.create('/v1/connections', { name: `many ${number}`, kind: 'bearer', secret });
  await inParallel(
    Array.from({ length: count }, (_, number) => number),
    AT_ONCE,
    create,
    signal,
  );
}

async function beginLoad(scene: Scene): Promise<SteadyLoad> {
  const sessions = await scene.sessions(SESSIONS);
  let number = 0;
  const next = () => scene.call(sessions[number % SESSIONS]!, 'look', `look_${++number}`);
  return new SteadyLoad(scene, next, { perSecond: PER_SECOND / 2, deadlineMs: DEADLINE_MS });
}

interface Rotation {
  oldKeyId: string;
  atStart: Sealed;
  atKill: Sealed;
  atEnd: Sealed;
  resumed: Rotated;
}

async function rotateWithKill({ platform, say }: Stage): Promise<Rotation> {
  const atStart = await readSealed(platform);
  const [oldKeyId] = new Set([...atStart.values()].map(({ keyId }) => keyId));
  const startedAt = performance.now();
  const killed = new KeysProgram(platform.vault, ['rotate']);
  await killed.untilSealed(THIRD);
  await killed.kill();
  const killedAt = performance.now();
  const atKill = await readSealed(platform);
  const resumed = await new KeysProgram(platform.vault, ['rotate']).end<Rotated>();
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const sealed = atKill.size - under(atKill, oldKeyId!).length;
  const took = { killed: seconds(killedAt - startedAt), resumed: seconds(performance.now() - killedAt) };
  say(`    ${sealed} of ${atStart.size} secrets in ${took.killed}, killed; the rest, with the wait for latecomers, in ${took.resumed}`);
  return { oldKeyId: oldKeyId!, atStart, atKill, atEnd: await readSealed(platform), resumed };
}

function figuresOf({ oldKeyId, atStart, atKill, atEnd, resumed }: Rotation): Figure[] {
  const leftAtKill = under(atKill, oldKeyId).length;
  const doneAtKill = [...atKill].filter(([, { keyId }]) => keyId !== oldKeyId);
  return [
    atLeast('keys-rotation: secrets in the store', atStart.size, SECRETS),
    atLeast('keys-rotation: sealed before the kill', doneAtKill.length, THIRD),
    atLeast('keys-rotation: left at the kill', leftAtKill, 1),
    exactly('keys-rotation: keys made by the run that went on', resumed.made ? 1 : 0, 0),
    exactly('keys-rotation: sealed by it, beyond what was left', resumed.resealed - leftAtKill, 0),
    none(
      'keys-rotation: sealed before the kill, and once more after it',
      doneAtKill.flatMap(([secret, { sealing }]) => (atEnd.get(secret)?.sealing === sealing ? [] : [secret])),
    ),
    exactly('keys-rotation: left under another key, as the program says', resumed.left, 0),
    none(
      'keys-rotation: left under another key, as the table says',
      [...atEnd].flatMap(([secret, { keyId }]) => (keyId === resumed.keyId ? [] : [secret])),
    ),
    none(
      'keys-rotation: secrets lost',
      [...atStart.keys()].filter((secret) => !atEnd.has(secret)),
    ),
  ];
}

function figuresOfCalls(asks: Ask[], resolved: number): Figure[] {
  return [
    atLeast('keys-rotation: calls', asks.length, 500),
    atLeast('keys-rotation: secrets opened for them', resolved, Math.floor(asks.length * SHARE_OPENED)),
    none('keys-rotation: calls that failed', unexpected(asks, ['succeeded'])),
  ];
}

function under(sealed: Sealed, keyId: string): string[] {
  return [...sealed].flatMap(([secret, row]) => (row.keyId === keyId ? [secret] : []));
}

/** Not by the program that is judged: what the table has. */
async function readSealed(platform: Platform): Promise<Sealed> {
  const rows = await query<{ secret: string; key_id: string; sealing: string }>(
    platform,
    `select concat_ws(' ', org_id, connection_id, purpose, version) as secret, kek_id as key_id, md5(wrapped_dek) as sealing from connection_secrets`,
  );
  return new Map(rows.map(({ secret, key_id: keyId, sealing }) => [secret, { keyId, sealing }]));
}

/** How often a secret was opened for a call so far. */
async function resolutions(platform: Platform): Promise<number> {
  const [row] = await query<{ count: number }>(platform, `select count(*)::int from audit_entries where action = 'connection.resolved'`);
  return row!.count;
}

async function query<R extends pg.QueryResultRow>({ running }: Platform, text: string): Promise<R[]> {
  const url = new URL(running.databaseUrl!);
  url.pathname = '/credentials';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}
