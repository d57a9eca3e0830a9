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
 * DSTU2 Practitioner. `from`: the searched resource shows the embedded resource. `to`: the searched resource refers to
 * the embedded resource, which a third resource shows. The condition needs no scope for the embedded type, because a
 * client sees the same data in the resource that shows it.
 */
export interface EmbeddedLink {
  readonly kind: 'joined';
  readonly direction: LinkDirection;
  /**
   * Reference parameter that the condition follows. For `from`, it is a parameter of the embedded type; for `to`, a
   * parameter of the searched type.
   */
  readonly index: string;
  /** R4 type of the embedded resource, which is always a directory type. */
  readonly type: string;
  readonly conditions: readonly SearchCondition[];
  /**
   * Type that a chain reaches through the embedded resource. For example, a chain to a DSTU2 Practitioner also follows
   * references to a PractitionerRole, and the client needs a scope for Practitioner. Undefined if the condition isn't
   * part of a chain.
   */
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
