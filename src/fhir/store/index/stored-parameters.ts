import type { ElementGroupIndex } from './element-groups.ts';
import generated from './generated/search-parameters.json' with { type: 'json' };

/**
 * A search parameter of FHIR R4 or US Core and the elements it is read from. Paths are plain element names:
 * `telecom[system=phone]` keeps elements with that value, `actor[to=Practitioner]` references to that type.
 */
export type StoredParameter = {
  readonly documentation: string;
  /** Canonical URL of the SearchParameter it was compiled from: R4's if R4 defines it, otherwise US Core's. */
  readonly definition: string;
} & (
  | {
      readonly kind: 'token';
      readonly paths: readonly string[];
      /**
       * `flags` is for parameters with few distinct values, which filter within a record. `codes` is for selective
       * parameters, which are found through the GIN index.
       */
      readonly column: 'flags' | 'codes';
      /** The code system of elements of type `code`, which don't name one. */
      readonly system?: string;
      /** The elements are Identifiers, which can be searched by their type (`:of-type`). */
      readonly typed?: true;
    }
  | { readonly kind: 'reference'; readonly paths: readonly string[]; readonly targets: readonly string[] }
  | { readonly kind: 'date' | 'string' | 'quantity' | 'uri'; readonly paths: readonly string[] }
  /** Searches all of these parameters of the type; any may match. */
  | { readonly kind: 'token' | 'quantity'; readonly union: readonly string[] }
  | StoredComposite
  /** The patient compartment itself, and the elements that name the patient. */
  | { readonly kind: 'patient'; readonly paths: readonly string[] }
);

export type StoredComposite = { readonly kind: 'composite' } & (
  | { readonly union: readonly string[] }
  /** A composite over the whole resource: each component is a parameter of the type. */
  | { readonly of: readonly string[] }
  /** A composite over a repeating element: all components must match within one element. */
  | ElementGroupIndex
);

/** Compiled by scripts/compile-search-parameters.mjs. Keys: type, then parameter name. */
export const STORED_PARAMETERS = generated as unknown as Readonly<
  Record<string, Readonly<Record<string, StoredParameter>>>
>;
