import type { Connection } from '@patchbay/contracts/connections';
import { Badge, type Tone } from '../frame/badge.tsx';
import { scopeStates, type ScopeState } from './scopes.ts';

const STATES: Readonly<Record<ScopeState['state'], { tone: Tone; words: string }>> = {
  granted: { tone: 'good', words: 'granted' },
  missing: { tone: 'bad', words: 'not granted' },
  unasked: { tone: 'quiet', words: 'granted, not asked for' },
  unknown: { tone: 'doubt', words: 'the provider did not say' },
};

/** What was asked of the provider, and what of it was granted. */
export function ScopeList({ connection: { settings, grantedScopes, health } }: { connection: Connection }) {
  const scopes = scopeStates(settings.oauth?.scopes ?? [], health === 'revoked' ? [] : grantedScopes);
  return (
    <section className="panel">
      <h2>Scopes</h2>
      {scopes.length === 0 && <p className="quiet">None were asked for; the provider decides what the account may do.</p>}
      <ul className="scopes">
        {scopes.map(({ scope, state }) => (
          <li key={scope}>
            <code>{scope}</code>
            <Badge tone={STATES[state].tone}>{STATES[state].words}</Badge>
          </li>
        ))}
      </ul>
    </section>
  );
}
