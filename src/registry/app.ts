import { APIS, type Api, parseScopes } from '../access/index.ts';
import { type Executor, type RowOf, statement } from '../database/index.ts';
import { type ClientId, type Clock, OperatorFault, type Random, secretText, sha256 } from '../kernel/index.ts';
import { APP_STATES, type AppState, mayBecome } from './lifecycle.ts';
import { redirectFault } from './redirect-uri.ts';

export interface App {
  readonly clientId: ClientId;
  readonly name: string;
  readonly state: AppState;
  /** Confidential apps hold a secret; public ones must use PKCE. RFC 6749 §2.1 */
  readonly confidential: boolean;
  readonly apis: readonly Api[];
  /** Registered scopes: the most it can be granted, and what it gets when it asks for none. */
  readonly scope: string;
  readonly redirectUris: readonly string[];
  readonly secretHashes: readonly Buffer[];
}

const COLUMNS = {
  client_id: 'text',
  name: 'text',
  state: 'text',
  confidential: 'bool',
  apis: '_text',
  scope: 'text',
  redirect_uris: '_text',
} as const;

const find = statement(
  'registry.app.find',
  { ...COLUMNS, hashes: '_bytea' },
  `select a.client_id, a.name, a.state, a.confidential, a.apis, a.scope, a.redirect_uris,
     array(select s.hash from app_secret s
           where s.client_id = a.client_id and (s.expires_at is null or s.expires_at > $2)) as hashes
   from app a where a.client_id = $1`,
);
const list = statement(
  'registry.app.list',
  { ...COLUMNS, created_at: 'timestamptz' },
  `select client_id, name, state, confidential, apis, scope, redirect_uris, created_at from app order by created_at, client_id`,
);
const insert = statement(
  'registry.app.insert',
  {},
  `insert into app (client_id, name, state, confidential, apis, scope, redirect_uris, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const insertSecret = statement(
  'registry.secret.insert',
  {},
  'insert into app_secret (client_id, hash, created_at) values ($1, $2, $3)',
);
const setState = statement(
  'registry.app.set-state',
  { client_id: 'text' },
  'update app set state = $3 where client_id = $1 and state = $2 returning client_id',
);
const setRedirects = statement(
  'registry.app.set-redirects',
  {},
  'update app set redirect_uris = $2 where client_id = $1',
);

/** Printable ASCII (RFC 6749 appendix A.1): nothing else is asked of the database, which refuses some of it. */
const POSSIBLE_ID = /^[\u0020-\u007e]{1,200}$/;

export async function findApp(db: Executor, clock: Clock, clientId: string): Promise<App | undefined> {
  if (!POSSIBLE_ID.test(clientId)) return undefined;
  const [row] = await db.query(find, [clientId, clock.now()]);
  return row === undefined ? undefined : { ...appOf(row), secretHashes: row.hashes };
}

export async function listApps(db: Executor): Promise<readonly (Omit<App, 'secretHashes'> & { createdAt: Date })[]> {
  const rows = await db.query(list);
  return rows.map((row) => ({ ...appOf(row), createdAt: row.created_at }));
}

export interface NewApp {
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly apis: readonly Api[];
  readonly scope: string;
  readonly confidential: boolean;
  readonly state: 'provisional' | 'active';
  /** Given only to the apps that the server brings with it. */
  readonly clientId?: ClientId;
}

export interface Credentials {
  readonly clientId: ClientId;
  /** Shown once, stored as a hash. Public apps have none. */
  readonly clientSecret?: string;
}

/** Registers an app. Throws one `OperatorFault` that names everything that is wrong with it. */
export async function registerApp(
  tx: Executor,
  deps: { clock: Clock; random: Random },
  wanted: NewApp,
): Promise<Credentials> {
  const faults = faultsOf(wanted);
  if (faults.length > 0) throw new OperatorFault(faults.join('\n'));
  const clientId = wanted.clientId ?? (deps.random.uuid() as ClientId);
  const now = deps.clock.now();
  const { name, state, confidential, apis, scope, redirectUris } = wanted;
  await tx.query(insert, [clientId, name.trim(), state, confidential, apis, scope, redirectUris, now]);
  if (!confidential) return { clientId };
  const clientSecret = secretText(deps.random);
  await tx.query(insertSecret, [clientId, sha256(clientSecret), now]);
  return { clientId, clientSecret };
}

/** Moves an app along its lifecycle; every token of it is good or not from that moment, as the state says. */
export async function changeAppState(db: Executor, clock: Clock, clientId: string, to: string): Promise<AppState> {
  const state = APP_STATES.find((candidate) => candidate === to);
  if (state === undefined)
    throw new OperatorFault(`"${to}" is no state of an app. There are: ${APP_STATES.join(', ')}.`);
  const app = await findApp(db, clock, clientId);
  if (app === undefined) throw new OperatorFault(`There is no app with the client_id ${clientId}.`);
  if (!mayBecome(app.state, state)) throw new OperatorFault(`An app that is ${app.state} can't become ${state}.`);
  const [moved] = await db.query(setState, [clientId, app.state, state]);
  if (moved === undefined)
    throw new OperatorFault('Somebody else changed this app at the same moment. Look at it again.');
  return app.state;
}

/** For an app the server brings with it: its redirect URIs follow the server's own address. */
export async function moveApp(db: Executor, clientId: ClientId, redirectUris: readonly string[]): Promise<void> {
  await db.query(setRedirects, [clientId, redirectUris]);
}

function faultsOf(wanted: NewApp): readonly string[] {
  const faults: string[] = [];
  if (wanted.name.trim() === '') faults.push('An app needs a name.');
  if (wanted.redirectUris.length === 0) faults.push('An app needs at least one redirect URI.');
  if (wanted.apis.length === 0) faults.push(`An app needs at least one API: ${Object.keys(APIS).join(', ')}.`);
  const { scopes, unknown } = parseScopes(wanted.scope);
  if (unknown.length > 0) faults.push(`These are no scopes: ${unknown.join(' ')}.`);
  if (scopes.length === 0) faults.push('An app needs at least one scope.');
  return [...faults, ...wanted.redirectUris.map(redirectFault).filter((fault) => fault !== undefined)];
}

const appOf = (row: RowOf<typeof COLUMNS>): Omit<App, 'secretHashes'> => ({
  clientId: row.client_id as ClientId,
  name: row.name,
  state: row.state as AppState,
  confidential: row.confidential,
  apis: row.apis as Api[],
  scope: row.scope,
  redirectUris: row.redirect_uris,
});
