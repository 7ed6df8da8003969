import type { ConnectionCheck, ConnectionKind, ConnectionSecret, ConnectionSettings } from '@patchbay/contracts/connection-kinds';
import { ServiceError, type FieldProblem } from '@patchbay/contracts/errors';
import { idOf } from '@patchbay/contracts/identity';
import { originsProblems } from './connection-origins.ts';

/** What a connection of a kind is made of. */
interface Needs {
  settings: readonly (keyof ConnectionSettings)[];
  /** Names of the headers can be given, or are read from the secret. */
  optional?: readonly (keyof ConnectionSettings)[];
  secret: keyof ConnectionSecret | null;
}

const NEEDS: Readonly<Record<ConnectionKind, (settings: ConnectionSettings) => Needs>> = {
  none: () => ({ settings: [], secret: null }),
  bearer: () => ({ settings: [], secret: 'secret' }),
  basic: () => ({ settings: ['username'], secret: 'secret' }),
  api_key: () => ({ settings: ['header'], secret: 'secret' }),
  custom_headers: () => ({ settings: [], optional: ['headerNames'], secret: 'headers' }),
  oauth2_authorization_code: ({ oauth }) => ({ settings: ['oauth'], secret: clientSecretOf(oauth) }),
  oauth2_client_credentials: () => ({ settings: ['oauth'], secret: 'secret' }),
  signing_secret: () => ({ settings: [], secret: 'secret' }),
  mcp: ({ mcp, oauth }) => {
    if (mcp?.authentication === 'oauth') return { settings: ['mcp', 'oauth'], secret: clientSecretOf(oauth) };
    if (mcp?.authentication === 'headers') return { settings: ['mcp'], optional: ['headerNames'], secret: 'headers' };
    return { settings: ['mcp'], secret: 'secret' };
  },
};

export interface AskedConnection extends ConnectionSecret {
  kind: ConnectionKind;
  settings: ConnectionSettings;
  check?: ConnectionCheck | null;
  origins?: string[];
}

/** What is known elsewhere of what can be sent; each says in words what is wrong. */
export interface SendingRules {
  headerProblem(name: string, value: string): string | null;
  conditionProblem(condition: string): string | null;
}

const ConnectionId = idOf('connection');

/** A function may name anything as its connection: PostgreSQL refuses some texts, and they are no connection of anyone's. */
export function requireConnectionId(text: string): void {
  if (!ConnectionId.safeParse(text).success) throw new ServiceError('not_found', 'The organization has no such connection.');
}

/** The ids among the texts. */
export function connectionIdsIn(texts: string[]): string[] {
  return texts.filter((text) => ConnectionId.safeParse(text).success);
}

export function requireSigning({ kind }: Pick<AskedConnection, 'kind'>): void {
  if (kind !== 'signing_secret') throw new ServiceError('failed_precondition', 'This connection is not one to sign with.');
}

/** Which part of a secret this connection has; null for none. */
export function secretPartOf({ kind, settings }: Pick<AskedConnection, 'kind' | 'settings'>): keyof ConnectionSecret | null {
  return NEEDS[kind](settings).secret;
}

/** Throws `invalid_arguments` when the two ways to say it contradict each other. */
export function isSandbox({ sandbox, environment }: { sandbox: boolean; environment?: 'live' | 'sandbox' }): boolean {
  if (sandbox && environment === 'live')
    throw ServiceError.fields('invalid_arguments', 'A sandbox is not live.', [at('environment', 'says live, and sandbox is true')]);
  return sandbox || environment === 'sandbox';
}

/** Settings that follow from the secret: the names of its headers. */
export function settledSettings({ settings, headers }: AskedConnection): ConnectionSettings {
  return headers ? { ...settings, headerNames: Object.keys(headers) } : settings;
}

/** Throws `invalid_arguments` that names each field which is missing, superfluous or cannot work, never with a value. */
export function requireWhole(asked: AskedConnection, rules: SendingRules): void {
  const problems = [...settingsProblems(asked, rules), ...secretProblems(asked, rules), ...useProblems(asked, rules)];
  if (problems.length === 0) return;
  const [{ path, problem }] = problems as [FieldProblem];
  throw ServiceError.fields('invalid_arguments', `The connection does not fit its kind ${asked.kind}: ${path} ${problem}.`, problems);
}

/** The settings that go with the next secret. Throws `failed_precondition` when there is none to change, `invalid_arguments` when it does not fit. */
export function requireRotatable({ kind, settings }: Pick<AskedConnection, 'kind' | 'settings'>, secret: ConnectionSecret, rules: SendingRules): ConnectionSettings {
  if (secretPartOf({ kind, settings }) === null) throw new ServiceError('failed_precondition', 'This connection has no secret that could be rotated.');
  // The next secret may travel in other headers.
  const { headerNames: _, ...rest } = settings;
  const asked = { kind, settings: rest, ...secret };
  const problems = secretProblems(asked, rules);
  if (problems.length === 0) return settledSettings(asked);
  throw ServiceError.fields('invalid_arguments', `The secret does not fit its kind ${kind}: ${problems[0]!.path} ${problems[0]!.problem}.`, problems);
}

function settingsProblems({ kind, settings }: AskedConnection, { headerProblem }: SendingRules): FieldProblem[] {
  const { settings: needed, optional = [] } = NEEDS[kind](settings);
  const given = (Object.keys(settings) as (keyof ConnectionSettings)[]).filter((name) => settings[name] !== undefined);
  const missing = needed.filter((name) => !given.includes(name)).map((name) => at(`settings.${name}`, `is needed for the kind ${kind}`));
  const superfluous = given
    .filter((name) => !needed.includes(name) && !optional.includes(name))
    .map((name) => at(`settings.${name}`, `is not for the kind ${kind}`));
  const header = settings.header === undefined ? null : headerProblem(settings.header.toLowerCase(), '');
  return [...missing, ...superfluous, ...(header ? [at('settings.header', header)] : []), ...endPointProblems(kind, settings)];
}

/** Without them nobody could be asked for a token; an MCP server names its issuer itself. */
function endPointProblems(kind: ConnectionKind, { oauth }: ConnectionSettings): FieldProblem[] {
  if (!oauth || kind === 'mcp' || oauth.issuer) return [];
  const problem = 'is needed when no issuer is given that could be asked for it';
  const needed = kind === 'oauth2_authorization_code' ? (['authorizationUrl', 'tokenUrl'] as const) : (['tokenUrl'] as const);
  return needed.filter((name) => !oauth[name]).map((name) => at(`settings.oauth.${name}`, problem));
}

function secretProblems({ kind, settings, secret, headers }: AskedConnection, { headerProblem }: SendingRules): FieldProblem[] {
  const part = secretPartOf({ kind, settings });
  const given = { secret, headers };
  const problems = (['secret', 'headers'] as const).flatMap((name) => {
    if (name === part && given[name] === undefined) return [at(name, `is needed for the kind ${kind}`)];
    return name !== part && given[name] !== undefined ? [at(name, `is not for the kind ${kind}`)] : [];
  });
  if (problems.length > 0) return problems;
  if (headers) return headersProblems(headers, settings, headerProblem);
  return secret === undefined ? [] : valueProblems('secret', secret, kind);
}

function headersProblems(headers: Record<string, string>, settings: ConnectionSettings, headerProblem: SendingRules['headerProblem']): FieldProblem[] {
  const names = Object.keys(headers);
  if (names.length === 0) return [at('headers', 'names no header')];
  if (names.length > MAX_HEADERS) return [at('headers', `names more than ${MAX_HEADERS} headers`)];
  const lower = names.map((name) => name.toLowerCase());
  if (new Set(lower).size < names.length) return [at('headers', 'names a header twice')];
  const expected = settings.headerNames?.map((name) => name.toLowerCase());
  if (expected && expected.toSorted().join() !== lower.toSorted().join()) return [at('headers', 'names other headers than settings.headerNames')];
  return names.flatMap((name) => {
    const problem = headerProblem(name.toLowerCase(), headers[name]!);
    return problem ? [at(`headers.${name}`, problem)] : valueProblems(`headers.${name}`, headers[name]!);
  });
}

/** As many as the contract lets be named. */
const MAX_HEADERS = 20;
const SIGNING_SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

function valueProblems(path: string, value: string, kind?: ConnectionKind): FieldProblem[] {
  if (value.trim() !== value) return [at(path, 'begins or ends with a space, which servers cut off')];
  if (kind !== 'signing_secret') return [];
  const base64 = SIGNING_SECRET.exec(value)?.[1];
  const bytes = base64 === undefined ? 0 : Buffer.from(base64, 'base64').length;
  return bytes >= 24 && bytes <= 64 ? [] : [at(path, 'is not a Standard Webhooks secret: whsec_ and the base64 of 24 to 64 bytes')];
}

/** Of where a secret is sent. */
export function useProblems({ kind, check = null, origins = [] }: Omit<AskedConnection, 'settings'>, rules: SendingRules): FieldProblem[] {
  return [...checkProblems({ kind, check }, rules), ...originsProblems({ kind, check, origins })];
}

function checkProblems({ kind, check }: Pick<AskedConnection, 'kind' | 'check'>, { conditionProblem }: SendingRules): FieldProblem[] {
  if (!check) return [];
  if (kind === 'signing_secret') return [at('check', 'is not for the kind signing_secret')];
  const url = URL.parse(check.url);
  if (!url || url.username !== '' || url.password !== '') return [at('check.url', 'must be a URL without a user name or password')];
  if (kind === 'basic' && url.protocol !== 'https:') return [at('check.url', 'must be https: a user name and password are sent over https only')];
  const problem = check.success === undefined ? null : conditionProblem(check.success);
  return problem ? [at('check.success', problem)] : [];
}

function clientSecretOf(oauth: ConnectionSettings['oauth']): 'secret' | null {
  return oauth?.clientAuthentication === 'none' ? null : 'secret';
}

function at(path: string, problem: string): FieldProblem {
  return { path, problem };
}
