import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Person } from '@patchbay/contracts/access';
import type { credentials } from '@patchbay/contracts/credentials';
import type { ReplyOf } from '@patchbay/contracts/define';
import type { Role } from '@patchbay/contracts/permissions';
import { actingAs, byKey } from './acting-as.ts';
import { signInAt } from './browser.ts';
import { runCredentials, signInEnv, type RunningCredentials } from './running-credentials.ts';
import { runIssuer, type RunningIssuer } from './running-issuer.ts';

export const BROWSER = 'browser-of-ada-0123456789';
export const PEOPLE = {
  ada: { email: 'Ada@Clinic.example', email_verified: true, name: 'Ada Lovelace' },
  bob: { email: 'bob@clinic.example', email_verified: true },
  eve: { email: 'eve@clinic.example', email_verified: false },
  // As some providers write it for addresses that nobody checked.
  mal: { email: 'mal@clinic.example', email_verified: 'true' },
};
export type Subject = keyof typeof PEOPLE;

type Started = ReplyOf<typeof credentials.startSignIn>;
type SignedIn = ReplyOf<typeof credentials.completeSignIn>;

/** One service and one identity provider for a whole file; an organization with one key, and nobody in it, for each test. */
export class SignInScene {
  running!: RunningCredentials;
  issuer!: RunningIssuer;
  organizationId!: string;
  apiKeyId!: string;
  #count = 0;

  async start(): Promise<void> {
    this.issuer = await runIssuer({ people: PEOPLE });
    this.running = await runCredentials(signInEnv(this.issuer.url));
  }

  async begin(): Promise<void> {
    await this.running.query('delete from people');
    Object.assign(this, await this.organization());
  }

  async stop(): Promise<void> {
    await this.running.stop();
    await this.issuer.stop();
  }

  /** One more, with its first key. */
  async organization(): Promise<{ organizationId: string; apiKeyId: string }> {
    this.#count += 1;
    const { organizationId, apiKey } = await this.running.client.createOrganization({ name: `Clinic ${this.#count}` });
    const { apiKeyId } = await this.running.client.identify({ apiKey });
    return { organizationId, apiKeyId };
  }

  invite(email: string, role: Role = 'builder', { organizationId, apiKeyId }: { organizationId: string; apiKeyId: string } = this): Promise<Person> {
    return actingAs(byKey(apiKeyId), () => this.running.client.invitePerson({ organizationId, email, role }));
  }

  /** The redirect to the identity provider. */
  leave(returnTo = '/agents'): Promise<Started> {
    return this.running.client.startSignIn({ browserBinding: BROWSER, returnTo });
  }

  /** What the browser brings back when somebody has signed in there. */
  async sentBack(subject: Subject): Promise<Record<string, string>> {
    return signInAt((await this.leave()).url, subject);
  }

  comeBack(query: Record<string, string>, browserBinding = BROWSER): Promise<SignedIn> {
    return this.running.client.completeSignIn({ browserBinding, query });
  }

  async signIn(subject: Subject): Promise<SignedIn> {
    return this.comeBack(await this.sentBack(subject));
  }
}

/** Sets the scene for the tests of a file. */
export function setSignInScene(): SignInScene {
  const scene = new SignInScene();
  beforeAll(() => scene.start());
  beforeEach(() => scene.begin());
  afterAll(() => scene.stop());
  return scene;
}
