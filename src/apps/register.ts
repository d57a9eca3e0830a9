import { type Executor, statement } from '../database/index.ts';
import type { App, AppCredentials, AppTerms } from '../domain/index.ts';
import { type ClientId, type Clock, OperatorError, type OrganisationId, type Random } from '../kernel/index.ts';
import { lockApp } from './app.ts';
import { issueSecret, type SecretOptions } from './secrets.ts';
import { type AppFieldIssue, checkAppTerms } from './terms/check-terms.ts';

export interface RegistryDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Hosts from which an app's key set may be fetched over http. */
  readonly trustedJwksHosts?: readonly string[];
}

type PartialTerms<Terms> = { readonly [Name in keyof Terms]?: Terms[Name] | undefined };

/** Terms of a new app. By default it is a patient app that authenticates with a secret. */
export interface AppRegistration extends PartialTerms<Omit<AppTerms, 'name' | 'apis' | 'scope'>> {
  readonly name: string;
  readonly apis: AppTerms['apis'];
  readonly scope: string;
  readonly state: 'provisional' | 'active';
  readonly organisationId?: OrganisationId;
  /** Fixed client_id. Set only for the apps that come with the server. */
  readonly clientId?: ClientId;
  /** SHA-256 of the registration access token of an app that registered itself. */
  readonly registrationHash?: Buffer;
  /** Name and expiration of the app's first secret. Not used if the app doesn't authenticate with a secret. */
  readonly secret?: SecretOptions;
}

const insert = statement(
  'registry.app.insert',
  {},
  `insert into app (client_id, name, kind, auth, apis, scope, redirect_uris, jwks, jwks_uri, launch_uri, practice_ids,
     require_aud, secret_in_query, id_token_alg, dpop_bound, may_introspect, metadata, developer, verified_at, data_use,
     description, listed, category, state, registration_hash, created_at, organisation_id)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
     $25, $26, $27)`,
);
const overwrite = statement(
  'registry.app.rewrite',
  {},
  `update app set name = $2, kind = $3, auth = $4, apis = $5, scope = $6, redirect_uris = $7, jwks = $8, jwks_uri = $9,
     launch_uri = $10, practice_ids = $11, require_aud = $12, secret_in_query = $13, id_token_alg = $14,
     dpop_bound = $15, may_introspect = $16, metadata = $17, developer = $18, verified_at = $19, data_use = $20,
     description = $21, listed = $22, category = $23
   where client_id = $1`,
);
/** Registers an app. Throws an `OperatorError` that lists all errors in the terms of the app. */
export async function registerApp(tx: Executor, deps: RegistryDeps, wanted: AppRegistration): Promise<AppCredentials> {
  const terms = withDefaultTerms(wanted);
  assertValid(checkAppTerms(terms, deps.trustedJwksHosts ?? []));
  const clientId = wanted.clientId ?? (deps.random.uuid() as ClientId);
  const made = [wanted.state, wanted.registrationHash ?? null, deps.clock.now(), wanted.organisationId];
  await tx.query(insert, [clientId, ...toRow(terms), ...made]);
  if (terms.auth !== 'secret') return { clientId };
  return { clientId, clientSecret: await issueSecret(tx, deps, clientId, wanted.secret) };
}

export type AppChanges = PartialTerms<Omit<AppTerms, 'kind' | 'auth'>>;

/**
 * Changes some terms of an app, which stays locked until the transaction `tx` ends. Throws
 * `OperatorError` if the new terms are invalid.
 * @param changes the terms to change, or a function that computes them from the locked app; an
 * undefined value keeps the current term
 */
export async function updateApp(
  tx: Executor,
  deps: RegistryDeps,
  clientId: string,
  changes: AppChanges | ((app: App) => AppChanges),
): Promise<App> {
  const app = await lockApp(tx, deps.clock, clientId);
  const wanted = typeof changes === 'function' ? changes(app) : changes;
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  const terms: AppTerms = { ...app, ...given };
  assertValid(checkAppTerms(terms, deps.trustedJwksHosts ?? []));
  await overwriteAppTerms(tx, app.clientId, terms);
  return { ...app, ...terms };
}

/** Overwrites all terms of an app without checking them. */
export async function overwriteAppTerms(tx: Executor, clientId: ClientId, terms: AppTerms): Promise<void> {
  await tx.query(overwrite, [clientId, ...toRow(terms)]);
}

/** Returns the terms of a new app, with defaults for those that are not given. */
export const withDefaultTerms = (wanted: AppRegistration): AppTerms => ({
  name: wanted.name.trim(),
  kind: wanted.kind ?? 'patient',
  auth: wanted.auth ?? 'secret',
  apis: wanted.apis,
  scope: wanted.scope,
  redirectUris: wanted.redirectUris ?? [],
  jwks: wanted.jwks,
  jwksUri: wanted.jwksUri,
  launchUri: wanted.launchUri,
  practiceIds: wanted.practiceIds ?? [],
  requireAud: wanted.requireAud ?? false,
  secretInQuery: wanted.secretInQuery ?? true,
  idTokenAlg: wanted.idTokenAlg ?? 'RS256',
  dpopBound: wanted.dpopBound ?? false,
  mayIntrospect: wanted.mayIntrospect ?? false,
  developer: wanted.developer?.trim() || null,
  verifiedAt: wanted.verifiedAt ?? null,
  dataUse: wanted.dataUse ?? {},
  description: wanted.description?.trim() || null,
  listed: wanted.listed ?? false,
  category: wanted.category ?? null,
  metadata: wanted.metadata ?? {},
});

/** Returns the terms of an app as SQL parameters, in the order of the columns in the insert and update statements. */
const toRow = (terms: AppTerms): readonly unknown[] => [
  terms.name,
  terms.kind,
  terms.auth,
  terms.apis,
  terms.scope,
  terms.redirectUris,
  terms.jwks === undefined ? null : JSON.stringify(terms.jwks),
  terms.jwksUri,
  terms.launchUri,
  terms.practiceIds,
  terms.requireAud,
  terms.secretInQuery,
  terms.idTokenAlg,
  terms.dpopBound,
  terms.mayIntrospect,
  JSON.stringify(terms.metadata),
  terms.developer,
  terms.verifiedAt,
  JSON.stringify(terms.dataUse),
  terms.description,
  terms.listed,
  terms.category,
];

function assertValid(issues: readonly AppFieldIssue[]): void {
  if (issues.length > 0) throw new OperatorError(issues.map(({ message }) => message).join('\n'));
}
