/** A code of a code system, with its child codes. */
export interface TerminologyConcept {
  readonly code: string;
  readonly display?: string;
  /** True for a grouping code that isn't used in resources. */
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

/** A ValueSet resource that a FHIR version defines. */
export interface DefinedValueSet {
  readonly resourceType: 'ValueSet';
  readonly [element: string]: unknown;
}

/** Code systems and value sets that a FHIR version defines itself, in contrast to those stored by practices. */
export interface FhirTerminology {
  codeSystem(url: string): KnownCodeSystem | undefined;
  /** @param url canonical URL */
  valueSet(url: string): DefinedValueSet | undefined;
  /**
   * URL of the value set that an element is bound to, if its codes are known.
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

/** Path from a root of the code system to the code. */
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
