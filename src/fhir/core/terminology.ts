/** A code of a code system, with its child codes. */
export interface Concept {
  readonly code: string;
  readonly display?: string;
  /** True for a grouping code that isn't used in resources. */
  readonly abstract?: boolean;
  readonly inactive?: boolean;
  readonly concept?: readonly Concept[];
}

/** A code system with all of its codes. */
export interface CodeSystem {
  readonly version?: string;
  readonly caseSensitive: boolean;
  readonly concept: readonly Concept[];
}

/** A ValueSet resource that a FHIR version defines. */
export interface DefinedValueSet {
  readonly resourceType: 'ValueSet';
  readonly [element: string]: unknown;
}

/** Code systems and value sets that a FHIR version defines itself, in contrast to those stored by practices. */
export interface Terminology {
  codeSystem(url: string): CodeSystem | undefined;
  /** @param url canonical URL */
  valueSet(url: string): DefinedValueSet | undefined;
  /**
   * URL of the value set that an element is bound to, if its codes are known.
   * @param element path such as `DocumentReference.type`
   */
  boundTo(element: string): string | undefined;
}

/**
 * Returns a code with all of its descendants (`below`) or ancestors (`above`). Returns undefined if the code system or the
 * code isn't known.
 */
export function relatedCodes(
  terminology: Terminology,
  system: string,
  code: string,
  direction: 'below' | 'above',
): readonly string[] | undefined {
  const found = terminology.codeSystem(system);
  const path = found === undefined ? undefined : wayTo(found.concept, code.toLowerCase());
  const own = path?.at(-1);
  if (path === undefined || own === undefined) return undefined;
  return (direction === 'below' ? flattened([own]) : path).map((one) => one.code);
}

/** Path from a root of the code system to the code. */
function wayTo(concepts: readonly Concept[], code: string): readonly Concept[] | undefined {
  for (const concept of concepts) {
    if (concept.code.toLowerCase() === code) return [concept];
    const rest = wayTo(concept.concept ?? [], code);
    if (rest !== undefined) return [concept, ...rest];
  }
  return undefined;
}

/** Lists concepts with their descendants, parents first. */
export const flattened = (concepts: readonly Concept[]): readonly Concept[] =>
  concepts.flatMap((one) => [one, ...flattened(one.concept ?? [])]);
