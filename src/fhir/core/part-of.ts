import type { Condition } from './condition.ts';

/**
 * A directory type that a version embeds in its parent type instead of serving it by itself: a DSTU2 Practitioner contains
 * its PractitionerRoles. Types are stored types.
 */
export interface PartOf {
  readonly type: string;
  readonly of: string;
  /** Parameter by which the embedded type refers to its parent. */
  readonly by: string;
  /** Conditions under which an embedded resource is visible. */
  readonly shown: readonly Condition[];
}
