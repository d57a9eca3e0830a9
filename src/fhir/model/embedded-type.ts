import type { RowCondition } from './condition.ts';

/**
 * A directory type that a FHIR version doesn't serve at an endpoint of its own, because the version shows its resources
 * inside resources of another type (`parentType`). For example, PractitionerRoles are shown inside a DSTU2
 * Practitioner. Both types are R4 types.
 */
export interface EmbeddedType {
  readonly type: string;
  readonly parentType: string;
  /**
   * Search parameter for the reference from the embedded resource to its parent, such as `practitioner` of
   * PractitionerRole.
   */
  readonly parentParameter: string;
  /**
   * Search conditions that an embedded resource must meet to be shown. For example, a PractitionerRole must be active.
   */
  readonly visibleWhen: readonly RowCondition[];
}
