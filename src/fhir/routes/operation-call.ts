import type { EnforcementContext } from '../authorization/enforcement-context.ts';
import type { QueryParameter } from '../search/search-request.ts';
import type { FhirDeps } from './deps.ts';

/** One call of a FHIR operation such as `$everything`. */
export interface OperationCall {
  readonly deps: FhirDeps;
  readonly context: EnforcementContext;
  /** Id of the resource that the operation is called on; undefined if it is called on the type. */
  readonly id: string | undefined;
  readonly pairs: readonly QueryParameter[];
  /** Whether the request has `Prefer: handling=strict`, so that unknown parameters are rejected. */
  readonly strict: boolean;
}
