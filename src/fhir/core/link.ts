import type { Condition } from './condition.ts';
import type { Part } from './parts.ts';
import type { ServedType } from './version.ts';

/** By which parameter two resources are linked. */
export type LinkIndex =
  | { readonly kind: 'reference'; readonly index: string }
  /** `patient` and its like: the Patient of the same record. */
  | { readonly kind: 'compartment' };

/**
 * What a search asks of another resource. `to`: one that the row refers to (a chain, FHIR R4 search §3.1.1.5.6); `from`:
 * one that refers to the row (`_has`, §3.1.1.5.7).
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
 * What is asked of what is a part of something else in the version: `from`, of the row's own parts; `to`, of a part of
 * something that the row refers to. Nothing of it is told that rows and what they refer to do not show, so that no grant
 * is asked about it.
 */
export interface Joined {
  readonly kind: 'joined';
  readonly direction: Link['direction'];
  /** The parameter by which a part refers to the row, or the row to a part. */
  readonly index: string;
  /** As stored: in the directory. */
  readonly type: string;
  readonly asked: readonly Asked[];
  /** What it leads on to, where that has to be granted. */
  readonly other?: ServedType;
}

/** A condition before the grant was asked about what it is linked to. Alternatives are those of types it may lead to. */
export type Asked =
  | Condition
  | Link
  | Joined
  | { readonly kind: 'alternatives'; readonly of: readonly (Link | Joined)[] }
  /** Any of them. */
  | { readonly kind: 'either'; readonly of: readonly Asked[] };

/** A link that has been through authorization: the other resource is in one of the parts that the grant allows. */
export interface EnforcedLink {
  readonly kind: 'linked';
  readonly direction: Link['direction'];
  readonly by: LinkIndex;
  /** As stored. */
  readonly type: string;
  readonly home: ServedType['home'];
  /** What is hidden in it is linked to nothing; undefined: nothing is hidden. */
  readonly projection: string | undefined;
  readonly parts: readonly Part[];
  readonly conditions: readonly EnforcedCondition[];
  /** Whether nothing may change the meaning of the whole: FHIR R4 §2.6.1, modifierExtension. */
  readonly unmodified?: boolean;
}

export type EnforcedCondition =
  | Condition
  | EnforcedLink
  | { readonly kind: 'alternatives'; readonly of: readonly EnforcedCondition[] };
