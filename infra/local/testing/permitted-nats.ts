import { edgeInbox, edgePermissions } from '@patchbay/contracts/edge';
import { SERVICE_NAMES, serviceInbox } from '@patchbay/contracts/service-permissions';
import { mintCreds, mintServiceCreds, natsIdentity, type NatsIdentity } from '../nats-config.ts';
import { startNats } from '../nats.ts';
import { findNatsBinary } from '../nats-server.ts';
import { versionOf } from '../nats-install.ts';
import { createFolders, dataDirFrom, pathsIn } from '../paths.ts';
import { freePort } from '../ports.ts';
import { ProcessRecord } from '../process-record.ts';
import { ensureSecrets } from '../secrets.ts';
import { NatsGuests } from './nats-guests.ts';
import { makeScratchFolder } from './scratch-folder.ts';

export const EDGE = 'edge_1';

export interface PermittedNats {
  url: string;
  folder: string;
  identity: NatsIdentity;
  /** Every service under its name, and the edge `edge_1` of `org_a` as `edge`, each logged in with what it would be given. */
  guests: NatsGuests;
  stop(): Promise<void>;
}

/** The embedded broker as a start configures it. */
export async function startPermittedNats(): Promise<PermittedNats> {
  const undo = new AsyncDisposableStack();
  const folder = makeScratchFolder();
  undo.defer(() => folder.remove());
  const paths = pathsIn(folder.path);
  createFolders(paths);
  const identity = natsIdentity(ensureSecrets(paths.secrets, []).nats);
  const binDir = pathsIn(dataDirFrom({})).bin;
  const path = process.env.PATCHBAY_NATS_SERVER ?? (await findNatsBinary({ env: process.env, binDir, note: () => {} }));
  const choice = { kind: 'binary' as const, path, version: (await versionOf(path))! };
  const port = await freePort();
  await startNats({ choice, paths, port, identity, record: new ProcessRecord(paths.processes), undo });
  const url = `nats://127.0.0.1:${port}`;
  const guests = new NatsGuests();
  undo.defer(() => guests.leave());
  for (const name of SERVICE_NAMES) {
    await guests.logIn(name, { url, creds: await mintServiceCreds(identity, name), inboxPrefix: serviceInbox(name) });
  }
  const { publish, subscribe } = edgePermissions('org_a', EDGE);
  const creds = await mintCreds(identity, EDGE, { pub: { allow: publish }, sub: { allow: subscribe } });
  await guests.logIn('edge', { url, creds, inboxPrefix: edgeInbox(EDGE) });
  return { url, folder: folder.path, identity, guests, stop: () => undo.disposeAsync() };
}
