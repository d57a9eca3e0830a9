import type { TokenVerifier } from '../../access/index.ts';
import type { Database, Executor } from '../../database/index.ts';
import type { Clock, Random, RecordId } from '../../kernel/index.ts';
import type { PublishedDeprecation } from '../http/deprecation.ts';
import type { Endpoints, FhirVersion } from '../model/fhir-version.ts';
import type {
  AppRequestLog,
  BackendGrantLookup,
  BundleReceiver,
  Disclosure,
  DisclosureLog,
  ExportDisclosureLog,
} from '../ports.ts';
import type { TotalCache } from '../store/query/total-cache.ts';
import type { OnDemandUpgrade } from '../store/write/on-demand-upgrade.ts';
import type { RequestQueue } from './request/request-queue.ts';
import type { StreamedBundle } from './response/bundle-stream.ts';

/** Additional dependencies of the export routes. */
interface ExportRouteDeps {
  readonly db: Database;
  readonly random: Random;
  readonly trail: ExportDisclosureLog;
  readonly standing: BackendGrantLookup;
}

/** Dependencies of the routes of one FHIR version. */
export interface FhirDeps {
  readonly version: FhirVersion;
  readonly db: Executor;
  /**
   * Returns the same database with a time limit and an abort signal for the statements of one request. By default
   * statements have no limit.
   */
  readonly withLimits?: Database['withLimits'];
  readonly clock: Clock;
  /** Generates ids. Defaults to the system's random source. */
  readonly random?: Random;
  readonly tokens: TokenVerifier;
  readonly audit: DisclosureLog;
  /** Activity log for app developers. By default nothing is logged. */
  readonly activity?: AppRequestLog;
  readonly endpoints: Endpoints;
  /** Deprecation and sunset dates of the API. By default it isn't deprecated. */
  readonly deprecation?: PublishedDeprecation | undefined;
  /** Cache of search totals. By default totals are not cached. */
  readonly totals?: TotalCache;
  /** Brings rows of an older release up to date before they are served. By default all rows are considered current. */
  readonly upkeep?: OnDemandUpgrade;
  /** Queue shared by everything in this process that reads for apps. By default each version has its own. */
  readonly requestQueue?: RequestQueue;
  /** By default there are no exports and no groups. */
  readonly exports?: ExportRouteDeps;
  /** Accepts Bundles from backend apps. By default the API is read-only. */
  readonly bundleReceiver?: BundleReceiver;
  /**
   * Signature algorithms of DPoP proofs, for the WWW-Authenticate challenge (RFC 9449 §7.1). By default DPoP isn't
   * offered.
   */
  readonly dpopAlgs?: readonly string[];
}

/** The interaction and type of a request, with the type as the client wrote it. */
export interface FhirInteraction {
  readonly kind: Disclosure['kind'];
  readonly type: string;
}

/** The result of a handler. It is sent after its disclosure is recorded. */
export interface FhirResponse {
  /** HTTP status; defaults to 200. */
  readonly status?: number;
  readonly body: string | Buffer | StreamedBundle;
  /** undefined for FHIR JSON, which is sent in the requested format. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly resources: number;
  /** Number of disclosed resources by record. Directory resources belong to no record. */
  readonly records: ReadonlyMap<RecordId, number>;
  /** The same by type, if the response contains several types. Types have their names in the version. */
  readonly byType?: readonly { readonly recordId: RecordId; readonly type: string; readonly resources: number }[];
  readonly detail: Readonly<Record<string, unknown>>;
}
