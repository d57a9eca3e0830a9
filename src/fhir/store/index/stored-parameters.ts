import type { ElementGroupIndex } from './element-groups.ts';
import generated from './generated/search-parameters.json' with { type: 'json' };

/**
 * A search parameter of FHIR R4 or US Core, with the elements that have its values. Paths are plain element names with
 * optional filters: `telecom[system=phone]` selects telecoms whose system is `phone`, and `actor[to=Practitioner]`
 * selects references to a Practitioner.
 */
export type StoredParameter = {
  readonly documentation: string;
  /**
   * Canonical URL of the SearchParameter resource from which this entry was compiled: R4's resource if R4 defines the
   * parameter, otherwise US Core's.
   */
  readonly definition: string;
} & (
  | {
      readonly kind: 'token';
      readonly paths: readonly string[];
      /**
       * Database column that stores the parameter's values. `flags` is for parameters with few distinct values, which
       * filter the resources of a record. `codes` is for parameters with many distinct values, and has a GIN index.
       */
      readonly column: 'flags' | 'codes';
      /**
       * Code system that the elements imply. Set for elements of the FHIR type `code`, because their values don't name
       * a system.
       */
      readonly system?: string;
      /** Set if the elements are Identifiers, which the modifier `:of-type` can search by their type. */
      readonly typed?: true;
    }
  | { readonly kind: 'reference'; readonly paths: readonly string[]; readonly targets: readonly string[] }
  | { readonly kind: 'date' | 'string' | 'quantity' | 'uri'; readonly paths: readonly string[] }
  /** A parameter that searches several other parameters of the type. It matches if any of them does. */
  | { readonly kind: 'token' | 'quantity'; readonly union: readonly string[] }
  | StoredComposite
  /**
   * The parameter that names the patient, with the elements that refer to the patient. A search by this parameter
   * selects a patient record.
   */
  | { readonly kind: 'patient'; readonly paths: readonly string[] }
);

export type StoredComposite = { readonly kind: 'composite' } & (
  | { readonly union: readonly string[] }
  /** A composite parameter over the whole resource. Each component is a search parameter of the type. */
  | { readonly of: readonly string[] }
  /** A composite parameter over a repeating element. One repetition must match all components. */
  | ElementGroupIndex
);

/**
 * Search parameters by type and parameter name. scripts/compile-search-parameters.mjs compiles them from the published
 * definitions.
 */
export const STORED_PARAMETERS = generated as unknown as Readonly<
  Record<string, Readonly<Record<string, StoredParameter>>>
>;
