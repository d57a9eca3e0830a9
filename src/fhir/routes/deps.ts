import type { TokenVerifier } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { Endpoints, FhirVersion } from '../core/version.ts';
import type { DisclosureTrail } from '../ports.ts';

export interface FhirDeps {
  readonly version: FhirVersion;
  readonly db: Executor;
  readonly clock: Clock;
  readonly tokens: TokenVerifier;
  readonly audit: DisclosureTrail;
  readonly endpoints: Endpoints;
}

/** What a route has found; sent once its disclosure is recorded. */
export interface Answer {
  readonly body: string | Buffer;
  /** undefined: JSON in the version's media type. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly resources: number;
  readonly detail: Readonly<Record<string, unknown>>;
}
