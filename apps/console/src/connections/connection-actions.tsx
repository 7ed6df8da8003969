import { useState } from 'react';
import type { Connection } from '@patchbay/contracts/connections';
import { Ago } from '../frame/ago.tsx';
import { ChangeProblem, Notice } from '../frame/notice.tsx';
import { useChange } from '../gateway/use-change.ts';
import { healthWords } from './health-words.ts';
import { isAgreedTo, isRefreshed } from './kinds.ts';

interface ConnectionActionsProps {
  connection: Connection;
  now: Date;
  onChanged(): void;
}

/** What can be done with a connection, as far as it makes sense where it is. */
export function ConnectionActions({ connection, now, onChanged }: ConnectionActionsProps) {
  const change = useChange();
  const [news, setNews] = useState<string | null>(null);
  const path = `/v1/connections/${connection.connectionId}`;
  const act = async (operation: string, tell: (done: Connection) => string) => {
    setNews(null);
    const done = await change.make<Connection>('POST', `${path}/${operation}`);
    if (done) setNews(tell(done));
    // A refused check has changed something too: the health.
    onChanged();
  };
  const makeDefault = async () => {
    if (await change.make('PATCH', path, { isDefault: true })) setNews('It is the default now.');
    onChanged();
  };
  const remove = async () => {
    setNews(null);
    await change.make('DELETE', path);
    onChanged();
  };
  return (
    <>
      {connection.lifecycle === 'deleted' ? (
        <Deleted connection={connection} now={now} isBusy={change.isBusy} onUndo={() => void act('undelete', () => 'It is back, as it was.')} />
      ) : (
        <div className="buttons actions" role="group" aria-label="What you can do">
          <Buttons connection={connection} isBusy={change.isBusy} act={(operation, tell) => void act(operation, tell)} />
          {!connection.isDefault && connection.kind !== 'signing_secret' && (
            <button type="button" disabled={change.isBusy} onClick={() => void makeDefault()}>
              Make it the default
            </button>
          )}
          <button type="button" className="danger" disabled={change.isBusy} onClick={() => void remove()}>
            Delete
          </button>
        </div>
      )}
      <ChangeProblem problem={change.problem} />
      <p role="status" className="news">
        {news}
      </p>
    </>
  );
}

interface ButtonsProps {
  connection: Connection;
  isBusy: boolean;
  act(operation: string, tell: (done: Connection) => string): void;
}

function Buttons({ connection, isBusy, act }: ButtonsProps) {
  const { lifecycle, check } = connection;
  const isActive = lifecycle === 'active';
  const button = (label: string, operation: string, tell: (done: Connection) => string) => (
    <button type="button" disabled={isBusy} onClick={() => act(operation, tell)}>
      {label}
    </button>
  );
  return (
    <>
      {isAgreedTo(connection) && <ConnectAccount connection={connection} />}
      {isActive && check && button('Check now', 'check', checkedWords)}
      {isActive && isRefreshed(connection) && button('Refresh the access now', 'refresh', () => 'The provider gave a new access token.')}
      {isActive && button('Disable', 'disable', () => 'It is not used from now on.')}
      {lifecycle === 'disabled' && button('Enable', 'enable', () => 'It is used again.')}
    </>
  );
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
