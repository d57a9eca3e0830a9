import type { TokenVerifier } from '../../access/index.ts';
import type { Database, Executor } from '../../database/index.ts';
import type { Clock, Random, RecordId } from '../../kernel/index.ts';
import type { Retirement } from '../core/retirement.ts';
import type { Endpoints, FhirVersion } from '../core/version.ts';
import type { AppActivity, BackendStanding, BundleFeed, Disclosure, DisclosureTrail, ExportTrail } from '../ports.ts';
import type { Totals } from '../store/totals.ts';
import type { Upkeep } from '../store/upkeep.ts';
import type { StreamedBundle } from './streamed.ts';
import type { Turns } from './turns.ts';

/** Additional dependencies of the export routes. */
interface ExportRouteDeps {
  readonly db: Database;
  readonly random: Random;
  readonly trail: ExportTrail;
  readonly standing: BackendStanding;
}

/** Dependencies of the routes of one FHIR version. */
export interface FhirDeps {
  readonly version: FhirVersion;
  readonly db: Executor;
  /**
   * Returns the same database with a time limit and an abort signal for the statements of one request. By default
   * statements have no limit.
   */
  readonly within?: Database['within'];
  readonly clock: Clock;
  /** Generates ids. Defaults to the system's random source. */
  readonly random?: Random;
  readonly tokens: TokenVerifier;
  readonly audit: DisclosureTrail;
  /** Activity log for app developers. By default nothing is logged. */
  readonly activity?: AppActivity;
  readonly endpoints: Endpoints;
  /** Deprecation and sunset dates of the API. By default it isn't deprecated. */
  readonly retirement?: Retirement | undefined;
  /** Cache of search totals. By default totals are not cached. */
  readonly totals?: Totals;
  /** Brings rows of an older release up to date before they are served. By default all rows are considered current. */
  readonly upkeep?: Upkeep;
  /** Queue shared by everything in this process that reads for apps. By default each version has its own. */
  readonly turns?: Turns;
  /** By default there are no exports and no groups. */
  readonly exports?: ExportRouteDeps;
  /** Accepts Bundles from backend apps. By default the API is read-only. */
  readonly feed?: BundleFeed;
  /**
   * Signature algorithms of DPoP proofs, for the WWW-Authenticate challenge (RFC 9449 §7.1). By default DPoP isn't
   * offered.
   */
  readonly dpopAlgs?: readonly string[];
}

/** The interaction and type of a request, with the type as the client wrote it. */
export interface Asked {
  readonly kind: Disclosure['kind'];
  readonly type: string;
}

/** The result of a handler. It is sent after its disclosure is recorded. */
export interface Answer {
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
