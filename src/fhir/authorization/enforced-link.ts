import type { RowCondition } from '../model/condition.ts';
import type { ServedType } from '../model/fhir-version.ts';
import type { LinkDirection, LinkIndex } from '../model/link-index.ts';
import type { AccessFilter } from './access-filters.ts';

/** A chain or `_has` after authorization. The resource at its other end must match one of the access filters. */
export interface EnforcedLink {
  readonly kind: 'linked';
  readonly direction: LinkDirection;
  readonly by: LinkIndex;
  /** R4 type of the resource at the other end. */
  readonly type: string;
  readonly compartment: ServedType['compartment'];
  /**
   * Name of the projection (stored conversion) that the client reads. If the resource at the other end has no content
   * in this projection, it is hidden, and the condition doesn't match. Undefined if the client reads the stored R4
   * text, where no resource is hidden.
   */
  readonly projection: string | undefined;
  readonly filters: readonly AccessFilter[];
  readonly conditions: readonly EnforcedCondition[];
  /**
   * If true, a resource at the other end doesn't match if it has a modifierExtension, because the extension may change
   * the meaning of the resource (FHIR R4 §2.6.1).
   */
  readonly unmodified?: boolean;
}

export type EnforcedCondition =
  | RowCondition
  | EnforcedLink
  | { readonly kind: 'alternatives'; readonly of: readonly EnforcedCondition[] };

/** True if a condition may follow links: it is a chain or `_has`, or has alternatives that may be. */
export const hasLinks = (conditions: readonly EnforcedCondition[]): boolean =>
  conditions.some(({ kind }) => kind === 'linked' || kind === 'alternatives');
