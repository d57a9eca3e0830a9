import type { Condition } from './condition.ts';

/**
 * Resources of a practice's directory that are a part of others in a version, where they are no resources of their own: in
 * DSTU2 PractitionerRoles are a part of their Practitioner. Types are as stored.
 */
export interface PartOf {
  readonly type: string;
  readonly of: string;
  /** The parameter by which it refers to what it is a part of. */
  readonly by: string;
  /** Of those that are shown. */
  readonly shown: readonly Condition[];
}
