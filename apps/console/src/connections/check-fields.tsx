import { ChoiceField, TextField } from '../forms/field.tsx';
import type { CheckDraft } from './connection-draft.ts';

const METHODS = [
  ['GET', 'GET'],
  ['POST', 'POST'],
] as const;

const CHECK_HELP =
  'A request that changes nothing, such as “who am I”. It is sent before anything is stored, and every 15 minutes from then on. ' +
  'Without one you learn from a call that it does not work.';

/** The request that proves that a connection works. */
export function CheckFields({ check, onChange }: { check: CheckDraft; onChange(check: CheckDraft): void }) {
  const change = (part: Partial<CheckDraft>) => onChange({ ...check, ...part });
  return (
    <fieldset>
      <legend>Check</legend>
      <TextField
        label="Address to try it out with"
        type="url"
        path="check.url"
        placeholder="https://api.example.com/v1/me"
        help={CHECK_HELP}
        value={check.url}
        onChange={(url) => change({ url })}
      />
      <details className="more">
        <summary>More about the check</summary>
        <ChoiceField label="Method" path="check.method" value={check.method} onChange={(method) => change({ method })} choices={METHODS} />
        <TextField
          label="It worked if"
          path="check.success"
          help="For providers that answer 200 to everything; for example body.ok == true. Empty: any answer from 200 to 299."
          value={check.success}
          onChange={(success) => change({ success })}
        />
        <TextField
          label="Header that lists the granted scopes"
          path="check.scopesHeader"
          placeholder="X-OAuth-Scopes"
          help="If the provider sends one."
          value={check.scopesHeader}
          onChange={(scopesHeader) => change({ scopesHeader })}
        />
      </details>
    </fieldset>
  );
}
