import type { Condition } from './condition.ts';
import type { LinkDirection, LinkIndex } from './link-index.ts';
import type { Part } from './parts.ts';
import type { ServedType } from './version.ts';

/** A link after authorization: the other resource has to match one of the access filters. */
export interface EnforcedLink {
  readonly kind: 'linked';
  readonly direction: LinkDirection;
  readonly by: LinkIndex;
  /** Stored type. */
  readonly type: string;
  readonly home: ServedType['home'];
  /** Resources that this projection hides don't match. Undefined if nothing is hidden. */
  readonly projection: string | undefined;
  readonly parts: readonly Part[];
  readonly conditions: readonly EnforcedCondition[];
  /** If true, a resource with a modifierExtension doesn't match, as that may change its meaning. FHIR R4 §2.6.1 */
  readonly unmodified?: boolean;
}

export type EnforcedCondition =
  | Condition
  | EnforcedLink
  | { readonly kind: 'alternatives'; readonly of: readonly EnforcedCondition[] };
