/** A code of a code system, with the kinds of it. */
export interface Concept {
  readonly code: string;
  readonly display?: string;
  /** A heading, that nothing is recorded by. */
  readonly abstract?: boolean;
  readonly inactive?: boolean;
  readonly concept?: readonly Concept[];
}

/** One of which every code is known. */
export interface CodeSystem {
  readonly version?: string;
  readonly caseSensitive: boolean;
  readonly concept: readonly Concept[];
}

/** A ValueSet resource. */
export interface DefinedValueSet {
  readonly resourceType: 'ValueSet';
  readonly [element: string]: unknown;
}

/** What a version of FHIR defines itself, beside what practices have. */
export interface Terminology {
  codeSystem(url: string): CodeSystem | undefined;
  /** By its canonical URL. */
  valueSet(url: string): DefinedValueSet | undefined;
  /** URL of what an element is bound to, where its codes are known. @param element by its path: `DocumentReference.type` */
  boundTo(element: string): string | undefined;
}

/**
 * A code and all kinds of it (`below`), or all that it is a kind of (`above`). undefined: the code system, or the code, is
 * not known.
 */
export function relatedCodes(
  terminology: Terminology,
  system: string,
  code: string,
  direction: 'below' | 'above',
): readonly string[] | undefined {
  const found = terminology.codeSystem(system);
  const way = found === undefined ? undefined : wayTo(found.concept, code.toLowerCase());
  const own = way?.at(-1);
  if (way === undefined || own === undefined) return undefined;
  return (direction === 'below' ? flattened([own]) : way).map((one) => one.code);
}

/** From the top of the code system to the code. */
function wayTo(concepts: readonly Concept[], code: string): readonly Concept[] | undefined {
  for (const concept of concepts) {
    if (concept.code.toLowerCase() === code) return [concept];
    const rest = wayTo(concept.concept ?? [], code);
    if (rest !== undefined) return [concept, ...rest];
  }
  return undefined;
}

/** A concept before its kinds. */
export const flattened = (concepts: readonly Concept[]): readonly Concept[] =>
  concepts.flatMap((one) => [one, ...flattened(one.concept ?? [])]);
