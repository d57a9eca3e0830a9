import type { RowCondition } from './condition.ts';

/**
 * A resource type of a practice's directory that a FHIR version has no endpoint for, because the version puts its
 * resources into another type: a DSTU2 Practitioner contains its PractitionerRoles. Both types are R4 types.
 */
export interface EmbeddedType {
  readonly type: string;
  readonly parentType: string;
  /**
   * Search parameter for the reference to the resource that contains this one, such as `practitioner` of
   * PractitionerRole.
   */
  readonly parentParameter: string;
  /** Conditions that a contained resource must meet to be shown, such as `active` of PractitionerRole. */
  readonly visibleWhen: readonly RowCondition[];
}
