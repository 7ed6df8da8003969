import { ChoiceField, SecretField, TextField } from '../forms/field.tsx';
import { isSigning, needsConsent, wayOf, type ConnectionDraft, type HeaderDraft, type OAuthDraft } from './connection-draft.ts';
import { secretName } from './kinds.ts';

export interface DraftProps {
  draft: ConnectionDraft;
  onChange(draft: ConnectionDraft): void;
}

const NEVER_SHOWN = 'Stored encrypted. Nobody can read it back; only its last four characters are shown.';

/** Whatever of a connection is secret. */
export function SecretFields({ draft, onChange }: DraftProps) {
  const way = wayOf(draft);
  if (way === 'nothing' || (way === 'oauth' && draft.oauth.clientAuthentication === 'none')) return null;
  if (way === 'headers') return <HeaderFields headers={draft.headers} onChange={(headers) => onChange({ ...draft, headers })} />;
  const isMadeHere = isSigning(draft);
  return (
    <SecretField
      label={secretName(draft.kind)}
      path="secret"
      help={isMadeHere ? 'Leave it empty and Patchbay makes one, which is shown once. Yours must look like whsec_….' : NEVER_SHOWN}
      isRequired={!isMadeHere}
      value={draft.secret}
      onChange={(secret) => onChange({ ...draft, secret })}
    />
  );
}

function HeaderFields({ headers, onChange }: { headers: HeaderDraft[]; onChange(headers: HeaderDraft[]): void }) {
  const change = (index: number, header: Partial<HeaderDraft>) =>
    onChange(headers.map((before, at) => (at === index ? { ...before, ...header } : before)));
  return (
    <fieldset className="headers">
      <legend>Headers</legend>
      {headers.map(({ name, value }, index) => (
        // Rows have no names of their own: they are what stands at their place.
        <div key={index} className="pair">
          <TextField label={`Name ${index + 1}`} path="headers" isRequired value={name} onChange={(text) => change(index, { name: text })} />
          <SecretField
            label={`Value ${index + 1}`}
            path={`headers.${name.trim()}`}
            isRequired
            value={value}
            onChange={(text) => change(index, { value: text })}
          />
          {headers.length > 1 && (
            <button type="button" aria-label={`Remove header ${index + 1}`} onClick={() => onChange(headers.filter((_, at) => at !== index))}>
              Remove
            </button>
          )}
        </div>
      ))}
      <p className="quiet small">{NEVER_SHOWN}</p>
      <button type="button" onClick={() => onChange([...headers, { name: '', value: '' }])}>
        Add a header
      </button>
    </fieldset>
  );
}

/** How our program is known to the provider's authorization server. */
export function OAuthFields({ draft, onChange }: DraftProps) {
  const { oauth } = draft;
  const isConsented = needsConsent(draft);
  const change = (part: Partial<OAuthDraft>) => onChange({ ...draft, oauth: { ...oauth, ...part } });
  return (
    <>
      {isConsented && <RedirectNote />}
      <TextField
        label="Client id"
        path="settings.oauth.clientId"
        help="The provider gave it to you together with the client secret."
        isRequired
        value={oauth.clientId}
        onChange={(clientId) => change({ clientId })}
      />
      <ChoiceField
        label="The client shows its secret"
        path="settings.oauth.clientAuthentication"
        value={oauth.clientAuthentication}
        onChange={(clientAuthentication) => change({ clientAuthentication })}
        choices={CLIENT_AUTHENTICATIONS.filter(([choice]) => isConsented || choice !== 'none')}
      />
      <SecretFields draft={draft} onChange={onChange} />
      <EndPointFields oauth={oauth} isConsented={isConsented} onChange={change} />
      <TextField
        label="Scopes"
        path="settings.oauth.scopes"
        help="What you ask the provider to allow, separated by spaces. Ask for no more than your functions need."
        value={oauth.scopes}
        onChange={(scopes) => change({ scopes })}
      />
    </>
  );
}

const CLIENT_AUTHENTICATIONS = [
  ['basic', 'in a header (usual)'],
  ['post', 'in the body of the request'],
  ['none', 'not at all: it has none (public client)'],
] as const;

interface EndPointProps {
  oauth: OAuthDraft;
  isConsented: boolean;
  onChange(part: Partial<OAuthDraft>): void;
}

function EndPointFields({ oauth, isConsented, onChange }: EndPointProps) {
  const url = (label: string, name: 'issuer' | 'authorizationUrl' | 'tokenUrl' | 'revocationUrl', help: string) => (
    <TextField
      label={label}
      type="url"
      path={`settings.oauth.${name}`}
      help={help}
      value={oauth[name]}
      onChange={(text) => onChange({ [name]: text })}
    />
  );
  return (
    <>
      {url('Issuer', 'issuer', 'If the provider names one, its addresses are looked up there and the next fields can stay empty.')}
      {isConsented && url('Authorization address', 'authorizationUrl', 'Where people are sent to agree.')}
      {url('Token address', 'tokenUrl', 'Where access tokens come from.')}
      <details className="more">
        <summary>More about this provider</summary>
        {isConsented && url('Revocation address', 'revocationUrl', 'Who is told when you take the access back. Only if its issuer does not say.')}
        <TextField
          label="Audience"
          path="settings.oauth.audience"
          help="Only if the provider asks for one."
          value={oauth.audience}
          onChange={(audience) => onChange({ audience })}
        />
        {isConsented && (
          <TextField
            label="Parameters of its own"
            path="settings.oauth.authorizationParameters"
            help="name=value, separated by spaces; for example access_type=offline prompt=consent."
            value={oauth.parameters}
            onChange={(parameters) => onChange({ parameters })}
          />
        )}
      </details>
    </>
  );
}

function RedirectNote() {
  return (
    <p className="hint">
      Register this address at the provider as the redirect URI, exactly as it stands here:{' '}
      <code>{`${window.location.origin}/v1/authorizations/callback`}</code>
    </p>
  );
}
