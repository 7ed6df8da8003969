import type { ApiKey } from '@patchbay/contracts/access';
import { Ago } from '../frame/ago.tsx';
import { ConfirmButton } from '../frame/confirm-button.tsx';
import { ChangeProblem } from '../frame/notice.tsx';
import { useNow } from '../frame/use-now.ts';
import { useAccess, useMay } from '../gateway/access.ts';
import { useChange, type Change } from '../gateway/use-change.ts';
import { EndBadge } from './end-badge.tsx';
import { endState } from './expiry.ts';
import type { NewKey } from './new-key.ts';
import { ReplaceButton } from './replace-button.tsx';

interface KeysTableProps {
  apiKeys: ApiKey[];
  onRotated(key: NewKey): void;
  onChanged(): void;
}

export function KeysTable({ apiKeys, onRotated, onChanged }: KeysTableProps) {
  const change = useChange();
  const now = useNow(true);
  const mayWrite = useMay('keys:write');
  return (
    <>
      <ChangeProblem problem={change.problem} />
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col">May</th>
            <th scope="col">Last used</th>
            <th scope="col">Created</th>
            <th scope="col">Ends</th>
            {mayWrite && <th scope="col">Actions</th>}
          </tr>
        </thead>
        <tbody>
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
        </tbody>
      </table>
    </>
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
      <td data-label="Last used" className="when">
        <Ago at={lastUsedAt} now={now} />
      </td>
      <td data-label="Created" className="when">
        <Ago at={createdAt} now={now} />
      </td>
      <td data-label="Ends" className="when">
        <Ago at={expiresAt} now={now} none="never" />
      </td>
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
