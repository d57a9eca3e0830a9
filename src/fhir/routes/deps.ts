import type { TokenVerifier } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import type { Clock, RecordId } from '../../kernel/index.ts';
import type { Endpoints, FhirVersion } from '../core/version.ts';
import type { AppActivity, Disclosure, DisclosureTrail } from '../ports.ts';

export interface FhirDeps {
  readonly version: FhirVersion;
  readonly db: Executor;
  readonly clock: Clock;
  readonly tokens: TokenVerifier;
  readonly audit: DisclosureTrail;
  /** Default: nobody is told what apps ask for. */
  readonly activity?: AppActivity;
  readonly endpoints: Endpoints;
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
  readonly body: string | Buffer;
  /** undefined: JSON of the version, to be written in the form that was asked for. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly resources: number;
  /** How many are of which record; those of a directory are of none. */
  readonly records: ReadonlyMap<RecordId, number>;
  readonly detail: Readonly<Record<string, unknown>>;
}
