import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accessEvents, type AccessChange } from '@patchbay/contracts/access';
import { EventEnvelope } from '@patchbay/contracts/define';
import { actingAs, byKey } from '../testing/acting-as.ts';
import { signInAt } from '../testing/browser.ts';
import { runCredentials, signInEnv, type RunningCredentials } from '../testing/running-credentials.ts';
import { runIssuer, type RunningIssuer } from '../testing/running-issuer.ts';

const BROWSER = 'browser-of-ada-0123456789';
const ADA = 'ada@clinic.example';

let issuer: RunningIssuer;
let running: RunningCredentials;
let organizationId: string;
let apiKeyId: string;
let count = 0;
beforeAll(async () => {
  issuer = await runIssuer({ people: { ada: { email: ADA, email_verified: true } } });
  running = await runCredentials(signInEnv(issuer.url));
});
beforeEach(async () => {
  await running.query('delete from people');
  const made = await running.client.createOrganization({ name: `Clinic ${(count += 1)}` });
  organizationId = made.organizationId;
  ({ apiKeyId } = await running.client.identify({ apiKey: made.apiKey }));
});
afterAll(async () => {
  await running.stop();
  await issuer.stop();
});

const asOwner = <T>(work: () => Promise<T>) => actingAs(byKey(apiKeyId), work);
const newKey = () => asOwner(() => running.client.createApiKey({ organizationId, name: 'ci', permissions: ['calls:read'] }));

/** What everyone who listens is told next, as a gateway hears it. */
async function toldBy(work: () => Promise<unknown>): Promise<AccessChange['object']> {
  const subscription = running.nats.subscribe(accessEvents.accessChanged.subject, { max: 1 });
  await running.nats.flush();
  await work();
  for await (const message of subscription) {
    const envelope = EventEnvelope.parse(message.json());
    expect(envelope).toMatchObject({ organizationId, subject: message.subject });
    return accessEvents.accessChanged.payload.parse(envelope.payload).object;
  }
  throw new Error('Nobody was told anything.');
}

describe('gateways are told at once', () => {
  it('that an API key is revoked', async () => {
    const { apiKeyId: id } = await newKey();

    expect(await toldBy(() => asOwner(() => running.client.revokeApiKey({ organizationId, apiKeyId: id })))).toEqual({ kind: 'api_key', id });
  });

  it('that an API key was replaced, and which one', async () => {
    const { apiKeyId: id } = await newKey();

    expect(await toldBy(() => asOwner(() => running.client.rotateApiKey({ organizationId, apiKeyId: id, overlapHours: 0 })))).toEqual({ kind: 'api_key', id });
  });

  it('that an edge is renewed, and that it is revoked', async () => {
    const { edgeId: id } = await running.client.createEdge({ organizationId, name: 'Front desk' });

    expect(await toldBy(() => running.client.renewEdge({ organizationId, edgeId: id }))).toEqual({ kind: 'edge', id });
    expect(await toldBy(() => running.client.revokeEdge({ organizationId, edgeId: id }))).toEqual({ kind: 'edge', id });
  });

  it('that a person has another role, signs out, or is there no more', async () => {
    const { personId: id } = await asOwner(() => running.client.invitePerson({ organizationId, email: ADA, role: 'viewer' }));
    const { url } = await running.client.startSignIn({ browserBinding: BROWSER });
    const { token } = await running.client.completeSignIn({ browserBinding: BROWSER, query: await signInAt(url, 'ada') });

    expect(await toldBy(() => asOwner(() => running.client.changeRole({ organizationId, personId: id, role: 'builder' })))).toEqual({ kind: 'person', id });
    expect(await toldBy(() => running.client.endSignIn({ token }))).toEqual({ kind: 'person', id });
    expect(await toldBy(() => asOwner(() => running.client.removePerson({ organizationId, personId: id })))).toEqual({ kind: 'person', id });
  });
});

describe('gateways are told nothing', () => {
  const written = () => running.query<{ event_id: string }>('select event_id from outbox where org_id = $1', [organizationId]);

  it('of what was refused, and of what gives somebody more', async () => {
    const { apiKeyId: id } = await newKey();
    await running.client.createEdge({ organizationId, name: 'Front desk' });
    await asOwner(() => running.client.invitePerson({ organizationId, email: ADA, role: 'viewer' }));
    expect(await written()).toEqual([]);

    await asOwner(() => running.client.revokeApiKey({ organizationId, apiKeyId: id }));
    await expect(asOwner(() => running.client.revokeApiKey({ organizationId, apiKeyId: id }))).rejects.toMatchObject({ code: 'failed_precondition' });

    expect(await written()).toHaveLength(1);
  });
});
