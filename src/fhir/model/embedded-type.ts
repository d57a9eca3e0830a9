import type { RowCondition } from './condition.ts';

/**
 * A directory type that a version embeds in its parent type instead of serving it by itself: a DSTU2 Practitioner contains
 * its PractitionerRoles. Types are stored types.
 */
export interface EmbeddedType {
  readonly type: string;
  readonly parentType: string;
  /** Parameter by which the embedded type refers to its parent. */
  readonly parentParameter: string;
  /** Conditions under which an embedded resource is visible. */
  readonly visibleWhen: readonly RowCondition[];
}
