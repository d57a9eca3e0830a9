import type { RowCondition } from '../model/condition.ts';
import type { ServedType } from '../model/fhir-version.ts';
import type { LinkDirection, LinkIndex } from '../model/link-index.ts';
import type { AccessFilter } from './access-filters.ts';

/** A link after authorization: the other resource has to match one of the access filters. */
export interface EnforcedLink {
  readonly kind: 'linked';
  readonly direction: LinkDirection;
  readonly by: LinkIndex;
  /** Stored type. */
  readonly type: string;
  readonly compartment: ServedType['compartment'];
  /** Resources that this projection hides don't match. Undefined if nothing is hidden. */
  readonly projection: string | undefined;
  readonly filters: readonly AccessFilter[];
  readonly conditions: readonly EnforcedCondition[];
  /** If true, a resource with a modifierExtension doesn't match, as that may change its meaning. FHIR R4 §2.6.1 */
  readonly unmodified?: boolean;
}

export type EnforcedCondition =
  | RowCondition
  | EnforcedLink
  | { readonly kind: 'alternatives'; readonly of: readonly EnforcedCondition[] };
