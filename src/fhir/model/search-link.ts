import type { RowCondition } from './condition.ts';
import type { ServedType } from './fhir-version.ts';
import type { LinkDirection, LinkIndex } from './link-index.ts';

/**
 * A condition on another resource. `to`: one that the row refers to (a chain, FHIR R4 search §3.1.1.5.6). `from`: one that
 * refers to the row (`_has`, §3.1.1.5.7).
 */
export interface SearchLink {
  readonly kind: 'link';
  readonly direction: LinkDirection;
  readonly by: LinkIndex;
  readonly other: ServedType;
  /** All must hold. */
  readonly conditions: readonly SearchCondition[];
}

/**
 * A condition on an embedded resource. `from`: one that is embedded in the row itself. `to`: one that the row refers to,
 * and that is embedded in another resource. It reveals nothing that rows and the resources they refer to don't show
 * anyway, so no scope is needed for the embedded type.
 */
export interface EmbeddedLink {
  readonly kind: 'joined';
  readonly direction: LinkDirection;
  /** Parameter by which the embedded resource refers to the row, or the row to the embedded resource. */
  readonly index: string;
  /** Stored type, which is in the directory. */
  readonly type: string;
  readonly conditions: readonly SearchCondition[];
  /** Type that a chain leads on to, if searching it has to be authorized. */
  readonly other?: ServedType;
}

/** A condition before authorization. `alternatives` has a link for each type that a reference may lead to. */
export type SearchCondition =
  | RowCondition
  | SearchLink
  | EmbeddedLink
  | { readonly kind: 'alternatives'; readonly of: readonly (SearchLink | EmbeddedLink)[] }
  /** Holds if any of them holds. */
  | { readonly kind: 'either'; readonly of: readonly SearchCondition[] };
