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

/** What exports need beside what every route does. */
interface Exports {
  readonly db: Database;
  readonly random: Random;
  readonly trail: ExportTrail;
  readonly standing: BackendStanding;
}

export interface FhirDeps {
  readonly version: FhirVersion;
  readonly db: Executor;
  /** The same database for the statements of one request; default: they take the time they take. */
  readonly within?: Database['within'];
  readonly clock: Clock;
  /** For what is made and has an id of its own; default: the system's. */
  readonly random?: Random;
  readonly tokens: TokenVerifier;
  readonly audit: DisclosureTrail;
  /** Default: nobody is told what apps ask for. */
  readonly activity?: AppActivity;
  readonly endpoints: Endpoints;
  /** Default: it is here to stay. */
  readonly retirement?: Retirement | undefined;
  /** How many matched, remembered from one search to the next; default: nothing is. */
  readonly totals?: Totals;
  /** Default: all that is stored was written by this release. */
  readonly upkeep?: Upkeep;
  /** Shared by all that reads for apps in this process; default: each version has its own. */
  readonly turns?: Turns;
  /** Default: there are no exports, and no groups. */
  readonly exports?: Exports;
  /** Default: nothing is written through this API. */
  readonly feed?: BundleFeed;
  /** Of which proofs of possession may be signed, for the challenge; default: none are asked for. RFC 9449 §7.1 */
  readonly dpopAlgs?: readonly string[];
}

/** What is asked for: how, and of which type, as the client wrote it. */
export interface Asked {
  readonly kind: Disclosure['kind'];
  readonly type: string;
}

/** What a route has found; sent once its disclosure is recorded. */
export interface Answer {
  /** Default: 200. */
  readonly status?: number;
  readonly body: string | Buffer | StreamedBundle;
  /** undefined: JSON of the version, to be written in the form that was asked for. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly resources: number;
  /** How many are of which record; those of a directory are of none. */
  readonly records: ReadonlyMap<RecordId, number>;
  /** The same for each type, where there are several; as the version names them. */
  readonly byType?: readonly { readonly recordId: RecordId; readonly type: string; readonly resources: number }[];
  readonly detail: Readonly<Record<string, unknown>>;
}
