import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TokenVerifier } from '../access/index.ts';
import type { Config } from '../config/index.ts';
import type { Database, ReadReplica } from '../database/index.ts';
import type { FhirApi } from '../domain/index.ts';
import { type BackgroundWork, EVERY_FIVE_MINUTES, HOURLY, repeatedJob, sendJob } from '../jobs/index.ts';
import { type Clock, hours, type Random, type RecordId } from '../kernel/index.ts';
import { dstu2 } from './dstu2/index.ts';
import { queueOpenExports } from './export/job-store.ts';
import { purgeExpiredExports } from './export/purge-exports.ts';
import { type ExportJobDeps, runExports, runExportTurn } from './export/run-exports.ts';
import { deprecationHeaders } from './http/deprecation.ts';
import type { Endpoints, FhirVersion } from './model/fhir-version.ts';
import type {
  AppRequestLog,
  BackendGrantLookup,
  BundleReceiver,
  DisclosureLog,
  ExportDisclosureLog,
  FindDisclosureLog,
} from './ports.ts';
import { projections } from './projections.ts';
import { r4 } from './r4/index.ts';
import { createErrorHandler } from './routes/errors.ts';
import { createAppLimit } from './routes/request/app-limit.ts';
import { createRequestQueue, type RequestQueue, STATEMENT_TIMEOUT_MS } from './routes/request/request-queue.ts';
import { fhirRoutes } from './routes/routes.ts';
import { fillIdRegistries } from './store/id-registry/fill-registry.ts';
import { purgeIdClaims } from './store/id-registry/purge-id-claims.ts';
import { recordContains } from './store/query/lookups/contains-resource.ts';
import {
  type CountedEntries,
  countShareableEntries,
  type ShareableEntries,
} from './store/query/lookups/count-shareable.ts';
import { type EncounterSummary, listEncounters } from './store/query/lookups/list-encounters.ts';
import type { RecordUser } from './store/query/lookups/record-user-reads.ts';
import { shareConnection } from './store/query/shared-connection.ts';
import { createOnDemandUpgrade } from './store/write/on-demand-upgrade.ts';

export interface FhirModuleDeps {
  readonly db: Database;
  /** Standby for the contents of large results, if there is one. */
  readonly replica?: ReadReplica | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: DisclosureLog & FindDisclosureLog & ExportDisclosureLog;
  readonly config: Pick<
    Config,
    'publicUrl' | 'exportHours' | 'fhirRequestsPerMinute' | 'dstu2Deprecation' | 'dynamicRegistration'
  >;
  readonly addresses: Omit<Endpoints, 'base' | 'register'> & {
    readonly register: string;
    readonly fhir: Readonly<Record<FhirApi, string>>;
  };
  /** Services of the authorization server that the FHIR APIs use. */
  readonly oauth: {
    readonly tokens: TokenVerifier;
    readonly backendGrants: BackendGrantLookup;
    readonly dpopAlgs: readonly string[];
  };
  readonly apps: { readonly activityLog: AppRequestLog };
  readonly server: {
    readonly log: { info(fields: { readonly upgraded: number; readonly of: number }): void };
    isClosing(): boolean;
  };
}

/** Services of other modules that the routes use. */
export interface FhirRoutePorts {
  /** Accepts Bundles from backend apps. */
  readonly feed: BundleReceiver;
  /**
   * Adds the discovery documents of the authorization server, such as `.well-known/smart-configuration`, to one FHIR
   * API.
   */
  discovery(scope: FastifyInstance): void;
}

/** One FHIR API at its path. It renders its own errors. */
export interface FhirApiRoutes {
  readonly path: string;
  routes(scope: FastifyInstance): void;
  renderError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply;
}

export interface FhirModule extends BackgroundWork {
  /** The parts of a patient record that a launcher offers, and what the consent page counts. */
  readonly charts: {
    contains(recordId: RecordId, type: string, id: string): Promise<boolean>;
    listEncounters(recordId: RecordId): Promise<readonly EncounterSummary[]>;
    countShareable(reader: RecordUser, entries: ShareableEntries): Promise<CountedEntries>;
  };
  createRoutes(ports: FhirRoutePorts): readonly FhirApiRoutes[];
  /** Returns how many requests of apps run and wait in this process. */
  queueState(): ReturnType<RequestQueue['state']>;
  /** Works on exports until none is left or the server closes. */
  runExports(): Promise<void>;
  /** Reindexes and reconverts resources that earlier releases stored, until none is left or the server closes. */
  upgradeRecords(): Promise<void>;
}

/** Creates both FHIR APIs, their exports, and the upgrade of what earlier releases stored. */
export function createFhir(deps: FhirModuleDeps): FhirModule {
  const { db, replica, clock, random, audit, config, addresses, oauth, apps, server } = deps;
  const { tokens, backendGrants: grants, dpopAlgs } = oauth;
  const upkeep = createOnDemandUpgrade(db, clock, projections);
  const requestQueue = createRequestQueue();
  const appLimit = createAppLimit(clock, config.fhirRequestsPerMinute);
  const lookups = db.dedicatedConnection({ readTimeout: STATEMENT_TIMEOUT_MS });
  const recordedReads = db.dedicatedConnection({ writeTimeout: STATEMENT_TIMEOUT_MS });
  const shortPages = shareConnection(db.dedicatedConnection({ readTimeout: STATEMENT_TIMEOUT_MS }));
  const exporting: ExportJobDeps = {
    db,
    replica,
    clock,
    random,
    version: r4,
    base: addresses.fhir.r4,
    grants,
    retentionMs: hours(config.exportHours),
  };
  const upgradeRecords = () =>
    upkeep.upgradeAll({
      stopped: server.isClosing,
      onProgress: (upgraded, of) => server.log.info({ upgraded, of }),
    });
  const { authorize, token, revoke, introspect, register } = addresses;
  const endpoints: Omit<Endpoints, 'base'> = {
    authorize,
    token,
    revoke,
    introspect,
    ...(config.dynamicRegistration === 'off' ? {} : { register }),
  };

  function createApi(version: FhirVersion, { feed, discovery }: FhirRoutePorts): FhirApiRoutes {
    const base = addresses.fhir[version.api];
    const deprecation = findDeprecation(version, config);
    return {
      path: new URL(base).pathname,
      renderError: createErrorHandler(version, [], deprecation === undefined ? {} : deprecationHeaders(deprecation)),
      routes(scope) {
        discovery(scope);
        fhirRoutes(scope, {
          version,
          deprecation,
          db,
          replica,
          clock,
          random,
          tokens,
          audit,
          activity: apps.activityLog,
          upkeep,
          withLimits: db.withLimits,
          lookups,
          shortPages,
          recordedReads,
          findLog: audit,
          requestQueue,
          appLimit,
          ...(version === r4 ? { exports: { db, random, disclosureLog: audit, grants }, bundleReceiver: feed } : {}),
          dpopAlgs,
          endpoints: { base, ...endpoints },
        });
      },
    };
  }

  return {
    charts: {
      contains: (recordId, type, id) => recordContains(db, recordId, type, id),
      listEncounters: (recordId) => listEncounters(db, recordId),
      countShareable: (reader, entries) => countShareableEntries(db, reader, entries),
    },
    createRoutes: (ports) => [r4, dstu2].map((version) => createApi(version, ports)),
    queueState: requestQueue.state,
    runExports: () => runExports(exporting, server.isClosing),
    upgradeRecords,
    handlers: {
      export: (id) => runExportTurn(exporting, id, server.isClosing),
      'upgrade-records': repeatedJob(db, 'upgrade-records', upgradeRecords),
    },
    async queueMissingJobs() {
      await queueOpenExports(db, clock.now());
      await sendJob(db, 'upgrade-records', 'records');
    },
    tasks: [
      { name: 'purge-exports', cron: HOURLY, run: (before) => purgeExpiredExports(db, before) },
      { name: 'fill-id-registry', cron: EVERY_FIVE_MINUTES, run: () => fillIdRegistries(db) },
      { name: 'purge-id-claims', cron: EVERY_FIVE_MINUTES, run: () => purgeIdClaims(db) },
    ],
  };
}

/** Returns the configured deprecation of the DSTU2 API. Undefined for R4, which can't be deprecated. */
function findDeprecation({ api }: FhirVersion, { publicUrl, dstu2Deprecation }: FhirModuleDeps['config']) {
  if (api !== 'dstu2' || dstu2Deprecation === undefined) return undefined;
  return { ...dstu2Deprecation, about: `${publicUrl}/docs/dstu2-losses` };
}
