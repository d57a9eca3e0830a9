import type { TokenVerifier } from '../../access/index.ts';
import type { Database, Executor, ReadReplica } from '../../database/index.ts';
import type { FindStatement } from '../../domain/index.ts';
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
  FindDisclosureLog,
} from '../ports.ts';
import type { ReadDatabase } from '../store/query/contents/read-contents.ts';
import type { EverythingCounts } from '../store/query/everything-page.ts';
import type { SharedConnection } from '../store/query/shared-connection.ts';
import type { TotalCache } from '../store/query/total-cache.ts';
import type { OnDemandUpgrade } from '../store/write/on-demand-upgrade.ts';
import type { ExpectedReferences } from './everything/expected-references.ts';
import type { AppLimit } from './request/app-limit.ts';
import type { RequestQueue } from './request/request-queue.ts';
import type { StreamedBundle } from './response/bundle-stream.ts';

/** Dependencies that only the routes of Bulk Data exports have, beside those of all FHIR routes. */
interface ExportRouteDeps {
  readonly db: Database;
  readonly random: Random;
  readonly disclosureLog: ExportDisclosureLog;
  readonly grants: BackendGrantLookup;
}

/** Dependencies of the routes of one FHIR version. */
export interface FhirDeps {
  readonly version: FhirVersion;
  readonly db: ReadDatabase;
  /**
   * Returns the database with a time limit and an abort signal for the statements of one request. Without this
   * function, statements have no time limit.
   */
  readonly withLimits?: Database['withLimits'];
  /** Standby for the contents of large results. Without it, everything is read from the database itself. */
  readonly replica?: ReadReplica | undefined;
  /**
   * Database connection for lookups: reads of one current resource by its id. Their statements share the connection and
   * have a time limit of their own. Without it, lookups run as other requests do.
   */
  readonly lookups?: Executor;
  /**
   * Database connection for short pages of searches, which share it in the same way. Without it, they are read as other
   * pages are.
   */
  readonly shortPages?: SharedConnection;
  /**
   * Database connection for lookups and short pages whose statement also records the disclosure. It is used only while
   * no other disclosure is pending. Without it, these statements run as others do.
   */
  readonly recordedReads?: Executor;
  /** Audit log for `findRecorder`. Without it, each disclosure is recorded by a statement of its own. */
  readonly findLog?: FindDisclosureLog;
  /** Records the disclosure of this request in the statement that finds its resources. */
  readonly findRecorder?: FindRecorder | undefined;
  readonly clock: Clock;
  /** Source of random ids. Without it, the operating system's random source is used. */
  readonly random?: Random;
  readonly tokens: TokenVerifier;
  readonly audit: DisclosureLog;
  /** Activity log for app developers. Without it, no activity is logged. */
  readonly activity?: AppRequestLog;
  readonly endpoints: Endpoints;
  /** Deprecation and sunset dates of the API. undefined means that the API isn't deprecated. */
  readonly deprecation?: PublishedDeprecation | undefined;
  /** Cache of search totals. Without one, each FHIR version has a cache of its own. */
  readonly totals?: TotalCache;
  /** Cache of what `$everything` counts. Without one, each FHIR version has a cache of its own. */
  readonly everythingCounts?: EverythingCounts;
  /**
   * The references that directory resources had when `$everything` last read them. Without it, each request follows
   * references level by level.
   */
  readonly expectedReferences?: ExpectedReferences;
  /**
   * Upgrades rows that an older release stored, before they are served. Without it, all rows are considered current.
   */
  readonly upkeep?: OnDemandUpgrade;
  /**
   * Queue shared by all parts of this process that read data for apps. Without it, each FHIR version has its own queue.
   */
  readonly requestQueue?: RequestQueue;
  /** Rate limits of apps. Without it, apps have none. */
  readonly appLimit?: AppLimit;
  /** Dependencies of Bulk Data exports. Without them, the API has neither exports nor Groups. */
  readonly exports?: ExportRouteDeps;
  /** Accepts Bundles from backend apps. Without it, the API is read-only. */
  readonly bundleReceiver?: BundleReceiver;
  /**
   * Signature algorithms of DPoP proofs, for the WWW-Authenticate challenge (RFC 9449 §7.1). undefined means that DPoP
   * isn't offered.
   */
  readonly dpopAlgs?: readonly string[];
}

/** Records the disclosure of a request under a grant for one patient record. */
export interface FindRecorder {
  /** Whether disclosures come one at a time, so that `findAndRecord` is faster than a statement for each. */
  isFaster(): boolean;
  /**
   * Runs the statement that finds the resources of the record in context, and records their disclosure in it.
   * @param detail what the audit log says about the response, beside what the statement adds
   */
  findAndRecord<Row>(statement: FindStatement, detail: FhirResponse['detail']): Promise<Row[]>;
  /** Whether the disclosure has been recorded. */
  isRecorded(): boolean;
}

/** The interaction of a request, such as `read`, and the resource type as the client wrote it. */
export interface FhirInteraction {
  readonly kind: Disclosure['kind'];
  readonly type: string;
  /** Whether the request reads one current resource by its id. */
  readonly isLookup?: boolean;
}

/** Result of a route handler. The response is sent after its disclosure is recorded. */
export interface FhirResponse {
  /** HTTP status of the response. undefined means 200. */
  readonly status?: number;
  readonly body: string | Buffer | StreamedBundle;
  /**
   * Media type of the body. undefined means that the body is FHIR JSON, which is sent in the format that the client
   * requested.
   */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly resources: number;
  /**
   * Number of disclosed resources by patient record. Directory resources, which belong to no record, are not counted.
   */
  readonly records: ReadonlyMap<RecordId, number>;
  /**
   * Number of disclosed resources by patient record and type, if the response contains several types. Types have the
   * name that this FHIR version uses.
   */
  readonly byType?: readonly { readonly recordId: RecordId; readonly type: string; readonly resources: number }[];
  readonly detail: Readonly<Record<string, unknown>>;
}
