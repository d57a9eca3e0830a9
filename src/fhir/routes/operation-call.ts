import type { EnforcementContext } from '../authorization/enforcement-context.ts';
import type { QueryParameter } from '../search/search-request.ts';
import type { FhirDeps } from './deps.ts';

/** One call of an operation. */
export interface OperationCall {
  readonly deps: FhirDeps;
  readonly context: EnforcementContext;
  /** Id of the resource that the operation is called on; undefined if it is called on the type. */
  readonly id: string | undefined;
  readonly pairs: readonly QueryParameter[];
  /** `Prefer: handling=strict` */
  readonly strict: boolean;
}
