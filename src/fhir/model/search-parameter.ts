/** One value of a token search: `system|code`, `code`, `|code` or `system|`. FHIR R4 search §3.1.1.4.10 */
export interface TokenValue {
  /** Undefined matches any system, an empty string only values without one. */
  readonly system: string | undefined;
  /** Undefined matches any code of the system. */
  readonly code: string | undefined;
}

interface ParameterDescription {
  readonly name: string;
  readonly documentation: string;
  /** Canonical URL of its SearchParameter. Undefined if no published definition has the same meaning. */
  readonly definition?: string;
  /** A value that matches, or could match, resources in the sandbox. */
  readonly example?: string | undefined;
}
interface IndexedDescription extends ParameterDescription {
  /** Name of the index in the store's table for the type. */
  readonly index: string;
  /** Further indexes of the same kind that are searched as well. A match in any of them counts. */
  readonly otherIndexes?: readonly string[];
  /** Set if the index is on the version's embedded type instead of the resource itself. */
  readonly within?: true;
}

/**
 * A search parameter that a version offers on a type, and how to look it up in the store's index. The index has only R4
 * names and codes, so a version with other ones says here how to translate a value.
 */
export type SearchParameter =
  | (IndexedDescription & {
      readonly kind: 'token';
      /** Translates a requested value to stored ones, any of which may match. Default: the value itself. */
      readonly toStored?: (value: TokenValue) => readonly TokenValue[];
      /** Index of identifiers by type, for `:of-type`. Undefined if there is none. */
      readonly ofType?: string;
    })
  | (IndexedDescription & { readonly kind: 'date' | 'string' | 'quantity' | 'uri' })
  | (IndexedDescription &
      IdentifierIndexed & {
        readonly kind: 'reference';
        /** Stored types that it may refer to and that this version serves. */
        readonly targets: readonly string[];
        /** Paths of the reference in this version's resources. Default: the paths of the index. */
        readonly paths?: readonly string[];
      })
  /** FHIR R4 search §3.1.1.4.14 */
  | (ParameterDescription & { readonly kind: 'composite'; readonly locations: readonly CompositeLocation[] })
  /** `patient` or `subject`, which name the compartment. For a patient's token they must name that patient. */
  | (ParameterDescription & IdentifierIndexed & { readonly kind: 'patient' });

interface IdentifierIndexed {
  /** Index of the identifiers in the references, for `:identifier`. Undefined if that isn't supported. */
  readonly identifiers?: string;
}

/** A search parameter with an index of its own. */
export type IndexedParameter = Exclude<SearchParameter, { readonly kind: 'patient' | 'composite' }>;

/** Returns all indexes that a parameter searches. */
export const parameterIndexes = ({ index, otherIndexes = [] }: IndexedDescription): readonly string[] => [
  index,
  ...otherIndexes,
];

/** Where a composite parameter compares its values. With several locations, a match in any of them counts. */
export type CompositeLocation =
  /** All values must match the same resource, each by its own parameter. */
  | { readonly of: 'resource'; readonly parts: readonly IndexedParameter[] }
  /** All values must match the same repetition of an element, which has a group index with parts of these kinds. */
  | { readonly of: 'group'; readonly index: string; readonly kinds: readonly CompositePartKind[] };

export type CompositePartKind = 'token' | 'reference' | 'quantity';
