import type { RowCondition } from './condition.ts';
import type { ServedType } from './fhir-version.ts';
import type { LinkDirection, LinkIndex } from './link-index.ts';

/**
 * A search condition on another resource. `to`: the searched resource refers to it (a chain, FHIR R4 search
 * §3.1.1.5.6). `from`: it refers to the searched resource (`_has`, §3.1.1.5.7).
 */
export interface SearchLink {
  readonly kind: 'link';
  readonly direction: LinkDirection;
  readonly by: LinkIndex;
  readonly other: ServedType;
  /** Conditions on the resource at the other end of the chain or `_has`. It must meet all of them. */
  readonly conditions: readonly SearchCondition[];
}

/**
 * A search condition on a resource that the FHIR version shows inside another one, such as a PractitionerRole in its
 * DSTU2 Practitioner. `from`: the searched resource contains it. `to`: the searched resource refers to it, and a third
 * resource contains it. The condition needs no scope for the contained type, because a client sees the same data in the
 * resource that contains it.
 */
export interface EmbeddedLink {
  readonly kind: 'joined';
  readonly direction: LinkDirection;
  /**
   * Reference parameter that the condition follows. For `from`, it belongs to the contained resource; for `to`, to the
   * searched resource.
   */
  readonly index: string;
  /** R4 type of the contained resource, which is always a type of the practice's directory. */
  readonly type: string;
  readonly conditions: readonly SearchCondition[];
  /** Type that a longer chain reaches through the contained resource. Set if the chain needs a scope for that type. */
  readonly other?: ServedType;
}

/**
 * A search condition that authorization hasn't checked yet. `alternatives` has one link for each type to which a
 * reference may point.
 */
export type SearchCondition =
  | RowCondition
  | SearchLink
  | EmbeddedLink
  | { readonly kind: 'alternatives'; readonly of: readonly (SearchLink | EmbeddedLink)[] }
  /** Matches if any of the conditions does. */
  | { readonly kind: 'either'; readonly of: readonly SearchCondition[] };
