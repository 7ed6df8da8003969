import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { connect, credsAuthenticator, PermissionViolationError, type NatsConnection } from '@nats-io/transport-node';

/** Everybody who has logged in to a server, and what it lets each of them do. */
export class NatsGuests {
  readonly #connections = new Map<string, NatsConnection>();
  readonly #refused = new Set<string>();

  async logIn(name: string, login: { url: string; creds: Uint8Array; inboxPrefix: string }): Promise<void> {
    const authenticator = credsAuthenticator(login.creds);
    const nats = await connect({ servers: login.url, authenticator, inboxPrefix: login.inboxPrefix, reconnect: false });
    this.#connections.set(name, nats);
    void this.#rememberRefusals(nats);
  }

  of(name: string): NatsConnection {
    return this.#connections.get(name)!;
  }

  /** Those of the subjects that the server lets somebody publish to, sorted. Nothing is said in reply, so nothing is done. */
  async publishable(name: string, subjects: string[]): Promise<string[]> {
    const nats = this.of(name);
    for (const subject of subjects) nats.publish(subject);
    return this.#notRefused(nats, subjects);
  }

  /** Those of the subjects that the server lets somebody subscribe to, sorted. */
  async hearable(name: string, subjects: string[], queue?: string): Promise<string[]> {
    const nats = this.of(name);
    const options = { ...(queue ? { queue } : {}), callback: () => undefined };
    const heard = subjects.map((subject) => nats.subscribe(subject, options));
    const left = await this.#notRefused(nats, subjects);
    for (const subscription of heard) subscription.unsubscribe();
    return left;
  }

  async leave(): Promise<void> {
    await Promise.all([...this.#connections.values()].map((nats) => nats.close()));
  }

  /** The server says what it refuses before it answers the ping of a flush; what it said is read by the end of that turn. */
  async #notRefused(nats: NatsConnection, subjects: string[]): Promise<string[]> {
    this.#refused.clear();
    await nats.flush();
    await turnOfTheLoop();
    return subjects.filter((subject) => !this.#refused.has(subject)).toSorted();
  }

  async #rememberRefusals(nats: NatsConnection): Promise<void> {
    for await (const status of nats.status()) {
      if (status.type === 'error' && status.error instanceof PermissionViolationError) this.#refused.add(status.error.subject);
    }
  }
}
