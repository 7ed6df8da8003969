import { describe, expect, it } from '@jest/globals';
import { refusal } from '../testing/oauth-connections.ts';
import { setOAuthScene } from '../testing/oauth-scene.ts';

const scene = setOAuthScene({ loops: false });

const refreshes = () => scene.provider.refreshTokensShown;
const later = (ms: number) => new Date(Date.now() + ms);
const HOUR = 3_600_000;

describe('refreshConnection', () => {
  it('gets a new access token and keeps the old refresh token when the answer has none', async () => {
    const connection = await scene.ours.connectedAMinuteAgo();
    const before = await scene.ours.token(connection);

    await scene.ours.refresh(connection);
    await scene.ours.age(connection, '1 minute');
    await scene.ours.refresh(connection);

    expect(await scene.ours.token(connection)).not.toBe(before);
    expect(refreshes()).toHaveLength(2);
    expect(new Set(refreshes()).size).toBe(1);
  });

  it('is counted by what came of it', async () => {
    const counted = async () => {
      const answer = await fetch(`${scene.running.service.url}/metrics`, { headers: { connection: 'close' } });
      const text = await answer.text();
      return ['refreshed', 'refused'].map((outcome) => Number(new RegExp(`^patchbay_token_refreshes_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1]));
    };
    const [refreshed, refused] = (await counted()) as [number, number];
    const connection = await scene.ours.connectedAMinuteAgo();

    await scene.ours.refresh(connection);
    expect(await counted()).toEqual([refreshed + 1, refused]);
    await scene.ours.age(connection, '1 minute');
    scene.provider.issued.forgetRefreshTokens();
    await refusal(scene.ours.refresh(connection));
    expect(await counted()).toEqual([refreshed + 1, refused + 1]);
  });

  it('uses each refresh token once when the provider replaces them', async () => {
    scene.provider.issued.rotation = 'strict';
    const connection = await scene.ours.connectedAMinuteAgo();

    await scene.ours.refresh(connection);
    await scene.ours.age(connection, '1 minute');
    await scene.ours.refresh(connection);

    expect(new Set(refreshes()).size).toBe(2);
  });

  it('leaves no older version of the tokens behind', async () => {
    const connection = await scene.ours.connectedAMinuteAgo();
    await scene.ours.refresh(connection);

    const kept = await scene.running.query(`select version from connection_secrets where connection_id = $1 and purpose = 'tokens'`, [
      connection.connectionId,
    ]);

    expect(kept).toEqual([{ version: 2 }]);
  });

  it('asks once for those who ask together, and a moment later', async () => {
    scene.provider.issued.rotation = 'strict';
    const connection = await scene.ours.connectedAMinuteAgo();

    await Promise.all(Array.from({ length: 20 }, () => scene.ours.refresh(connection)));
    await scene.ours.refresh(connection);

    expect(refreshes()).toHaveLength(1);
  });

  it('finishes what it began when the caller has gone, and what it got is there for the next one', async () => {
    scene.provider.issued.rotation = 'strict';
    const connection = await scene.ours.connectedAMinuteAgo();
    const { arrived, release } = scene.provider.hold();
    const { organizationId } = scene.ours;

    const gone = scene.running.client.refreshConnection({ organizationId, connectionId: connection.connectionId }, { timeoutMs: 300 });
    await arrived;
    expect(await refusal(gone)).toMatchObject({ code: 'deadline_exceeded' });
    release();
    await scene.ours.refresh(connection);

    expect(refreshes()).toHaveLength(1);
    expect(scene.provider.issued.knows((await scene.ours.token(connection))!)).toBe(true);
  });

  it('does not replace what a person connected while it was under way', async () => {
    const connection = await scene.ours.connectedAMinuteAgo();
    const { arrived, release } = scene.provider.hold();
    const refreshing = scene.ours.refresh(connection);
    await arrived;
    await scene.ours.connect(connection.connectionId);
    const connected = await scene.ours.token(connection);
    release();
    await refreshing;

    expect(await scene.ours.token(connection)).toBe(connected);
    expect(await scene.ours.row(connection)).toMatchObject({ version: 2, lease_id: null });
  });

  it.each([
    ['answers a page', { status: 200, body: '<html>login</html>', type: 'text/html' }],
    ['answers 200 with an error', { status: 200, body: '{"error":"token_expired"}' }],
    ['answers 200 with no token', { status: 200, body: '{"ok":false}' }],
    ['answers 503', { status: 503, body: 'upstream connect error' }],
    ['answers 503 with an error of the protocol', { status: 503, body: '{"error":"invalid_grant"}' }],
    ['pours a GiB', 'flood'],
    ['is cut off before its answer', 'cut'],
    ['does not know the client secret', { status: 401, body: '{"error":"invalid_client"}', headers: { 'www-authenticate': 'Basic realm="x"' } }],
  ] as const)('says so when the provider %s, keeps the refresh token and tries again', async (_name, trouble) => {
    const connection = await scene.ours.connectedAMinuteAgo();
    scene.provider.trouble(trouble);

    expect(await refusal(scene.ours.refresh(connection))).toMatchObject({
      code: 'failed_precondition',
      message: expect.stringMatching(/^The token end point /),
    });
    expect(await scene.ours.get(connection)).toMatchObject({ lifecycle: 'active', health: 'refresh_failing', nextRefreshAt: expect.any(String) });
    expect(await scene.ours.token(connection)).toMatch(/^at_/);
    await scene.loop.tick(later(HOUR));

    expect(await scene.ours.get(connection)).toMatchObject({ health: 'healthy', reason: null });
    expect(new Set(refreshes()).size).toBe(1);
  });

  it('is over with a provider that hangs, and the next one is free to try', async () => {
    const connection = await scene.ours.connectedAMinuteAgo();
    scene.provider.trouble('hang');

    const { organizationId } = scene.ours;
    const hung = scene.running.client.refreshConnection({ organizationId, connectionId: connection.connectionId }, { timeoutMs: 15_000 });

    expect(await refusal(hung)).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('could not be asked') });
    expect(await scene.ours.row(connection)).toMatchObject({ lease_id: null, unsure: true, ended_at: null, failures: 1 });
    await scene.ours.refresh(connection);
    expect(await scene.ours.get(connection)).toMatchObject({ health: 'healthy' });
  }, 20_000);

  it('needs a person after invalid_grant, and works again when the account is connected anew', async () => {
    const connection = await scene.ours.connectedAMinuteAgo();
    scene.provider.issued.forgetRefreshTokens();

    expect(await refusal(scene.ours.refresh(connection))).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('invalid_grant') });
    expect(await scene.ours.get(connection)).toMatchObject({ health: 'reconnect_required', nextRefreshAt: null, reason: { fault: 'organization' } });
    await scene.loop.tick(later(24 * HOUR));
    expect(refreshes()).toHaveLength(1);

    expect(await scene.ours.connect(connection.connectionId)).toMatchObject({ health: 'healthy' });
  });

  it('does not take invalid_grant for the end when there are newer tokens by then', async () => {
    const connection = await scene.ours.connectedAMinuteAgo();
    scene.provider.issued.forgetRefreshTokens();
    const { arrived, release } = scene.provider.hold();
    const refreshing = scene.ours.refresh(connection);
    await arrived;
    await scene.ours.connect(connection.connectionId);
    release();

    expect(await refreshing).toMatchObject({ health: 'healthy' });
    expect(await scene.ours.row(connection)).toMatchObject({ version: 2, ended_at: null, failures: 0 });
  });

  it('is refused where there is no refresh token, and changes nothing', async () => {
    scene.provider.givesRefreshTokens = false;
    const connection = await scene.ours.connectedAMinuteAgo();

    expect(await refusal(scene.ours.refresh(connection))).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('refresh token') });
    expect(await scene.ours.get(connection)).toMatchObject({ health: 'healthy' });
  });

  it('is nothing for an account that was never connected', async () => {
    expect(await refusal(scene.ours.refresh(await scene.ours.draft()))).toMatchObject({ code: 'failed_precondition' });
  });

  it('shows no token in what it says or logs in the audit', async () => {
    const connection = await scene.ours.connectedAMinuteAgo();
    const refreshed = await scene.ours.refresh(connection);

    const rows = await scene.running.query(`select change::text from audit_entries where org_id = $1`, [scene.ours.organizationId]);
    expect(rows.map(({ change }) => change).join()).toContain('connection.refreshed');
    expect(JSON.stringify([refreshed, rows])).not.toMatch(/at_|rt_|shh_/);
  });
});
