/** One value of a token search: `system|code`, `code`, `|code` or `system|`. FHIR R4 search §3.1.1.4.10 */
export interface TokenValue {
  /** undefined: any system; '': no system. */
  readonly system: string | undefined;
  /** undefined: any code of the system. */
  readonly code: string | undefined;
}

/**
 * A search parameter a version offers on a type, and how it is asked of the store's index. The index knows R4 names and
 * R4 codes only; a version with other names or code systems says here how to turn a value into stored ones.
 */
export type SearchParameter =
  | {
      readonly kind: 'token';
      readonly name: string;
      /** Name in the store's index table for the type. */
      readonly index: string;
      /** The stored values that a value asked for stands for (any of them); default: itself. */
      readonly toStored?: (value: TokenValue) => readonly TokenValue[];
      readonly documentation: string;
    }
  | { readonly kind: 'date'; readonly name: string; readonly index: string; readonly documentation: string }
  | { readonly kind: 'reference'; readonly name: string; readonly index: string; readonly documentation: string }
  /** The compartment itself: `patient`, `subject`; must name the token's patient. */
  | { readonly kind: 'patient'; readonly name: string; readonly documentation: string };
