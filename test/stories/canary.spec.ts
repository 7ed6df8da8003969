import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathsIn } from '../../infra/local/paths.ts';
import { isKept, rememberSecret } from '../../packages/testing/src/kept-run.ts';
import { accounts } from '../canary/accounts.ts';
import { Api } from '../canary/api.ts';
import { Canaries, type Canary } from '../canary/canaries.ts';
import { NatsCapture } from '../canary/nats-capture.ts';
import { natsTrace, scanAnswers, scanDatabases, scanFolder, scanMessages, scanMetrics } from '../canary/places.ts';
import { neverReceived } from '../canary/proof.ts';
import { Provider } from '../canary/provider.ts';
import { detailsText } from '../canary/report.ts';
import { Scanner } from '../canary/scanner.ts';
import { Tenant } from '../canary/tenant.ts';
import { takeTheTour, type Outcomes } from '../canary/tour.ts';
import { running } from './platform.ts';
import { secretOf, STORIES } from './secrets.ts';

const PATIENCE_MS = 180_000;
/** The rest is for `npm run canary`. */
const ECHOES = ['json', 'html', 'base64', 'url-encoded', 'header', 'redirect'];
const folder = process.env['PATCHBAY_STORY_DATA']!;
const messagesFile = join(folder, 'captured-messages');
const canaries = new Canaries();
const undo = new AsyncDisposableStack();

let provider: Provider;
let outcomes: Outcomes;
let scanner: Scanner;

beforeAll(async () => {
  for (const story of STORIES) canaries.add('stories', story, secretOf(story));
  const certificate = { cert: readFileSync(join(folder, 'provider.pem'), 'utf8'), key: readFileSync(join(folder, 'provider-key.pem'), 'utf8') };
  provider = await Provider.start(canaries, certificate);
  undo.defer(() => provider.stop());
  const { url, apiKey, natsUrl, databaseUrl, services } = running();
  const capture = await NatsCapture.start({ natsUrl, dataDir: folder, file: messagesFile });
  const api = new Api(url, canaries);
  const tenant = await Tenant.create(api, apiKey, 'canary');
  undo.defer(() => tenant.close());
  outcomes = await takeTheTour({ api, tenant, provider, canaries, accounts: accounts(provider.urls.http), echoes: ECHOES });
  await capture.stop();
  for (const canary of canaries.all) rememberSecret(`tour: ${kindOf(canary)}`, canary.value);
  scanner = new Scanner(canaries.all);
  await scanDatabases(scanner, databaseUrl!);
  await scanMetrics(scanner, services);
  scanAnswers(scanner, api.answers);
  scanMessages(scanner, messagesFile);
  const { logs, nats } = pathsIn(folder);
  // Of a run that is kept the messages are in a log too, and are searched afterwards.
  scanFolder(scanner, 'logs', logs, (path) => isKept && path === natsTrace(folder));
  scanFolder(scanner, 'files of NATS', nats);
}, PATIENCE_MS);

afterAll(() => undo.disposeAsync());

/** An edge has two: the seed, which it keeps, and the JWT that it logs in with. */
function kindOf({ kind, value }: Canary): string {
  return kind === 'edge' && !value.startsWith('SU') ? 'login of an edge' : kind;
}

describe('a secret of each kind of connection, after everything that can be done with it', () => {
  it('came to its provider', () => {
    expect(neverReceived(provider, canaries)).toEqual([]);
    expect(outcomes['succeeded']).toBeGreaterThan(50);
  });

  it('was made of what lets callers and edges in, too', () => {
    const kinds = new Set(canaries.all.flatMap(({ kind, part }) => [kind, part]));

    expect(['API key', 'edge', 'session', 'code'].filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  it('is in no table, log, metric, message, stream or answer', () => {
    expect(detailsText(scanner)).toBe('');
    expect([...scanner.places].filter(([, bytes]) => bytes === 0)).toEqual([]);
  });
});
