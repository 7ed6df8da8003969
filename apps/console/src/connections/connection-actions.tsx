import { useEffect, useState } from 'react';
import type { Connection } from '@patchbay/contracts/connections';
import { Ago } from '../frame/ago.tsx';
import { ConfirmButton } from '../frame/confirm-button.tsx';
import { ChangeProblem, Notice } from '../frame/notice.tsx';
import { useChange } from '../gateway/use-change.ts';
import { healthWords } from './health-words.ts';
import { isAgreedTo, isRefreshed, isRevocable } from './kinds.ts';

interface ConnectionActionsProps {
  connection: Connection;
  now: Date;
  onChanged(): void;
}

/** Long enough to read twice; later it would stand beside what happened since. */
const NEWS_MS = 10_000;

/** What can be done with a connection, as far as it makes sense where it is. */
export function ConnectionActions({ connection, now, onChanged }: ConnectionActionsProps) {
  const change = useChange();
  const [news, setNews] = useState<string | null>(null);
  useEffect(() => {
    if (news === null) return;
    const timer = window.setTimeout(() => setNews(null), NEWS_MS);
    return () => window.clearTimeout(timer);
  }, [news]);
  const path = `/v1/connections/${connection.connectionId}`;
  const make = async (done: Promise<Connection | null>, tell: (changed: Connection) => string) => {
    setNews(null);
    const changed = await done;
    if (changed) setNews(tell(changed));
    // A refused check has changed something too: the health.
    onChanged();
  };
  const act: Act = (operation, tell) => void make(change.make('POST', `${path}/${operation}`), tell);
  const makeDefault = () => void make(change.make('PATCH', path, { isDefault: true }), () => 'It is the default now.');
  const remove = () => void make(change.make('DELETE', path), () => '');
  return (
    <>
      {connection.lifecycle === 'deleted' ? (
        <Deleted connection={connection} now={now} isBusy={change.isBusy} onUndo={() => act('undelete', () => 'It is back, as it was.')} />
      ) : (
        <Buttons connection={connection} isBusy={change.isBusy} act={act} onMakeDefault={makeDefault} onDelete={remove} />
      )}
      <ChangeProblem problem={change.problem} />
      <p role="status" className="news">
        {news}
      </p>
    </>
  );
}

/** Does something by its name in the API; `tell` says what came of it. */
type Act = (operation: string, tell: (changed: Connection) => string) => void;

interface ButtonsProps {
  connection: Connection;
  isBusy: boolean;
  act: Act;
  onMakeDefault(): void;
  onDelete(): void;
}

function Buttons({ connection, isBusy, act, onMakeDefault, onDelete }: ButtonsProps) {
  const { name, lifecycle, health, check, kind, isDefault } = connection;
  const isActive = lifecycle === 'active';
  const button = (label: string, onClick: () => void) => (
    <button type="button" disabled={isBusy} onClick={onClick}>
      {label}
    </button>
  );
  return (
    <div className="buttons actions" role="group" aria-label="What you can do">
      {isAgreedTo(connection) && <ConnectAccount connection={connection} />}
      {isActive && check && health !== 'revoked' && button('Check now', () => act('check', checkedWords))}
      {isActive && isRefreshed(connection) && health !== 'revoked' && button('Refresh the access now', () => act('refresh', () => 'The provider gave a new access token.'))}
      {isActive && button('Disable', () => act('disable', () => 'It is not used from now on.'))}
      {lifecycle === 'disabled' && button('Enable', () => act('enable', () => 'It is used again.'))}
      {isRevocable(connection) && (
        <ConfirmButton label="Revoke the access" about={`of ${name}`} title={`Revoke the access of ${name}?`} isBusy={isBusy} onConfirm={() => act('revoke', revokedWords)}>
          The provider is asked to end the access, and the tokens are destroyed here. No function can use the account until somebody connects it again.
        </ConfirmButton>
      )}
      {!isDefault && kind !== 'signing_secret' && button('Make it the default', onMakeDefault)}
      <button type="button" className="danger" disabled={isBusy} onClick={onDelete}>
        Delete
      </button>
    </div>
  );
}

function revokedWords({ reason }: Connection): string {
  return reason?.text ?? 'The access was taken back.';
}

function checkedWords({ health, reason }: Connection): string {
  return `Checked just now: ${healthWords(health).words}. ${reason?.text ?? ''}`;
}

/** Leaves the console for the provider, and comes back to this page. */
function ConnectAccount({ connection: { connectionId, lifecycle } }: { connection: Connection }) {
  const { make, isBusy, problem } = useChange();
  const leave = async () => {
    const started = await make<{ url: string }>('POST', `/v1/connections/${connectionId}/authorize`, { returnTo: `/connections/${connectionId}` });
    if (started) window.location.assign(started.url);
  };
  return (
    <>
      <button type="button" className={lifecycle === 'draft' ? 'primary' : undefined} disabled={isBusy} onClick={() => void leave()}>
        {lifecycle === 'draft' ? 'Connect the account' : 'Connect the account again'}
      </button>
      {problem && <ChangeProblem problem={problem} />}
    </>
  );
}

interface DeletedProps {
  connection: Connection;
  now: Date;
  isBusy: boolean;
  onUndo(): void;
}

function Deleted({ connection: { undeleteUntil }, now, isBusy, onUndo }: DeletedProps) {
  if (undeleteUntil === null) {
    return (
      <Notice tone="warning" title="This connection is deleted">
        Its secrets are destroyed. Create a new one in its place.
      </Notice>
    );
  }
  return (
    <Notice tone="warning" title="This connection is deleted">
      Nothing uses it any more. Its secrets are destroyed <Ago at={undeleteUntil} now={now} />; until then you can take
      this back.{' '}
      <button type="button" disabled={isBusy} onClick={onUndo}>
        Undo
      </button>
    </Notice>
  );
}
