import type { Condition } from './condition.ts';
import type { Part } from './parts.ts';
import type { ServedType } from './version.ts';

/** The parameter that links two resources. */
export type LinkIndex =
  | { readonly kind: 'reference'; readonly index: string }
  /** `patient` and its synonyms lead to the Patient of the same record. */
  | { readonly kind: 'compartment' };

/**
 * A condition on another resource. `to`: one that the row refers to (a chain, FHIR R4 search §3.1.1.5.6). `from`: one that
 * refers to the row (`_has`, §3.1.1.5.7).
 */
export interface Link {
  readonly kind: 'link';
  readonly direction: 'to' | 'from';
  readonly by: LinkIndex;
  readonly other: ServedType;
  /** All must hold. */
  readonly asked: readonly Asked[];
}

/**
 * A condition on an embedded resource. `from`: one that is embedded in the row itself. `to`: one that the row refers to,
 * and that is embedded in another resource. It reveals nothing that rows and the resources they refer to don't show
 * anyway, so no scope is needed for the embedded type.
 */
export interface Joined {
  readonly kind: 'joined';
  readonly direction: Link['direction'];
  /** Parameter by which the embedded resource refers to the row, or the row to the embedded resource. */
  readonly index: string;
  /** Stored type, which is in the directory. */
  readonly type: string;
  readonly asked: readonly Asked[];
  /** Type that a chain leads on to, if searching it has to be authorized. */
  readonly other?: ServedType;
}

/** A condition before authorization. `alternatives` has a link for each type that a reference may lead to. */
export type Asked =
  | Condition
  | Link
  | Joined
  | { readonly kind: 'alternatives'; readonly of: readonly (Link | Joined)[] }
  /** Holds if any of them holds. */
  | { readonly kind: 'either'; readonly of: readonly Asked[] };

/** A link after authorization: the other resource has to match one of the access filters. */
export interface EnforcedLink {
  readonly kind: 'linked';
  readonly direction: Link['direction'];
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
