/** One value of a token search: `system|code`, `code`, `|code` or `system|`. FHIR R4 search §3.1.1.4.10 */
export interface TokenValue {
  /** undefined: any system; '': no system. */
  readonly system: string | undefined;
  /** undefined: any code of the system. */
  readonly code: string | undefined;
}

interface Described {
  readonly name: string;
  readonly documentation: string;
  /** Canonical of the SearchParameter that it is; absent: no published one says what it is here. */
  readonly definition?: string;
  /** A value that finds something in the sandbox, or could. */
  readonly example?: string | undefined;
}
interface Indexed extends Described {
  /** Name in the store's index table for the type. */
  readonly index: string;
  /** Others of the same kind that are asked as well: any of them may match. */
  readonly also?: readonly string[];
  /** It is asked of the version's `part`, where its index is; absent: of the resource itself. */
  readonly within?: true;
}

/**
 * A search parameter a version offers on a type, and how it is asked of the store's index. The index knows R4 names and
 * R4 codes only; a version with other names or code systems says here how to turn a value into stored ones.
 */
export type SearchParameter =
  | (Indexed & {
      readonly kind: 'token';
      /** The stored values that a value asked for stands for (any of them); default: itself. */
      readonly toStored?: (value: TokenValue) => readonly TokenValue[];
      /** Index of identifiers by their type; absent: they have none. */
      readonly ofType?: string;
    })
  | (Indexed & { readonly kind: 'date' | 'string' | 'quantity' | 'uri' })
  | (Indexed &
      Referring & {
        readonly kind: 'reference';
        /** Stored names of the types it may lead to that have an address here. */
        readonly targets: readonly string[];
        /** Paths at which this version's resources have it; absent: those of the index. */
        readonly at?: readonly string[];
      })
  /** Several values that belong together. FHIR R4 search §3.1.1.4.14 */
  | (Described & { readonly kind: 'composite'; readonly composed: readonly Composed[] })
  /** The compartment itself: `patient`, `subject`; must name the token's patient. */
  | (Described & Referring & { readonly kind: 'patient' });

interface Referring {
  /** Index of the identifiers in the references; absent: they can't be asked for. */
  readonly identifiers?: string;
}

/** One that has values in the index. */
export type IndexedParameter = Exclude<SearchParameter, { readonly kind: 'patient' | 'composite' }>;

/** The indexes that it is asked of. */
export const indexesOf = ({ index, also = [] }: Indexed): readonly string[] => [index, ...also];

/** Where the values of a composite parameter are together; any of these places. */
export type Composed =
  /** Of one resource, by what each is asked for. */
  | { readonly of: 'resource'; readonly parts: readonly IndexedParameter[] }
  /** Of one of its elements: the group of the index, and what its parts are. */
  | { readonly of: 'group'; readonly index: string; readonly kinds: readonly PartKind[] };

export type PartKind = 'token' | 'reference' | 'quantity';
