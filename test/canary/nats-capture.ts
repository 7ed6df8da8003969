import { connect, credsAuthenticator, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { appendFileSync } from 'node:fs';
import { mintCreds, natsIdentity } from '../../infra/local/nats-config.ts';
import { pathsIn } from '../../infra/local/paths.ts';
import { ensureSecrets } from '../../infra/local/secrets.ts';

/** Somebody who may hear everything: writes down every message of the account, with its subjects and headers. */
export class NatsCapture {
  messages = 0;
  readonly #nats: NatsConnection;

  private constructor(nats: NatsConnection, file: string) {
    this.#nats = nats;
    nats.subscribe('>', {
      callback: (error, message) => {
        if (error) throw error;
        this.messages += 1;
        appendFileSync(file, written(message));
      },
    });
  }

  static async start({ natsUrl, dataDir, file }: { natsUrl: string; dataDir: string; file: string }): Promise<NatsCapture> {
    const identity = natsIdentity(ensureSecrets(pathsIn(dataDir).secrets, []).nats);
    const creds = await mintCreds(identity, 'canary', { pub: { allow: ['_INBOX.>'] }, sub: { allow: ['>'] } });
    const nats = await connect({ servers: natsUrl, authenticator: credsAuthenticator(creds), maxReconnectAttempts: -1 });
    const capture = new NatsCapture(nats, file);
    // From here on the server knows that somebody listens.
    await nats.flush();
    return capture;
  }

  async stop(): Promise<void> {
    await this.#nats.drain();
  }
}

function written({ subject, reply, headers, data }: Msg): Buffer {
  const marks = headers ? [...headers].map(([name, values]) => `${name}: ${values.join(', ')}`) : [];
  return Buffer.concat([Buffer.from(`${[`MSG ${subject} ${reply ?? ''}`, ...marks].join('\n')}\n\n`), data, Buffer.from('\n')]);
}
