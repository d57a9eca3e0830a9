import type { Definitions } from '../definitions.ts';
import type { Issue } from '../issue.ts';
import type { Constraint } from '../profile/profile.ts';

/** What holds while one resource is looked at. */
export interface Context {
  readonly definitions: Definitions;
  readonly invariants: Invariants;
  /** The nearest resource around. FHIRPath %resource */
  readonly resource: Record<string, unknown>;
  /** That which it is contained in, or itself. FHIRPath %rootResource */
  readonly root: Record<string, unknown>;
  /** Of a Bundle: the resources in it by fullUrl. */
  readonly bundled: ReadonlyMap<string, Record<string, unknown>>;
  readonly report: (issue: Issue) => void;
  /** A resource inside: contained, or in a Bundle. */
  readonly inner: (resource: Record<string, unknown>, path: string, profiles: readonly string[]) => void;
}

/** A rule and who says so. */
export interface Said<R> {
  readonly rule: R;
  /** undefined: FHIR itself. */
  readonly by: string | undefined;
}

/** Whether invariants hold. */
export interface Invariants {
  /**
   * @param path the data type of the value, or the definition of a part: `dateTime`, `Observation.component`
   * @returns undefined: it can't be told
   */
  holds(
    constraint: Constraint,
    path: string,
    value: unknown,
    context: Pick<Context, 'resource' | 'root'>,
  ): boolean | undefined;
}
