/** A code of a code system, with its child codes. */
export interface TerminologyConcept {
  readonly code: string;
  readonly display?: string;
  /** True for a code that only groups other codes and never occurs in resources. */
  readonly abstract?: boolean;
  readonly inactive?: boolean;
  readonly concept?: readonly TerminologyConcept[];
}

/** A code system with all of its codes. */
export interface KnownCodeSystem {
  readonly version?: string;
  readonly caseSensitive: boolean;
  readonly concept: readonly TerminologyConcept[];
}

/** A ValueSet that a FHIR version defines, such as the one for Observation.status. */
export interface DefinedValueSet {
  readonly resourceType: 'ValueSet';
  readonly [element: string]: unknown;
}

/**
 * Code systems and value sets that the FHIR specification defines. Value sets that practices store are not among them.
 */
export interface FhirTerminology {
  codeSystem(url: string): KnownCodeSystem | undefined;
  /** Returns the value set with the given canonical URL. */
  valueSet(url: string): DefinedValueSet | undefined;
  /**
   * Returns the URL of the value set to which the FHIR specification binds an element. Undefined if the server doesn't
   * know all codes of that value set.
   * @param element path such as `DocumentReference.type`
   */
  getBoundValueSet(element: string): string | undefined;
}

/**
 * Returns a code with all of its descendants (`below`) or ancestors (`above`). Returns undefined if the code system or the
 * code isn't known.
 */
export function findRelatedCodes(
  terminology: FhirTerminology,
  system: string,
  code: string,
  direction: 'below' | 'above',
): readonly string[] | undefined {
  const found = terminology.codeSystem(system);
  const path = found === undefined ? undefined : pathTo(found.concept, code.toLowerCase());
  const own = path?.at(-1);
  if (path === undefined || own === undefined) return undefined;
  return (direction === 'below' ? flattenConcepts([own]) : path).map((one) => one.code);
}

/** Returns the codes on the way from a top-level code of the code system to the given code, including both. */
function pathTo(concepts: readonly TerminologyConcept[], code: string): readonly TerminologyConcept[] | undefined {
  for (const concept of concepts) {
    if (concept.code.toLowerCase() === code) return [concept];
    const rest = pathTo(concept.concept ?? [], code);
    if (rest !== undefined) return [concept, ...rest];
  }
  return undefined;
}

/** Lists concepts with their descendants, parents first. */
export const flattenConcepts = (concepts: readonly TerminologyConcept[]): readonly TerminologyConcept[] =>
  concepts.flatMap((one) => [one, ...flattenConcepts(one.concept ?? [])]);
