import type { ApiKey } from '@patchbay/contracts/access';
import { ConfirmButton } from '../frame/confirm-button.tsx';
import { useNow } from '../frame/use-now.ts';
import { WhenCell } from '../frame/when-cell.tsx';
import { useAccess, useMay } from '../gateway/access.ts';
import { useChange, type Change } from '../gateway/use-change.ts';
import { ActedTable } from './acted-table.tsx';
import { EndBadge } from './end-badge.tsx';
import { endState } from './expiry.ts';
import type { NewKey } from './new-key.ts';
import { ReplaceButton } from './replace-button.tsx';

interface KeysTableProps {
  apiKeys: ApiKey[];
  onRotated(key: NewKey): void;
  onChanged(): void;
}

const COLUMNS = ['Name', 'State', 'May', 'Last used', 'Created', 'Ends'] as const;

export function KeysTable({ apiKeys, onRotated, onChanged }: KeysTableProps) {
  const change = useChange();
  const now = useNow(true);
  const mayWrite = useMay('keys:write');
  return (
    <ActedTable columns={COLUMNS} mayAct={mayWrite} change={change}>
      {apiKeys.map((key) => (
        <tr key={key.apiKeyId}>
          <KeyCells apiKey={key} apiKeys={apiKeys} now={now} />
          {mayWrite && (
            <td className="actions">
              {endState(key, now) !== 'revoked' && endState(key, now) !== 'expired' && (
                <KeyActions apiKey={key} change={change} onRotated={onRotated} onChanged={onChanged} />
              )}
            </td>
          )}
        </tr>
      ))}
    </ActedTable>
  );
}

function KeyCells({ apiKey, apiKeys, now }: { apiKey: ApiKey; apiKeys: ApiKey[]; now: Date }) {
  const { caller } = useAccess();
  const { apiKeyId, name, permissions, createdAt, expiresAt, lastUsedAt, replaces } = apiKey;
  const isReplaced = endState(apiKey, now) === 'ends soon' && apiKeys.some((other) => other.replaces === apiKeyId);
  return (
    <>
      <td className="name">
        {name} {caller.apiKeyId === apiKeyId && <span className="tag">this one</span>}
        {replaces && <span className="quiet small"> in place of an older one</span>}
        {isReplaced && <span className="quiet small"> being replaced</span>}
      </td>
      <td data-label="State">
        <EndBadge of={apiKey} now={now} />
      </td>
      <td data-label="May" className="permissions-cell">
        {permissions.length === 1 ? (
          permissions[0]
        ) : (
          <details>
            <summary>{permissions.length} permissions</summary>
            {permissions.join(', ')}
          </details>
        )}
      </td>
      <WhenCell label="Last used" at={lastUsedAt} now={now} />
      <WhenCell label="Created" at={createdAt} now={now} />
      <WhenCell label="Ends" at={expiresAt} now={now} none="never" />
    </>
  );
}

interface KeyActionsProps {
  apiKey: ApiKey;
  change: Change;
  onRotated(key: NewKey): void;
  onChanged(): void;
}

function KeyActions({ apiKey: { apiKeyId, name }, change, onRotated, onChanged }: KeyActionsProps) {
  const rotate = async (overlapHours: number) => {
    const made = await change.make<NewKey>('POST', `/v1/api-keys/${apiKeyId}/rotate`, { overlapHours });
    if (made) onRotated(made);
  };
  const revoke = async () => {
    await change.make('DELETE', `/v1/api-keys/${apiKeyId}`);
    onChanged();
  };
  return (
    <>
      <ReplaceButton
        label="Rotate"
        about={name}
        title={`Make the key that replaces ${name}`}
        isBusy={change.isBusy}
        onReplace={({ overlapHours }) => void rotate(overlapHours)}
      >
        The new key may do the same and is shown once. It lives as long as this one was made to.
      </ReplaceButton>
      <ConfirmButton label="Revoke" about={name} title={`Revoke ${name}?`} isBusy={change.isBusy} onConfirm={() => void revoke()}>
        Programs that use it are refused at once, and it cannot be brought back.
      </ConfirmButton>
    </>
  );
}
