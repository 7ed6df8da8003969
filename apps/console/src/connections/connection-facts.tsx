import type { Connection } from '@patchbay/contracts/connections';
import { Ago } from '../frame/ago.tsx';
import { Fact } from '../frame/fact.tsx';
import { HealthBadge, Marks, StatusBadge } from './connection-badges.tsx';
import { isRefreshed, kindTitle } from './kinds.ts';

export function ConnectionFacts({ connection, now }: { connection: Connection; now: Date }) {
  const { name, provider, kind, hint, settings, check, origins, lastCheckedAt, lastRefreshedAt, lastUsedAt, nextRefreshAt, expiresAt } = connection;
  return (
    <header className="facts">
      <h1>
        {name} <StatusBadge connection={connection} /> <Marks connection={connection} />
      </h1>
      <dl>
        <Fact name="Health">
          <HealthBadge connection={connection} />
        </Fact>
        <Fact name="Provider">{provider}</Fact>
        <Fact name="Kind">{kindTitle(kind)}</Fact>
        <Fact name="Secret">{hint === '' ? null : <code>{`••••${hint}`}</code>}</Fact>
        <Fact name="User name">{settings.username}</Fact>
        <Fact name="Header">{settings.header ?? settings.headerNames?.join(', ')}</Fact>
        <Fact name="Server">{settings.mcp && <code>{settings.mcp.url}</code>}</Fact>
        <Fact name="Client">{settings.oauth && <code>{settings.oauth.clientId}</code>}</Fact>
        <Fact name="May be used for">{kind === 'none' ? null : origins.length === 0 ? 'any address' : <code>{origins.join(' ')}</code>}</Fact>
        <Fact name="Last checked">
          <Ago at={lastCheckedAt} now={now} none={check ? 'never' : 'has no check'} />
        </Fact>
        <Fact name="Last good use">
          <Ago at={lastUsedAt} now={now} none="not used yet" />
        </Fact>
        <Fact name="Next refresh">{isRefreshed(connection) ? <Ago at={nextRefreshAt} now={now} none="none planned" /> : null}</Fact>
        <Fact name="Access token expires">
          {isRefreshed(connection) ? <Ago at={expiresAt} now={now} none={lastRefreshedAt ? 'the provider did not say' : 'no token yet'} /> : null}
        </Fact>
      </dl>
    </header>
  );
}
