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

/** A condition before the grant was asked about what it is linked to. Alternatives are those of types it may lead to. */
export type Asked = Condition | Link | { readonly kind: 'alternatives'; readonly of: readonly Link[] };

/** A link that has been through authorization: the other resource is in one of the parts that the grant allows. */
export interface EnforcedLink {
  readonly kind: 'linked';
  readonly direction: Link['direction'];
  readonly by: LinkIndex;
  /** As stored. */
  readonly type: string;
  readonly home: ServedType['home'];
  readonly parts: readonly Part[];
  readonly conditions: readonly EnforcedCondition[];
}

export type EnforcedCondition =
  | Condition
  | EnforcedLink
  | { readonly kind: 'alternatives'; readonly of: readonly EnforcedLink[] };
