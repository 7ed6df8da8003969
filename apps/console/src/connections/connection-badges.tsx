import type { Connection } from '@patchbay/contracts/connections';
import { Badge } from '../frame/badge.tsx';
import { healthWords, STATUS_TONES } from './health-words.ts';

export function StatusBadge({ connection: { status, lifecycle } }: { connection: Connection }) {
  const words = lifecycle === 'disabled' || lifecycle === 'deleted' ? lifecycle : status;
  return <Badge tone={STATUS_TONES[status]}>{words}</Badge>;
}

/** Whether it works, which says nothing while it is not in use. */
export function HealthBadge({ connection: { health, lifecycle } }: { connection: Connection }) {
  if (lifecycle !== 'active') return <span className="quiet">not in use</span>;
  const { tone, words } = healthWords(health);
  return <Badge tone={tone}>{words}</Badge>;
}

export function Marks({ connection: { environment, isDefault } }: { connection: Connection }) {
  return (
    <>
      {environment === 'sandbox' && <span className="tag sandbox">sandbox</span>}
      {isDefault && (
        <span className="tag" title="Functions of this provider that name no connection use this one.">
          default
        </span>
      )}
    </>
  );
}
