/** `to`: the row refers to the other resource. `from`: the other resource refers to the row. */
export type LinkDirection = 'to' | 'from';

/** The parameter that links two resources. */
export type LinkIndex =
  | { readonly kind: 'reference'; readonly index: string }
  /** `patient` and its synonyms lead to the Patient of the same record. */
  | { readonly kind: 'compartment' };
