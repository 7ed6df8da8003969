import { useState } from 'react';
import type { Connection } from '@patchbay/contracts/connections';
import { TextField } from '../forms/field.tsx';
import { Form } from '../forms/form.tsx';
import { useChange } from '../gateway/use-change.ts';
import { CheckFields } from './check-fields.tsx';
import { changedUse, EMPTY_DRAFT, draftOfUse, wordsIn } from './connection-draft.ts';
import { OriginsField } from './origins-field.tsx';

/** What of a connection is not secret and can be changed; shown as it is until somebody wants to. */
export function EditConnection({ connection, onChanged }: { connection: Connection; onChanged(): void }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const { check, kind } = connection;
  return (
    <section className="panel">
      <h2>Settings</h2>
      {isOpen ? (
        <EditForm connection={connection} onChanged={onChanged} onClose={close} />
      ) : (
        <>
          {kind !== 'signing_secret' && (
            <p>
              Check:{' '}
              {check ? <code>{`${check.method} ${check.url}`}</code> : <span className="quiet">none, so only its use tells whether it works</span>}
              {check?.success && (
                <>
                  {' '}
                  if <code>{check.success}</code>
                </>
              )}
            </p>
          )}
          <button type="button" onClick={() => setOpen(true)}>
            Edit name{kind === 'signing_secret' ? ' and addresses' : ', check and addresses'}
          </button>
        </>
      )}
    </section>
  );
}

const WHEN_STORED = 'For more addresses than before it must be given again: rotate the secret, or revoke the access and connect the account again.';

function EditForm({ connection, onChanged, onClose }: { connection: Connection; onChanged(): void; onClose(): void }) {
  const change = useChange();
  const { settings, kind } = connection;
  const [name, setName] = useState(connection.name);
  const [use, setUse] = useState(() => draftOfUse(connection));
  const [scopes, setScopes] = useState(settings.oauth?.scopes.join(' ') ?? '');
  const isSigning = kind === 'signing_secret';
  const save = async () => {
    const body = {
      name,
      ...changedUse({ ...EMPTY_DRAFT, ...use }, connection),
      ...(settings.oauth && { scopes: wordsIn(scopes) }),
    };
    if (!(await change.make('PATCH', `/v1/connections/${connection.connectionId}`, body))) return;
    onChanged();
    onClose();
  };
  const cancel = (
    <button type="button" onClick={onClose}>
      Cancel
    </button>
  );
  return (
    <Form change={change} onSubmit={() => void save()} submit="Save" submitting="Saving…" more={cancel}>
      <TextField label="Name" path="name" isRequired value={name} onChange={setName} />
      {settings.oauth && (
        <TextField
          label="Scopes"
          path="scopes"
          help="Separated by spaces. New ones are granted when somebody connects the account again."
          value={scopes}
          onChange={setScopes}
        />
      )}
      {!isSigning && <CheckFields check={use.check} onChange={(check) => setUse({ ...use, check })} />}
      {kind !== 'none' && <OriginsField origins={use.origins} onChange={(origins) => setUse({ ...use, origins })} help={WHEN_STORED} />}
    </Form>
  );
}
