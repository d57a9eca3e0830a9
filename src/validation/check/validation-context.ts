import type { FhirDefinitions } from '../definitions/fhir-definitions.ts';
import type { InvariantConstraint } from '../definitions/profile-rules.ts';
import type { ValidationIssue } from '../issue.ts';

/** State that all checks of one resource share. */
export interface ValidationContext {
  readonly definitions: FhirDefinitions;
  readonly invariants: InvariantEvaluator;
  /** FHIRPath %resource: the nearest resource around the element. */
  readonly resource: Record<string, unknown>;
  /** FHIRPath %rootResource: the container of a contained resource, otherwise the resource itself. */
  readonly rootResource: Record<string, unknown>;
  /** Resources of a Bundle by fullUrl. Empty if the validated resource isn't a Bundle. */
  readonly bundleResources: ReadonlyMap<string, Record<string, unknown>>;
  readonly report: (issue: ValidationIssue) => void;
  /** Validates a resource inside the resource: a contained one or a Bundle entry. */
  readonly validateNested: (resource: Record<string, unknown>, path: string, profiles: readonly string[]) => void;
}

/** A rule and the profile that it comes from. */
export interface AttributedRule<R> {
  readonly rule: R;
  /** URL of the profile that the rule comes from. undefined for a rule of FHIR itself. */
  readonly profileUrl: string | undefined;
}

export interface InvariantEvaluator {
  /**
   * Evaluates an invariant for a value.
   * @param path datatype of the value, or path of its element definition: `dateTime`, `Observation.component`
   * @returns whether the value satisfies the invariant; undefined if it can't be evaluated
   */
  holds(
    constraint: InvariantConstraint,
    path: string,
    value: unknown,
    context: Pick<ValidationContext, 'resource' | 'rootResource'>,
  ): boolean | undefined;
}
