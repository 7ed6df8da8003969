import { ChoiceField, TextField } from '../forms/field.tsx';
import { wayOf } from './connection-draft.ts';
import { OAuthFields, SecretFields, type DraftProps } from './secret-fields.tsx';

/** What has to be known for the chosen kind. */
export function KindFields({ draft, onChange }: DraftProps) {
  return (
    <>
      {draft.kind === 'mcp' && <McpFields draft={draft} onChange={onChange} />}
      {draft.kind === 'basic' && (
        <TextField
          label="User name"
          path="settings.username"
          isRequired
          value={draft.username}
          onChange={(username) => onChange({ ...draft, username })}
        />
      )}
      {draft.kind === 'api_key' && (
        <TextField
          label="Name of the header"
          path="settings.header"
          help="The provider’s manual names it."
          isRequired
          value={draft.header}
          onChange={(header) => onChange({ ...draft, header })}
        />
      )}
      {wayOf(draft) === 'oauth' ? <OAuthFields draft={draft} onChange={onChange} /> : <SecretFields draft={draft} onChange={onChange} />}
    </>
  );
}

const MCP_AUTHENTICATIONS = [
  ['bearer', 'by a token'],
  ['headers', 'by headers'],
  ['oauth', 'by OAuth: somebody signs in there once'],
] as const;

function McpFields({ draft, onChange }: DraftProps) {
  return (
    <>
      <TextField
        label="Address of the server"
        type="url"
        path="settings.mcp.url"
        placeholder="https://mcp.example.com/mcp"
        isRequired
        value={draft.mcpUrl}
        onChange={(mcpUrl) => onChange({ ...draft, mcpUrl })}
      />
      <ChoiceField
        label="It knows who is asking"
        path="settings.mcp.authentication"
        value={draft.mcpAuthentication}
        onChange={(mcpAuthentication) => onChange({ ...draft, mcpAuthentication })}
        choices={MCP_AUTHENTICATIONS}
      />
    </>
  );
}
