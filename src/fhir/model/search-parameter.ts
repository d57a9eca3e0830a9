/** One value of a token search: `system|code`, `code`, `|code` or `system|`. FHIR R4 search §3.1.1.4.10 */
export interface TokenValue {
  /** Code system of the searched code. Undefined matches any system, an empty string only codes without a system. */
  readonly system: string | undefined;
  /** The searched code. Undefined matches any code of the system. */
  readonly code: string | undefined;
}

interface ParameterDescription {
  readonly name: string;
  readonly documentation: string;
  /**
   * Canonical URL of the SearchParameter resource that defines the parameter. Undefined if no published definition has
   * the same meaning.
   */
  readonly definition?: string;
  /** Example value for the OpenAPI document. It matches, or could match, resources of the sandbox. */
  readonly example?: string | undefined;
}
interface IndexedDescription extends ParameterDescription {
  /** Name of the search index of the type in `store/index` that has the parameter's values. */
  readonly index: string;
  /**
   * Names of further search indexes with values of the parameter. A resource matches if a value in any of these indexes
   * matches.
   */
  readonly otherIndexes?: readonly string[];
  /**
   * Set if the values come from embedded resources. For example, DSTU2 Practitioners are searched by the specialty of
   * their PractitionerRoles.
   */
  readonly within?: true;
}

/**
 * A search parameter that a FHIR version offers on a type, and the index that has its values. The indexes have only R4
 * names and codes, so a version with other codes declares how to translate a searched value.
 */
export type SearchParameter =
  | (IndexedDescription & {
      readonly kind: 'token';
      /**
       * Translates a searched code to the codes that R4 resources have. A resource matches if it has any of them.
       * Default: the code itself.
       */
      readonly toStored?: (value: TokenValue) => readonly TokenValue[];
      /**
       * Name of the index for the modifier `:of-type`, which searches identifiers by their type. Undefined if the
       * parameter doesn't support the modifier.
       */
      readonly ofType?: string;
    })
  | (IndexedDescription & { readonly kind: 'date' | 'string' | 'quantity' | 'uri' })
  | (IndexedDescription &
      IdentifierIndexed & {
        readonly kind: 'reference';
        /** R4 types to which the reference may point. Only types that this FHIR version serves are listed. */
        readonly targets: readonly string[];
        /** Element paths of the reference in resources of this FHIR version. Default: the paths of the R4 index. */
        readonly paths?: readonly string[];
      })
  /** A composite parameter (FHIR R4 search §3.1.1.4.14). */
  | (ParameterDescription & { readonly kind: 'composite'; readonly locations: readonly CompositeLocation[] })
  /**
   * `patient` or a synonym such as `subject`. The parameter names the patient record. With a patient's token, its value
   * must be the Patient for whom the token was issued.
   */
  | (ParameterDescription & IdentifierIndexed & { readonly kind: 'patient' });

interface IdentifierIndexed {
  /**
   * Name of the index for the modifier `:identifier`, which searches the Identifier inside a reference. Undefined if
   * the parameter doesn't support the modifier.
   */
  readonly identifiers?: string;
}

/**
 * A search parameter whose values are in a search index. The other parameters name the patient record or combine
 * several parameters.
 */
export type IndexedParameter = Exclude<SearchParameter, { readonly kind: 'patient' | 'composite' }>;

/** Returns the names of all indexes that a search by the parameter uses. */
export const parameterIndexes = ({ index, otherIndexes = [] }: IndexedDescription): readonly string[] => [
  index,
  ...otherIndexes,
];

/**
 * The resources or elements whose values a composite parameter compares together. A parameter with several locations
 * matches if any of them matches.
 */
export type CompositeLocation =
  /** Each component is a search parameter of its own, and one resource must match all of them. */
  | { readonly of: 'resource'; readonly components: readonly IndexedParameter[] }
  /** One repetition of an element must match all components. `index` names the index of that element. */
  | { readonly of: 'group'; readonly index: string; readonly kinds: readonly CompositePartKind[] };

export type CompositePartKind = 'token' | 'reference' | 'quantity';
