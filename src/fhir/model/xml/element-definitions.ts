/**
 * Element definitions of all types of a FHIR version, as short texts. `scripts/compile-elements.mjs` writes them and
 * describes the notation.
 */
export interface FhirElementTable {
  readonly primitives: string;
  readonly resources: string;
  readonly types: Readonly<Record<string, string>>;
}

/**
 * Kinds of elements. `attribute`: an attribute in XML, a string property in JSON. `resource`: an element that contains
 * a resource of any type.
 */
export type FhirElementKind = 'primitive' | 'attribute' | 'xhtml' | 'resource' | 'complex';

export interface FhirElementDefinition {
  /**
   * Name of the element in JSON and XML. For a choice element such as `deceased[x]` it includes the type:
   * `deceasedBoolean`.
   */
  readonly name: string;
  readonly kind: FhirElementKind;
  readonly type: string;
  /** Position of the element in its type, from 0. Inherited elements come first. */
  readonly position: number;
  readonly repeats: boolean;
  readonly required: boolean;
  /** True if a response to `_summary=true` includes the element. */
  readonly summary: boolean;
  /**
   * Name of the choice element in the FHIR specification, such as `deceased[x]`. Undefined if the element isn't part of
   * a choice.
   */
  readonly choice: string | undefined;
}

export interface FhirTypeDefinition {
  readonly name: string;
  readonly elements: ReadonlyMap<string, FhirElementDefinition>;
}

/** All element definitions of one FHIR version. */
export interface FhirElements {
  isResource(name: string): boolean;
  /**
   * Returns the definition of a type.
   * @param name datatype, resource type or backbone element such as `Patient.contact`
   */
  getType(name: string): FhirTypeDefinition;
}

/**
 * Reads the compiled table of element definitions. Each type is parsed when it is first used, because a server uses
 * only a few of them.
 */
export function readElements({ primitives, resources, types }: FhirElementTable): FhirElements {
  const isPrimitive = toWordSet(primitives);
  const isResource = toWordSet(resources);
  const read = new Map<string, FhirTypeDefinition>();

  function typeOf(name: string): FhirTypeDefinition {
    const known = read.get(name);
    if (known !== undefined) return known;
    const definition = { name, elements: new Map(elementsOf(name).map((one) => [one.name, one])) };
    read.set(name, definition);
    return definition;
  }

  function elementsOf(name: string): readonly FhirElementDefinition[] {
    const words = types[name]?.split(' ');
    if (words === undefined) throw new Error(`no type ${name} in the table of elements`);
    const extended = words.filter((word) => !word.includes(':')).flatMap((base) => [...typeOf(base).elements.values()]);
    const own = words.flatMap((word) => (word.includes(':') ? spelledOut(word, name) : []));
    return [...extended, ...own].map((one, position) => ({ ...one, position }));
  }

  /**
   * Parses the definition of one element. A choice element such as `value[x]` gives one definition for each of its
   * types.
   */
  function spelledOut(word: string, owner: string): readonly Omit<FhirElementDefinition, 'position'>[] {
    const [, name = '', choice = '', marks = '', list = ''] = /^(\w+)(\[x\])?([*!^@]*):(.+)$/.exec(word) ?? [];
    const has = (mark: string) => marks.includes(mark);
    return list.split('|').map((written) => {
      const type = written.startsWith('.') ? `${owner.split('.', 1)[0]}${written}` : written;
      return {
        name: choice === '' ? name : `${name}${type[0]?.toUpperCase()}${type.slice(1)}`,
        kind: has('@') ? 'attribute' : kindOf(type),
        type,
        repeats: has('*'),
        required: has('!'),
        summary: has('^'),
        choice: choice === '' ? undefined : name + choice,
      };
    });
  }

  const kindOf = (type: string): FhirElementKind =>
    isPrimitive.has(type) ? 'primitive' : type === 'xhtml' ? 'xhtml' : type === 'Resource' ? 'resource' : 'complex';

  return { isResource: (name) => isResource.has(name), getType: typeOf };
}

const toWordSet = (words: string): ReadonlySet<string> => new Set(words.split(' '));
