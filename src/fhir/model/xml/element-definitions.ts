/** A table of types in the notation that `scripts/compile-elements.mjs` writes and describes. */
export interface FhirElementTable {
  readonly primitives: string;
  readonly resources: string;
  readonly types: Readonly<Record<string, string>>;
}

/**
 * An `attribute` is a string property in JSON. A `resource` is any resource, which XML wraps in an element of its type.
 */
export type FhirElementKind = 'primitive' | 'attribute' | 'xhtml' | 'resource' | 'complex';

export interface FhirElementDefinition {
  /** Name in JSON and XML. A choice has its type in the name, as in `deceasedBoolean`. */
  readonly name: string;
  readonly kind: FhirElementKind;
  readonly type: string;
  /** Position among the elements of its type, inherited ones first. */
  readonly position: number;
  readonly repeats: boolean;
  readonly required: boolean;
  /** True if `_summary=true` includes it. */
  readonly summary: boolean;
  /** Name of the choice that it belongs to, such as `deceased[x]`. */
  readonly choice: string | undefined;
}

export interface FhirTypeDefinition {
  readonly name: string;
  readonly elements: ReadonlyMap<string, FhirElementDefinition>;
}

/** The element definitions of a FHIR version. */
export interface FhirElements {
  isResource(name: string): boolean;
  /** @param name a datatype, a resource type or a backbone element such as `Patient.contact` */
  getType(name: string): FhirTypeDefinition;
}

/** Reads the table. Each type is read when it is first used, because a server uses only a few of them. */
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

  /** Reads one element, or one for each type of a choice. */
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
