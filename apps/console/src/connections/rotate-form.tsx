import { useState } from 'react';
import type { Connection } from '@patchbay/contracts/connections';
import { ChoiceField } from '../forms/field.tsx';
import { Form } from '../forms/form.tsx';
import { Notice } from '../frame/notice.tsx';
import { ShownOnce } from '../frame/shown-once.tsx';
import { useChange, type Change } from '../gateway/use-change.ts';
import { CheckFields } from './check-fields.tsx';
import { changedUse, nextSecretDraft, secretOf } from './connection-draft.ts';
import { isAgreedTo } from './kinds.ts';
import { couldNotVerify, inPlainWords } from './not-verified.ts';
import { OriginsField } from './origins-field.tsx';
import { SecretFields } from './secret-fields.tsx';

interface Rotated {
  connection: Connection;
  /** Of a signing secret that was made by the platform. */
  secret: string | null;
}

interface RotateFormProps {
  connection: Connection;
  onChanged(): void;
  onClose(): void;
}

const GRACES = [
  ['24', 'for a day'],
  ['1', 'for an hour'],
  ['168', 'for a week'],
  ['0', 'not at all: destroy it at once'],
] as const;

const GRACE_HELP = 'It stands in once if the provider refuses the new one.';

const WHEN_NEXT = 'For more addresses than before, the one in use is not kept.';

/** The next secret: tried out first, and only then switched to. */
export function RotateForm({ connection, onChanged, onClose }: RotateFormProps) {
  const change = useChange();
  const [draft, setDraft] = useState(() => nextSecretDraft(connection));
  const [graceHours, setGraceHours] = useState<(typeof GRACES)[number][0]>('24');
  const [done, setDone] = useState<Rotated | null>(null);
  const rotate = async (acceptUnverified: boolean) => {
    const body = { ...secretOf(draft), ...changedUse(draft, connection), graceHours: Number(graceHours), acceptUnverified };
    const rotated = await change.make<Rotated>('POST', `/v1/connections/${connection.connectionId}/rotate`, body);
    onChanged();
    if (!rotated) return;
    setDraft(nextSecretDraft(rotated.connection));
    setDone(rotated);
  };
  if (done) return <RotationDone rotated={done} onClose={onClose} />;
  const isTried = connection.check !== null;
  return (
    <Form
      change={change}
      worded={inPlainWords}
      onSubmit={() => void rotate(false)}
      submit={isTried ? 'Try it out and switch' : 'Switch to it'}
      submitting={isTried ? 'Trying it out…' : 'Switching…'}
      more={<OtherWays change={change} onAccept={() => void rotate(true)} onClose={onClose} />}
    >
      <p className="quiet">
        {isTried
          ? 'The next secret is sent to the check first. If the provider accepts it, it is used from then on; if not, nothing changes.'
          : 'This connection has no check, so the next secret cannot be tried out before it is used.'}
      </p>
      <SecretFields draft={draft} onChange={setDraft} />
      <ChoiceField label="Keep the one in use" path="graceHours" help={GRACE_HELP} value={graceHours} onChange={setGraceHours} choices={GRACES} />
      {!isAgreedTo(connection) && (
        <details className="more">
          <summary>It is for other addresses than the one in use</summary>
          <OriginsField origins={draft.origins} onChange={(origins) => setDraft({ ...draft, origins })} help={WHEN_NEXT} />
          {connection.kind !== 'signing_secret' && <CheckFields check={draft.check} onChange={(check) => setDraft({ ...draft, check })} />}
        </details>
      )}
    </Form>
  );
}

function OtherWays({ change, onAccept, onClose }: { change: Change; onAccept(): void; onClose(): void }) {
  return (
    <>
      {couldNotVerify(change.problem) && (
        <button type="button" disabled={change.isBusy} onClick={onAccept}>
          Switch although it could not be verified
        </button>
      )}
      <button type="button" onClick={onClose}>
        Cancel
      </button>
    </>
  );
}

function RotationDone({ rotated: { connection, secret }, onClose }: { rotated: Rotated; onClose(): void }) {
  const { version, check, health, reason } = connection;
  if (secret !== null) return <ShownOnce what="New signing secret" name={connection.name} secret={secret} onDone={onClose} />;
  const isProven = check !== null && health === 'healthy';
  const trial = isProven ? 'The provider accepted it before anything was switched.' : 'It was not proven to work before the switch.';
  return (
    <>
      <Notice tone={isProven ? 'good' : 'warning'} title={`Secret ${version} is in use`}>
        {trial} {reason?.text}
      </Notice>
      <button type="button" onClick={onClose}>
        Close
      </button>
    </>
  );
}
