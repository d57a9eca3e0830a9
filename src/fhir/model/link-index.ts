/**
 * Direction of a reference between two resources. `to`: the searched resource refers to the other one (a chain).
 * `from`: the other resource refers to the searched one (`_has`).
 */
export type LinkDirection = 'to' | 'from';

/** Identifies how two resources are linked: by a reference search parameter, or by belonging to one patient record. */
export type LinkIndex =
  | { readonly kind: 'reference'; readonly index: string }
  /**
   * The parameter `patient`, or a synonym such as `subject`, whose target is always the Patient of the same patient
   * record. So the linked resource is found by its patient record, and the reference itself isn't read.
   */
  | { readonly kind: 'compartment' };
