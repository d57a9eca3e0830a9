import { argonautDefinitions, dstu2Definitions } from '../validator.ts';

/** An invariant of DSTU2 as its StructureDefinition states it. `xpath` is an XPath 2.0 expression. */
export interface Constraint {
  readonly key: string;
  readonly severity: string;
  readonly human: string;
  readonly xpath: string;
}
interface TypeOf {
  readonly code?: string;
  readonly profile?: readonly string[];
}
interface ElementDefinition {
  readonly path: string;
  readonly name?: string;
  readonly nameReference?: string;
  readonly type?: readonly TypeOf[];
  readonly constraint?: readonly Constraint[];
}
interface StructureDefinition {
  readonly resourceType: string;
  readonly url: string;
  readonly base?: string;
  readonly snapshot: { readonly element: readonly ElementDefinition[] };
}

/** The definition of an XML element: its own constraints, its children, and its types. */
export interface ElementRules {
  readonly constraints: readonly Constraint[];
  readonly children: ReadonlyMap<string, ElementRules>;
  /** True for `contained` and `resource`, which contain a resource of any type. */
  readonly isResource: boolean;
  /** URLs of the datatypes that the element may have, or of profiles on them. */
  readonly types: readonly string[];
}

const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const INLINE = new Set(['Element', 'BackboneElement']);

/** Reads the rules of each StructureDefinition of DSTU2 and Argonaut, by its URL. */
export function readElementRules(): ReadonlyMap<string, ElementRules> {
  const all = ([...dstu2Definitions(), ...argonautDefinitions()] as unknown as readonly StructureDefinition[]).filter(
    ({ resourceType }) => resourceType === 'StructureDefinition',
  );
  const known = new Map(all.map((one) => [one.url, one]));
  return new Map(all.map((one) => [one.url, placesIn(one, known)]));
}

/**
 * Paths that profiles slice. Their constraints are skipped, because the check can't tell which slice an element belongs
 * to.
 */
export const SLICED_PATHS: readonly string[] = [
  'sdc-questionnaire Questionnaire.group.extension',
  'sdc-questionnaire Questionnaire.group.question.extension',
  'sdcde-dataelement DataElement.mapping',
];

function placesIn(structure: StructureDefinition, known: ReadonlyMap<string, StructureDefinition>): ElementRules {
  const elements = structure.snapshot.element;
  const seen = new Map<string, ElementRules>();
  const [root] = elements;
  if (root === undefined) throw new Error(`${structure.url} has no elements.`);

  function placeOf(element: ElementDefinition, types: readonly string[]): ElementRules {
    const own = constraintsAt(element.path);
    const target = elements.find(({ name }) => name !== undefined && name === element.nameReference);
    const path = target?.path ?? element.path;
    const before = seen.get(`${element.path} ${types}`);
    if (before !== undefined) return before;
    const children = new Map<string, ElementRules>();
    const inherited = target === undefined ? [] : constraintsAt(target.path);
    const isResource = types.includes(`${CORE}Resource`);
    const place = { constraints: [...new Set([...own, ...inherited])], children, isResource, types };
    seen.set(`${element.path} ${types}`, place);
    for (const child of elements.filter((one) => isIn(path, one.path)))
      for (const [name, its] of namesOf(child)) if (!children.has(name)) children.set(name, placeOf(child, its));
    return place;
  }

  function constraintsAt(path: string): readonly Constraint[] {
    const there = elements.filter((one) => one.path === path);
    const constraints = there.flatMap(({ constraint = [] }) => constraint);
    const isSliced = there.length > 1 && constraints.length > 0;
    if (isSliced && !SLICED_PATHS.includes(`${structure.url.split('/').at(-1)} ${path}`))
      throw new Error(`${structure.url} says something of a slice of ${path}.`);
    return isSliced ? [] : constraints;
  }
  const place = placeOf(root, []);
  return { ...place, constraints: [...place.constraints, ...rootsOf(structure.base, known)] };
}

/**
 * Returns the rules of a definition and of its base definitions. Snapshots don't always repeat inherited constraints,
 * and never those of Element and DomainResource.
 */
function rootsOf(base: string | undefined, known: ReadonlyMap<string, StructureDefinition>): readonly Constraint[] {
  const structure = known.get(base ?? '');
  if (structure === undefined) return [];
  return [...(structure.snapshot.element[0]?.constraint ?? []), ...rootsOf(structure.base, known)];
}

const isIn = (parent: string, path: string): boolean =>
  path.startsWith(`${parent}.`) && !path.slice(parent.length + 1).includes('.');

/** XML names of an element with their types. A choice element has one name for each of its types (DSTU2 §1.15.3). */
function namesOf({ path, type = [] }: ElementDefinition): readonly (readonly [string, readonly string[]])[] {
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (!name.endsWith('[x]')) return [[name, type.flatMap(urlsOf)]];
  const codes = new Set(type.flatMap(({ code = '' }) => (code === '*' ? ANY : [code])));
  return [...codes].map((code) => {
    const profiles = type.filter((one) => one.code === code);
    const types = profiles.length > 0 ? profiles.flatMap(urlsOf) : [CORE + code];
    return [name.replace('[x]', code.charAt(0).toUpperCase() + code.slice(1)), types];
  });
}

/**
 * Returns the URLs of the types of an element. The profile of a Reference is about its target, so it isn't one of them.
 * Element and BackboneElement are defined inline in the snapshot.
 */
function urlsOf({ code = '', profile = [] }: TypeOf): readonly string[] {
  if (code === '' || INLINE.has(code)) return [`${CORE}Element`];
  return [CORE + code, ...(code === 'Reference' || code === 'Resource' ? [] : profile)];
}

const ANY = `boolean integer decimal base64Binary instant string uri date dateTime time code oid id unsignedInt
  positiveInt markdown Annotation Attachment Identifier CodeableConcept Coding Quantity Range Period Ratio SampledData
  Signature HumanName Address ContactPoint Timing Reference Meta`.split(/\s+/);
