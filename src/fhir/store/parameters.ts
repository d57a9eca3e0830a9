import type { GroupIndex } from './element-groups.ts';
import generated from './generated/search-parameters.json' with { type: 'json' };

/**
 * Where the values of a search parameter of FHIR R4 or US Core are: plain paths of element names, `telecom[system=phone]`
 * for those with a value, `actor[to=Practitioner]` for references to a type.
 */
export type StoredParameter = {
  readonly documentation: string;
  /** Canonical of the SearchParameter that it is made of: R4's, where R4 has it, else US Core's. */
  readonly definition: string;
} & (
  | {
      readonly kind: 'token';
      readonly paths: readonly string[];
      /** `flags`: few values, filtered within the record. `codes`: selective, found through the GIN index. */
      readonly column: 'flags' | 'codes';
      /** For elements of type `code`: the system their codes come from, which the resource does not repeat. */
      readonly system?: string;
      /** They are Identifiers, which have a type as well: `:of-type`. */
      readonly typed?: true;
    }
  | { readonly kind: 'reference'; readonly paths: readonly string[]; readonly targets: readonly string[] }
  | { readonly kind: 'date' | 'string' | 'quantity' | 'uri'; readonly paths: readonly string[] }
  /** Asked of each of these parameters of the type: any may match. */
  | { readonly kind: 'token' | 'quantity'; readonly union: readonly string[] }
  | StoredComposite
  /** The compartment itself, and where it is named. */
  | { readonly kind: 'patient'; readonly paths: readonly string[] }
);

export type StoredComposite = { readonly kind: 'composite' } & (
  | { readonly union: readonly string[] }
  /** Of the resource itself: each is a parameter of the type. */
  | { readonly of: readonly string[] }
  /** Of elements that repeat: what is asked for stands in one of them. */
  | GroupIndex
);

/** Compiled by scripts/compile-search-parameters.mjs: type, then name. */
export const PARAMETERS = generated as unknown as Readonly<Record<string, Readonly<Record<string, StoredParameter>>>>;
