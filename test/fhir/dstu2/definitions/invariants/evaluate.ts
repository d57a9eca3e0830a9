import { createRequire } from 'node:module';
import { type Document, type Element, parseXmlDocument } from 'slimdom';
import type { Constraint, ElementRules } from './structures.ts';

/**
 * The functions of fontoxpath that are used here. Its own type declarations would add browser types to the whole
 * project.
 */
interface FontoXPath {
  evaluateXPathToNodes(
    xpath: string,
    context: null,
    facade: null,
    variables: Readonly<Record<string, unknown>>,
    options: { readonly namespaceResolver: (prefix: string) => string | null },
  ): readonly Element[];
}
const require = createRequire(import.meta.url);
const { evaluateXPathToNodes }: FontoXPath = require('fontoxpath');

const NAMESPACES: Readonly<Record<string, string>> = {
  f: 'http://hl7.org/fhir',
  h: 'http://www.w3.org/1999/xhtml',
  fn: 'http://www.w3.org/2005/xpath-functions',
  xs: 'http://www.w3.org/2001/XMLSchema',
};
const options = { namespaceResolver: (prefix: string) => NAMESPACES[prefix] ?? null };

/** Collects the constraints to evaluate, by expression, with their elements. */
interface PendingConstraints {
  readonly places: ReadonlyMap<string, ElementRules>;
  readonly constraints: Map<string, { readonly constraint: Constraint; readonly at: Element[] }>;
  readonly unknown: Element[];
}
const CORE = 'http://hl7.org/fhir/StructureDefinition/';

export interface InvariantViolation {
  readonly key: string;
  readonly severity: string;
  readonly path: string;
  readonly document: number;
  readonly reason?: string;
}

/**
 * Key of the violation that reports an element without a definition. Otherwise such an element would pass unnoticed.
 */
export const UNKNOWN_ELEMENT = 'unknown element';

/**
 * Returns a function that parses documents and evaluates all invariants on them together. It returns the violations.
 */
export function invariantChecker(
  places: ReadonlyMap<string, ElementRules>,
  xpathOf: (constraint: Constraint) => string | undefined,
): (xml: readonly string[]) => readonly InvariantViolation[] {
  return (xml) => {
    const documents = xml.map((one) => parseXmlDocument(one));
    const found: PendingConstraints = { places, constraints: new Map(), unknown: [] };
    for (const { documentElement } of documents) if (documentElement) addResource(documentElement, found);
    const say = (one: Element, { key, severity }: ConstraintSummary, why?: string): InvariantViolation => ({
      key,
      severity,
      path: pathOf(one),
      document: documents.indexOf(one.ownerDocument as Document),
      ...(why === undefined ? {} : { reason: why }),
    });
    const broken = [...found.constraints.values()].flatMap(({ constraint, at }) => {
      const xpath = xpathOf(constraint);
      return xpath === undefined ? [] : violationsOf(xpath, at, (one, why) => say(one, constraint, why));
    });
    return [...broken, ...found.unknown.map((one) => say(one, { key: UNKNOWN_ELEMENT, severity: 'error' }))];
  };
}

type ConstraintSummary = Pick<Constraint, 'key' | 'severity'>;

/** If an expression throws, evaluates each element by itself to find those that cause the error. */
function violationsOf(
  xpath: string,
  at: readonly Element[],
  say: (one: Element, why?: string) => InvariantViolation,
): readonly InvariantViolation[] {
  try {
    return failing(xpath, at).map((one) => say(one));
  } catch (error) {
    if (at.length > 1) return at.flatMap((one) => violationsOf(xpath, [one], say));
    return at.map((one) => say(one, String(error)));
  }
}

/**
 * Evaluates an expression on all elements at once. XSLT's current() stands for the evaluated element (XSLT 2.0
 * §16.6.1).
 */
const failing = (xpath: string, at: readonly Element[]): readonly Element[] =>
  evaluateXPathToNodes(
    `for $current in $at?* return $current[not(${xpath.replaceAll('current()', '$current')})]`,
    null,
    null,
    { at },
    options,
  );

/** Adds the constraints of the resource's type and of its declared profiles. */
function addResource(element: Element, found: PendingConstraints): void {
  const claimed = element.children
    .filter(({ localName }) => localName === 'meta')
    .flatMap(({ children }) => children)
    .flatMap((one) => (one.localName === 'profile' ? [one.getAttribute('value') ?? ''] : []));
  const own = [CORE + element.localName, ...claimed].flatMap((url) => found.places.get(url) ?? []);
  add(element, own, found);
}

function add(element: Element, given: readonly ElementRules[], found: PendingConstraints): void {
  const all = withTypes(element, given, found.places);
  if (all.length === 0 && element.namespaceURI === NAMESPACES['f']) found.unknown.push(element);
  const unique = new Map(all.flatMap(({ constraints }) => constraints).map((one) => [one.xpath, one]));
  for (const constraint of unique.values()) {
    const known = found.constraints.get(constraint.xpath);
    if (known === undefined) found.constraints.set(constraint.xpath, { constraint, at: [element] });
    else known.at.push(element);
  }
  const isResource = all.some((place) => place.isResource);
  for (const child of element.children) {
    if (isResource) addResource(child, found);
    else if (child.namespaceURI === NAMESPACES['f'] || child.localName === 'div')
      add(
        child,
        all.flatMap(({ children }) => children.get(child.localName) ?? []),
        found,
      );
  }
}

/** Adds the definitions of an element's datatype, of that type's base types, and of an extension by its URL. */
function withTypes(
  element: Element,
  given: readonly ElementRules[],
  places: ReadonlyMap<string, ElementRules>,
): readonly ElementRules[] {
  const found = new Set<ElementRules>();
  const take = (place: ElementRules) => {
    if (found.has(place)) return;
    found.add(place);
    const extension = place.types.includes(`${CORE}Extension`) ? [element.getAttribute('url') ?? ''] : [];
    for (const url of [...place.types, ...extension]) {
      const type = places.get(url);
      if (type !== undefined) take(type);
    }
  };
  for (const place of given) take(place);
  return [...found];
}

function pathOf(element: Element): string {
  const parent = element.parentElement;
  return parent === null ? element.localName : `${pathOf(parent)}.${element.localName}`;
}
