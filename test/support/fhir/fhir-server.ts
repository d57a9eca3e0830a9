import compress from '@fastify/compress';
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify';
import {
  type AccessGrant,
  type PresentedToken,
  parseScopes,
  requireUnreducedGrant,
  type TokenVerifier,
} from '../../../src/access/index.ts';
import { createAuditLog } from '../../../src/audit/index.ts';
import type { Database, QueryLimits } from '../../../src/database/index.ts';
import type { FhirApi, SecurityLabel } from '../../../src/domain/index.ts';
import {
  type BackendGrantLookup,
  createOnDemandUpgrade,
  type createRequestQueue,
  type Disclosure,
  type FhirVersion,
  fhirRoutes,
  type Projection,
  type Resource,
  r4,
} from '../../../src/fhir/index.ts';
import { searchDigest } from '../../../src/fhir/search/search-digest.ts';
import { shareConnection } from '../../../src/fhir/store/query/shared-connection.ts';
import { COMPRESSION } from '../../../src/http/compression.ts';
import { type ImportReport, importFiles, openFeed, textInput, type Validation } from '../../../src/intake/index.ts';
import type {
  AccountId,
  ClientId,
  Clock,
  GrantId,
  PatientId,
  PracticeId,
  RecordId,
} from '../../../src/kernel/index.ts';
import { later, Problem, systemRandom } from '../../../src/kernel/index.ts';
import { HAS_NO_CLUSTER } from '../database/cluster.ts';
import { type EmptyDatabase, emptyDatabase, emptyTables } from '../database/empty-database.ts';
import { testDatabase } from '../database/test-database.ts';
import { mergeNotifier } from '../people/merged-people.ts';

export const BASE = 'https://records.example/api/fhir/r4';

export interface FhirServer {
  readonly app: FastifyInstance;
  readonly db: Database;
  readonly clock: Clock & { set(at: Date): void };
  /** Disclosures that the server recorded, in order. */
  readonly disclosures: Disclosure[];
  /** Access tokens of the requests, in order. */
  readonly presentedTokens: PresentedToken[];
  /** Makes the audit log fail after this number of further events. */
  breakAuditLog(after?: number): void;
  /** Creates a token with the record of a loaded patient in context. */
  token(patientId: string, options?: TokenOptions): Promise<string>;
  /** Makes a token invalid. */
  endToken(token: string): void;
  /** Lets checks of tokens wait until the returned function is called. */
  holdTokenChecks(): () => void;
  /** Changes the grant of a token from now on. */
  changeGrant(token: string, changes: Partial<AccessGrant>): void;
  /**
   * Forges a cursor of a search in the server's format.
   * @param parts the parts of the cursor, except the search
   */
  forgeCursor(token: string, search: string, parts: readonly unknown[]): string;
  get(token: string | undefined, path: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** Loads resources. A millisecond has passed afterwards. */
  load(resources: readonly Resource[], options?: { source?: string; practiceId?: number }): Promise<ImportReport>;
  /** Restores the initial state: no data, no tokens, and the clock at its start. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export interface TokenOptions {
  readonly scope?: string;
  readonly apis?: readonly FhirApi[];
  readonly practiceEnabled?: boolean;
  /** Practices that `user/` and `system/` scopes cover. By default none, as for a patient's token. */
  readonly practices?: readonly number[];
  /** Sensitive labels that the patient didn't grant. */
  readonly withheld?: readonly SecurityLabel[];
  /** False for a token without a patient in context. */
  readonly record?: false;
  /** The client_id of a backend app, which acts without a user. */
  readonly backend?: string;
  readonly fhirUser?: { readonly type: string; readonly id: string };
  /** Practice of the record, if the patient has records at several. */
  readonly at?: number;
}

export interface FhirServerOptions {
  readonly version?: FhirVersion;
  readonly projections?: readonly Projection[];
  readonly dpopAlgs?: readonly string[];
  /** Looks up tokens. By default these are the tokens that `token()` created. */
  readonly tokens?: TokenVerifier;
  /** Validates what is loaded or sent. By default nothing is validated. */
  readonly validation?: Validation;
  /** Enables exports and groups. */
  readonly exports?: boolean;
  /** Upgrades records of an earlier release when they are requested. */
  readonly upkeep?: boolean;
  /** Limits for waiting and for statements. By default those of production. */
  readonly turns?: ReturnType<typeof createRequestQueue>;
  /** Lets short pages share a connection. */
  readonly shortPages?: boolean;
  /** Wraps the database that the routes use. */
  readonly wrapDatabase?: (db: Database) => Database;
  /** Creates the database. Default: an empty one of the run's PostgreSQL. */
  readonly createDatabase?: () => Promise<EmptyDatabase>;
}

/** Starts the FHIR routes on a separate database with two practices. Tokens are in memory. */
export async function startFhir(options: FhirServerOptions = {}): Promise<FhirServer> {
  const { version = r4, projections = [], dpopAlgs = [], validation, wrapDatabase = (own) => own, turns } = options;
  const { createDatabase = () => emptyDatabase(testDatabase()) } = options;
  const { db, close } = await createDatabase();
  const { queryText } = db;
  await addPractices(db);
  const start = new Date('2026-11-02T09:00:00.123Z');
  const clock = createClock(start);
  const disclosures: Disclosure[] = [];
  const presented: PresentedToken[] = [];
  const grants = new Map<string, AccessGrant>();
  let left = Number.POSITIVE_INFINITY;
  const app = Fastify({ routerOptions: { caseSensitive: false, ignoreTrailingSlash: true } });
  const endpoints = { base: BASE, authorize: `${BASE}/a`, token: `${BASE}/t`, revoke: `${BASE}/r` };
  const audit = {
    async append(event: Disclosure) {
      if (left <= 0) throw new Error('the trail is broken');
      left -= 1;
      disclosures.push(event);
    },
  };
  let checks = Promise.resolve();
  const { tokens = createVerifier(grants, presented, () => checks) } = options;
  const random = systemRandom;
  const auditLog = createAuditLog({ db, clock, random });
  const notifier = mergeNotifier(clock);
  const feed = openFeed({
    db: wrapDatabase(db),
    base: BASE,
    clock,
    random,
    projections,
    audit: auditLog,
    validation,
    notifier,
  });
  const deps = {
    version,
    db: wrapDatabase(db),
    // `withLimits` returns the same database, so that a test that replaces `queryText` sees all queries.
    withLimits: (bounds: QueryLimits) => (db.queryText === queryText ? wrapDatabase(db).withLimits(bounds) : db),
    ...(turns === undefined ? {} : { requestQueue: turns }),
    clock,
    tokens,
    audit,
    endpoints,
    dpopAlgs,
    ...(version === r4 ? { bundleReceiver: feed } : {}),
    ...(options.shortPages === true ? { shortPages: shareConnection(db.dedicatedConnection()) } : {}),
    ...(options.upkeep === true ? { upkeep: createOnDemandUpgrade(db, clock, projections) } : {}),
    ...(options.exports === true
      ? { exports: { db: wrapDatabase(db), random, disclosureLog: auditLog, grants: currentGrants(grants) } }
      : {}),
  };
  await app.register(
    async (scope) => {
      await scope.register(compress, COMPRESSION);
      fhirRoutes(scope, deps);
    },
    { prefix: '/api/fhir/r4' },
  );
  return {
    app,
    db,
    clock,
    disclosures,
    presentedTokens: presented,
    breakAuditLog: (after = 0) => {
      left = after;
    },
    async token(patientId, given = {}) {
      const name = `token-${grants.size + 1}`;
      grants.set(name, await grantFor(db, patientId, given));
      return name;
    },
    endToken: (token) => void grants.delete(token),
    holdTokenChecks() {
      const { promise, resolve } = Promise.withResolvers<void>();
      checks = promise;
      return resolve;
    },
    changeGrant(token, changes) {
      const grant = grants.get(token);
      if (grant === undefined) throw new Error(`no ${token}`);
      grants.set(token, { ...grant, ...changes });
    },
    forgeCursor(token, search, [sort, position, id, total, asOf, ...beside]) {
      const grant = grants.get(token);
      if (grant === undefined) throw new Error(`no ${token}`);
      const { pathname, searchParams } = new URL(search, `${BASE}/`);
      const path = pathname.replace(/^.*\/fhir\/r4\//, '');
      const digest = searchDigest({ grant, version }, decodeURIComponent(path), [...searchParams]);
      return Buffer.from(JSON.stringify([sort, position, id, total, asOf, digest, ...beside])).toString('base64url');
    },
    get: (token, path, headers = {}) =>
      app.inject({
        method: 'GET',
        url: path.startsWith('http') ? new URL(path).pathname + new URL(path).search : `/api/fhir/r4${path}`,
        headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      }),
    async load(resources, { source = 'test', practiceId = 1 } = {}) {
      const report = await importFiles(
        db,
        {
          practiceId: practiceId as PracticeId,
          source,
          base: BASE,
          projections,
          clock,
          random: systemRandom,
          validation,
        },
        [textInput('test.ndjson', resources.map((resource) => JSON.stringify(resource)).join('\n'))],
      );
      // A search for changes leaves out those of the current millisecond.
      clock.set(later(clock.now(), 1));
      return report;
    },
    async reset() {
      await emptyTables(db);
      await addPractices(db);
      grants.clear();
      disclosures.length = 0;
      presented.length = 0;
      left = Number.POSITIVE_INFINITY;
      clock.set(start);
    },
    async close() {
      await app.close();
      await close();
    },
  };
}

/** Adds two practices. On a cluster their id registries are complete, as after `citus distribute`. */
const addPractices = (db: Database) =>
  db.queryText(
    `insert into practice (practice_id, kind, name, id_registry)
     select id, 'live', name, $1 from (values (1, 'One'), (2, 'Two')) as p (id, name)`,
    [HAS_NO_CLUSTER ? 'claims' : 'complete'],
  );

const createVerifier = (
  grants: ReadonlyMap<string, AccessGrant>,
  seen: PresentedToken[],
  untilChecked: () => Promise<void>,
): TokenVerifier => ({
  async verify(presented) {
    seen.push(presented);
    await untilChecked();
    const grant = grants.get(presented.token);
    if (grant !== undefined) return grant;
    throw ended();
  },
  async requireStillValid(token, begun) {
    const grant = grants.get(token);
    if (grant === undefined) throw ended();
    requireUnreducedGrant(begun, grant);
  },
});

/** A backend app has the access of its last token. */
const currentGrants = (grants: ReadonlyMap<string, AccessGrant>): BackendGrantLookup => ({
  currentGrant: async ({ clientId }) => [...grants.values()].findLast((grant) => grant.clientId === clientId),
});

const ended = () =>
  new Problem('invalid_token', { status: 401, message: 'This access token is not valid (any more).' });

async function grantFor(db: Database, patientId: string, options: TokenOptions): Promise<AccessGrant> {
  const { scope = 'patient/*.rs', apis = ['r4', 'dstu2'], practiceEnabled = true, practices = [] } = options;
  return {
    grantId: '00000000-0000-4000-8000-00000000000a' as GrantId,
    familyId: 'family',
    clientId: (options.backend ?? 'app') as ClientId,
    accountId: options.backend === undefined ? ('00000000-0000-4000-8000-00000000000b' as AccountId) : undefined,
    record:
      options.record === false || options.backend !== undefined ? undefined : await recordOf(db, patientId, options.at),
    practices: practices as PracticeId[],
    scopes: parseScopes(scope).scopes,
    apis,
    practiceEnabled,
    withheld: options.withheld ?? [],
    fhirUser: options.fhirUser,
  };
}

async function recordOf(
  db: Database,
  patientId: string,
  practiceId?: number,
): Promise<NonNullable<AccessGrant['record']>> {
  const [record] = await db.queryText<{ record_id: number; practice_id: number }>(
    `select record_id, practice_id from record where patient_id = $1 and practice_id = coalesce($2, practice_id)
     order by practice_id`,
    [patientId, practiceId],
  );
  if (record === undefined) throw new Error(`no record of ${patientId}`);
  return {
    recordId: record.record_id as RecordId,
    practiceId: record.practice_id as PracticeId,
    patientId: patientId as PatientId,
  };
}

/** Creates a clock that doesn't move until a test sets it. */
function createClock(start: Date): Clock & { set(at: Date): void } {
  let at = start;
  return {
    now: () => at,
    set: (next) => {
      at = next;
    },
  };
}
