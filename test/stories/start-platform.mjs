import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '../../infra/local/ports.ts';
import { startStack } from '../../infra/local/stack.ts';
import { selfSigned } from '../../packages/egress/fixtures/certificate.ts';

const PORTS = ['GATEWAY', 'CONSOLE', 'CREDENTIALS', 'CATALOG', 'AGENTS', 'CALLS', 'RUNNER', 'WORKFLOWS', 'OBSERVABILITY', 'POSTGRES', 'NATS'];

/** Some stories are a load, which is what these limits stop. */
const UNLIMITED = { RUNNER_RATE_LIMITS: 'off', RUNNER_LOOP_EQUAL_CALLS: '0', RUNNER_LOOP_CALLS_PER_MINUTE: '0' };

/** One platform for all stories of a run: nine processes, PostgreSQL and nats-server, on free ports and an empty data folder. */
export default async function startPlatform() {
  // The data folder of a platform that runs already: the stories then tell themselves there.
  if (process.env.PATCHBAY_STORY_DATA) return;
  // A run that keeps what it leaves has all of it in one folder.
  const kept = process.env.PATCHBAY_TEST_KEEP;
  const folder = await mkdtemp(kept ? join(kept, 'stories-') : join(tmpdir(), 'patchbay-stories-'));
  const { DATABASE_URL: _url, NATS_URL: _nats, ...rest } = process.env;
  const nats = process.env.PATCHBAY_NATS_SERVER;
  const certificate = join(folder, 'provider.pem');
  // Trusted from the start of a service on: for stories with a provider by https.
  const { cert, key } = selfSigned('localhost');
  await writeFile(certificate, cert);
  await writeFile(join(folder, 'provider-key.pem'), key);
  const gatewayPort = await freePort();
  const env = {
    ...rest,
    ...UNLIMITED,
    PATCHBAY_DATA: folder,
    ...(nats ? { PATH: `${dirname(nats)}:${process.env.PATH}` } : {}),
    ...Object.fromEntries(PORTS.map((name) => [`${name}_PORT`, '0'])),
    GATEWAY_PORT: String(gatewayPort),
    CREDENTIALS_PUBLIC_URL: `http://127.0.0.1:${gatewayPort}`,
    NODE_EXTRA_CA_CERTS: certificate,
    ...(kept ? { PATCHBAY_NATS_TRACE: '1' } : {}),
  };
  globalThis.storyStack = await startStack({ env });
  globalThis.storyFolder = folder;
  process.env.PATCHBAY_STORY_DATA = folder;
}
