import type { FhirDefinitions } from '../definitions/fhir-definitions.ts';
import type { InvariantConstraint } from '../definitions/profile-rules.ts';
import type { ValidationIssue } from '../issue.ts';

/** State that all checks of one resource share. */
export interface ValidationContext {
  readonly definitions: FhirDefinitions;
  readonly invariants: InvariantEvaluator;
  /** Value of the FHIRPath variable %resource: the innermost resource that contains the checked element. */
  readonly resource: Record<string, unknown>;
  /**
   * Value of the FHIRPath variable %rootResource. For elements of a contained resource, it is the resource that
   * contains that resource. For all other elements, it is the same as `resource`.
   */
  readonly rootResource: Record<string, unknown>;
  /** Resources in the validated Bundle by fullUrl. The map is empty if the validated resource isn't a Bundle. */
  readonly bundleResources: ReadonlyMap<string, Record<string, unknown>>;
  readonly report: (issue: ValidationIssue) => void;
  /**
   * Validates a contained resource, or the resource of a Bundle entry. The issues are reported like those of the outer
   * resource.
   */
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
   * @param path datatype of the value, or path of its element definition; for example, `dateTime` or
   * `Observation.component`
   * @returns whether the value satisfies the invariant; undefined if it can't be evaluated
   */
  holds(
    constraint: InvariantConstraint,
    path: string,
    value: unknown,
    context: Pick<ValidationContext, 'resource' | 'rootResource'>,
  ): boolean | undefined;
}
