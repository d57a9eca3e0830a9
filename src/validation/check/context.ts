import type { Definitions } from '../definitions.ts';
import type { Issue } from '../issue.ts';
import type { Constraint } from '../profile/profile.ts';

/** State of the validation of one resource. */
export interface Context {
  readonly definitions: Definitions;
  readonly invariants: Invariants;
  /** FHIRPath %resource: the nearest enclosing resource. */
  readonly resource: Record<string, unknown>;
  /** FHIRPath %rootResource: the container of a contained resource, otherwise the resource itself. */
  readonly root: Record<string, unknown>;
  /** Resources of the Bundle by fullUrl; empty if the root isn't a Bundle. */
  readonly bundled: ReadonlyMap<string, Record<string, unknown>>;
  readonly report: (issue: Issue) => void;
  /** Validates a nested resource: a contained one or a Bundle entry. */
  readonly inner: (resource: Record<string, unknown>, path: string, profiles: readonly string[]) => void;
}

/** A rule with its origin. */
export interface Said<R> {
  readonly rule: R;
  /** URL of the profile that the rule comes from; undefined for FHIR itself. */
  readonly by: string | undefined;
}

/** Evaluates invariants. */
export interface Invariants {
  /**
   * @param path the value's data type or the path of the element definition: `dateTime`, `Observation.component`
   * @returns undefined if the invariant can't be evaluated
   */
  holds(
    constraint: Constraint,
    path: string,
    value: unknown,
    context: Pick<Context, 'resource' | 'root'>,
  ): boolean | undefined;
}
