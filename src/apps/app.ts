import { readDataUse } from '../access/index.ts';
import { type Executor, type RowOf, statement } from '../database/index.ts';
import type { App, AppAuthMethod, AppKind, AppState, FhirApi } from '../domain/index.ts';
import { type ClientId, type Clock, OperatorError, type OrganisationId, type PracticeId } from '../kernel/index.ts';

const COLUMNS = {
  client_id: 'text',
  name: 'text',
  kind: 'text',
  state: 'text',
  auth: 'text',
  apis: '_text',
  scope: 'text',
  redirect_uris: '_text',
  jwks: 'jsonb?',
  jwks_uri: 'text?',
  launch_uri: 'text?',
  practice_ids: '_int4',
  require_aud: 'bool',
  secret_in_query: 'bool',
  id_token_alg: 'text',
  dpop_bound: 'bool',
  may_introspect: 'bool',
  developer: 'text?',
  verified_at: 'timestamptz?',
  data_use: 'jsonb',
  description: 'text?',
  listed: 'bool',
  category: 'text?',
  organisation_id: 'uuid?',
  logo_version: 'text?',
  first_call_at: 'timestamptz?',
  metadata: 'jsonb',
  registration_hash: 'bytea?',
  requests_per_minute: 'int4?',
  created_at: 'timestamptz',
} as const;
/**
 * Columns that are read from the view app_maker. For an app of an organization, the view has the
 * current name and verification of the organization.
 */
const DEVELOPER_COLUMNS = ['developer', 'verified_at'];
const NAMES = Object.keys(COLUMNS)
  .map((name) => `${DEVELOPER_COLUMNS.includes(name) ? 'm' : 'app'}.${name}`)
  .join(', ');
const FROM = 'from app join app_maker m on m.client_id = app.client_id';

const find = statement(
  'registry.app.find',
  { ...COLUMNS, hashes: '_bytea' },
  `select ${NAMES},
     array(select s.hash from app_secret s
           where s.client_id = app.client_id and (s.expires_at is null or s.expires_at > $2)) as hashes
   ${FROM} where app.client_id = $1`,
);
const list = statement('registry.app.list', COLUMNS, `select ${NAMES} ${FROM} order by app.created_at, app.client_id`);
const listByOrganisation = statement(
  'registry.app.list-of',
  COLUMNS,
  `select ${NAMES} ${FROM} where app.organisation_id = any($1::uuid[]) order by app.created_at desc, app.client_id`,
);

const lock = statement(
  'registry.app.lock',
  { client_id: 'text' },
  'select client_id from app where client_id = $1 for update',
);

/**
 * Pattern of a client_id that can exist: printable ASCII (RFC 6749 appendix A.1). Other ids are
 * rejected before the query, because PostgreSQL can't store some of them.
 */
const POSSIBLE_ID = /^[\u0020-\u007e]{1,200}$/;

/** Returns an app with the hashes of its valid secrets; undefined if it doesn't exist. */
export async function findApp(db: Executor, clock: Clock, clientId: string): Promise<App | undefined> {
  if (!POSSIBLE_ID.test(clientId)) return undefined;
  const [row] = await db.query(find, [clientId, clock.now()]);
  return row === undefined ? undefined : { ...toApp(row), secretHashes: row.hashes };
}

/** How an app was registered: by a developer, by itself (RFC 7591), by an operator, or as a part of the server. */
export type AppRegistrant = 'developer' | 'itself' | 'operator' | 'server';

/**
 * Pattern of a generated client_id: a random UUID (version 4, RFC 9562). Apps that come with the
 * server have a fixed id, which is the same in every installation.
 */
const RANDOM_ID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/;

/** Derives who registered an app from its organization, registration token and client_id. */
export function appRegistrant(app: Pick<App, 'clientId' | 'organisationId' | 'registrationHash'>): AppRegistrant {
  if (app.organisationId !== undefined) return 'developer';
  if (app.registrationHash !== undefined) return 'itself';
  return RANDOM_ID.test(app.clientId) ? 'operator' : 'server';
}

/** Returns an app. Throws `OperatorError` if it doesn't exist. */
export async function requireApp(db: Executor, clock: Clock, clientId: string): Promise<App> {
  const app = await findApp(db, clock, clientId);
  if (app === undefined) throw new OperatorError(`There is no app with the client_id ${clientId}.`);
  return app;
}

/** Locks an app until the transaction ends and returns it. Throws `OperatorError` if there is no such app. */
export async function lockApp(tx: Executor, clock: Clock, clientId: string): Promise<App> {
  const { clientId: known } = await requireApp(tx, clock, clientId);
  await tx.query(lock, [known]);
  return requireApp(tx, clock, known);
}

/** Returns all apps, oldest first, without the hashes of their secrets. */
export async function listApps(db: Executor): Promise<readonly Omit<App, 'secretHashes'>[]> {
  return (await db.query(list)).map(toApp);
}

/** Returns the apps of organizations, newest first. */
export async function listOrganisationApps(
  db: Executor,
  organisationIds: readonly OrganisationId[],
): Promise<readonly Omit<App, 'secretHashes'>[]> {
  return (await db.query(listByOrganisation, [organisationIds])).map(toApp);
}

const toApp = (row: RowOf<typeof COLUMNS>): Omit<App, 'secretHashes'> => ({
  clientId: row.client_id as ClientId,
  name: row.name,
  kind: row.kind as AppKind,
  state: row.state as AppState,
  auth: row.auth as AppAuthMethod,
  apis: row.apis as FhirApi[],
  scope: row.scope,
  redirectUris: row.redirect_uris,
  jwks: row.jwks ?? undefined,
  jwksUri: row.jwks_uri ?? undefined,
  launchUri: row.launch_uri ?? undefined,
  practiceIds: row.practice_ids as PracticeId[],
  requireAud: row.require_aud,
  secretInQuery: row.secret_in_query,
  idTokenAlg: row.id_token_alg as App['idTokenAlg'],
  dpopBound: row.dpop_bound,
  mayIntrospect: row.may_introspect,
  developer: row.developer,
  verifiedAt: row.verified_at,
  dataUse: readDataUse(row.data_use),
  description: row.description,
  listed: row.listed,
  category: row.category as App['category'],
  organisationId: (row.organisation_id ?? undefined) as OrganisationId | undefined,
  logoVersion: row.logo_version ?? undefined,
  firstCallAt: row.first_call_at ?? undefined,
  metadata: row.metadata as App['metadata'],
  registrationHash: row.registration_hash ?? undefined,
  requestsPerMinute: row.requests_per_minute ?? undefined,
  createdAt: row.created_at,
});
