import type { FhirDefinitions } from '../definitions/fhir-definitions.ts';
import type { InvariantConstraint } from '../definitions/profile-rules.ts';
import type { ValidationIssue } from '../issue.ts';

/** State of the validation of one resource. */
export interface ValidationContext {
  readonly definitions: FhirDefinitions;
  readonly invariants: InvariantEvaluator;
  /** FHIRPath %resource: the nearest enclosing resource. */
  readonly resource: Record<string, unknown>;
  /** FHIRPath %rootResource: the container of a contained resource, otherwise the resource itself. */
  readonly rootResource: Record<string, unknown>;
  /** Resources of the Bundle by fullUrl; empty if the root isn't a Bundle. */
  readonly bundleResources: ReadonlyMap<string, Record<string, unknown>>;
  readonly report: (issue: ValidationIssue) => void;
  /** Validates a nested resource: a contained one or a Bundle entry. */
  readonly validateNested: (resource: Record<string, unknown>, path: string, profiles: readonly string[]) => void;
}

/** A rule with its origin. */
export interface AttributedRule<R> {
  readonly rule: R;
  /** URL of the profile that the rule comes from; undefined for FHIR itself. */
  readonly profileUrl: string | undefined;
}

/** Evaluates invariants. */
export interface InvariantEvaluator {
  /**
   * @param path the value's data type or the path of the element definition: `dateTime`, `Observation.component`
   * @returns undefined if the invariant can't be evaluated
   */
  holds(
    constraint: InvariantConstraint,
    path: string,
    value: unknown,
    context: Pick<ValidationContext, 'resource' | 'rootResource'>,
  ): boolean | undefined;
}
