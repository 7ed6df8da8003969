import { useState } from 'react';
import type { ConnectionKind } from '@patchbay/contracts/connection-kinds';
import type { Connection } from '@patchbay/contracts/connections';
import { CheckField, ChoiceField, TextField } from '../forms/field.tsx';
import { Form } from '../forms/form.tsx';
import { Link, navigate } from '../frame/navigation.tsx';
import { ShownOnce } from '../frame/shown-once.tsx';
import { useChange } from '../gateway/use-change.ts';
import { CheckFields } from './check-fields.tsx';
import { EMPTY_DRAFT, isSigning, originsOf, requestOf, type ConnectionDraft } from './connection-draft.ts';
import { KindChoice } from './kind-choice.tsx';
import { KindFields } from './kind-fields.tsx';
import { OriginsField } from './origins-field.tsx';
import { couldNotVerify, inPlainWords } from './not-verified.ts';

interface Made {
  connection: Connection;
  secret: string;
}

export function NewConnectionPage() {
  const [made, setMade] = useState<Made | null>(null);
  return (
    <section>
      <title>New connection · Patchbay</title>
      <nav className="crumbs" aria-label="Where you are">
        <Link to="/connections">Connections</Link>
        <span aria-hidden="true">/</span>
        <span>New</span>
      </nav>
      <header className="page-head">
        <h1>New connection</h1>
        <p className="quiet">Your organization’s account at a provider, which functions use during calls.</p>
      </header>
      {made ? (
        <ShownOnce what="Signing secret" name={made.connection.name} secret={made.secret} onDone={() => open(made.connection)}>
          <p>Give it to the server that receives what Patchbay signs.</p>
        </ShownOnce>
      ) : (
        <ConnectionForm onMade={setMade} />
      )}
    </section>
  );
}

function open({ connectionId }: Connection): void {
  navigate(`/connections/${connectionId}`);
}

function ConnectionForm({ onMade }: { onMade(made: Made): void }) {
  const [draft, setDraft] = useState<ConnectionDraft>(EMPTY_DRAFT);
  const change = useChange();
  const submit = async (acceptUnverified: boolean) => {
    if (isSigning(draft) && draft.secret.trim() === '') {
      const made = await change.make<Made>('POST', '/v1/signing-secrets', { name: draft.name, ...originsOf(draft) });
      if (made) onMade(made);
      return;
    }
    const connection = await change.make<Connection>('POST', '/v1/connections', requestOf(draft, acceptUnverified));
    if (connection) open(connection);
  };
  const choose = (kind: ConnectionKind) => {
    change.forget();
    setDraft({ ...draft, kind, secret: '' });
  };
  const submitting = draft.check.url.trim() === '' ? 'Storing…' : 'Trying it out…';
  return (
    <Form
      change={change}
      worded={inPlainWords}
      onSubmit={() => void submit(false)}
      submit="Create the connection"
      submitting={submitting}
      more={couldNotVerify(change.problem) && <StoreAnyway isBusy={change.isBusy} onStore={() => void submit(true)} />}
    >
      <KindChoice kind={draft.kind} onChange={choose} />
      <PlaceFields draft={draft} onChange={setDraft} />
      <KindFields draft={draft} onChange={setDraft} />
      {!isSigning(draft) && <CheckFields check={draft.check} onChange={(check) => setDraft({ ...draft, check })} />}
      {draft.kind !== 'none' && (
        <OriginsField origins={draft.origins} onChange={(origins) => setDraft({ ...draft, origins })} help={WHEN_NEW} />
      )}
    </Form>
  );
}

const WHEN_NEW = 'Empty: the address of the check; without a check, any address.';

const ENVIRONMENTS = [
  ['live', 'live: what it does, it does to real people'],
  ['sandbox', 'sandbox: an account for trying things out'],
] as const;

function PlaceFields({ draft, onChange }: { draft: ConnectionDraft; onChange(draft: ConnectionDraft): void }) {
  return (
    <>
      <TextField
        label="Name"
        path="name"
        help="How you will find it again, for example “Cal.com of the Berlin office”."
        isRequired
        value={draft.name}
        onChange={(name) => onChange({ ...draft, name })}
      />
      {!isSigning(draft) && (
        <>
          <TextField
            label="Provider"
            path="provider"
            placeholder="http"
            help="A short key such as calcom; http, or nothing, for an API of your own."
            value={draft.provider}
            onChange={(provider) => onChange({ ...draft, provider })}
          />
          <ChoiceField
            label="Environment"
            path="environment"
            value={draft.environment}
            onChange={(environment) => onChange({ ...draft, environment })}
            choices={ENVIRONMENTS}
          />
          <CheckField
            label="The default for this provider and environment"
            help="Functions that name no connection use the default."
            isChecked={draft.isDefault}
            onChange={(isDefault) => onChange({ ...draft, isDefault })}
          />
        </>
      )}
    </>
  );
}

/** Offered only after the provider was asked and did not confirm it. */
function StoreAnyway({ isBusy, onStore }: { isBusy: boolean; onStore(): void }) {
  return (
    <button type="button" disabled={isBusy} onClick={onStore}>
      Store although it could not be verified
    </button>
  );
}
