import type { ValidationCodeSystem, ValidationValueSet } from '../terminology/expand-value-set.ts';
import type { SliceDiscriminator } from './profile-rules.ts';
import type { StructureDefinition } from './read-structure-definition.ts';

/**
 * Those parts of a DSTU2 StructureDefinition that the validator uses. Argonaut's published definitions have some STU3
 * names.
 */
export interface Dstu2StructureDefinition {
  readonly resourceType: 'StructureDefinition';
  readonly id?: string;
  readonly url: string;
  readonly kind: string;
  readonly constrainedType?: string;
  readonly type?: string;
  readonly snapshot?: { readonly element: readonly Dstu2Element[] };
}
interface Dstu2Element {
  readonly path: string;
  readonly base?: { readonly path?: string; readonly max?: string };
  /** Name of a slice, or a name to which the nameReference of another element refers. */
  readonly name?: string;
  readonly sliceName?: string;
  readonly type?: readonly Dstu2Type[];
  readonly nameReference?: string;
  readonly contentReference?: string;
  readonly slicing?: { readonly discriminator?: readonly string[]; readonly rules?: string };
  readonly binding?: {
    readonly strength: string;
    readonly valueSetUri?: string;
    readonly valueSetReference?: { readonly reference?: string };
  };
  readonly [other: string]: unknown;
}
interface Dstu2Type {
  readonly code?: string;
  readonly profile?: string | readonly string[];
  readonly targetProfile?: string | readonly string[];
}
export interface Dstu2ValueSet {
  readonly resourceType: 'ValueSet';
  readonly url: string;
  readonly codeSystem?: { readonly system: string; readonly concept?: ValidationCodeSystem['concept'] };
  readonly compose?: NonNullable<ValidationValueSet['compose']> & { readonly import?: readonly string[] };
  readonly expansion?: ValidationValueSet['expansion'];
}

type R4ElementDefinition = NonNullable<StructureDefinition['snapshot']>['element'][number];

/**
 * Converts a DSTU2 StructureDefinition to R4: element ids contain the slice, and reference targets are separate from
 * profiles. Invariants are dropped, because DSTU2 writes them in XPath 2.0. See FHIR DSTU2, StructureDefinition and
 * ElementDefinition.
 */
export function convertDstu2Definition(definition: Dstu2StructureDefinition): StructureDefinition {
  const { url, snapshot } = definition;
  const name = url.slice(url.lastIndexOf('/') + 1);
  const kind =
    definition.kind !== 'datatype' ? definition.kind : /^[a-z]/.test(name) ? 'primitive-type' : 'complex-type';
  const type = kind === 'primitive-type' ? name : (definition.constrainedType ?? definition.type ?? name);
  const head = { resourceType: 'StructureDefinition', url, type, kind } as const;
  if (snapshot === undefined) return head;
  const element = convertElements(snapshot.element.map(restoreChoiceNames(snapshot.element)));
  // DSTU2 doesn't repeat the element `id` in a primitive type that is derived from another one, so it is added.
  const id = `${name}.id`;
  const lacksId = kind === 'primitive-type' && !element.some((one) => one.id === id);
  return { ...head, snapshot: { element: lacksId ? [...element, { id, max: '1', type: [{ code: 'id' }] }] : element } };
}

/**
 * Returns a function that restores the name of a choice element. If a profile limits a choice to one type, DSTU2
 * renames the element to `valueQuantity`, while R4 keeps `value[x]` with that type.
 */
function restoreChoiceNames(all: readonly Dstu2Element[]): (element: Dstu2Element) => Dstu2Element {
  const choices = new Map(
    all.flatMap(({ path, base }): readonly (readonly [string, string])[] => {
      const [, stem] = /\.(\w+)\[x\]$/.exec(base?.path ?? '') ?? [];
      return stem === undefined || path.endsWith('[x]') ? [] : [[path, path.replace(/\w+$/, `${stem}[x]`)]];
    }),
  );
  return (element) => {
    const steps = element.path.split('.');
    const path = steps.reduce<readonly [was: string, is: string]>(
      ([was, is], step) => {
        const own = was === '' ? step : `${was}.${step}`;
        const choice = choices.get(own)?.split('.').at(-1);
        return [own, is === '' ? step : `${is}.${choice ?? step}`];
      },
      ['', ''],
    )[1];
    return { ...element, path };
  };
}

function convertElements(all: readonly Dstu2Element[]): readonly R4ElementDefinition[] {
  const named = new Map(all.flatMap(({ name, path }) => (name === undefined ? [] : [[name, path] as const])));
  const idOf = createElementIds(all);
  return all.map((element): R4ElementDefinition => {
    const { type, nameReference, slicing, binding, constraint: _xpath, name: _name, ...rest } = element;
    const like = nameReference === undefined ? undefined : named.get(nameReference);
    return {
      ...rest,
      id: idOf(element),
      ...(type === undefined ? {} : { type: type.flatMap(convertType) }),
      ...(like === undefined ? {} : { contentReference: `#${like}` }),
      ...(slicing === undefined
        ? {}
        : { slicing: { ...slicing, discriminator: (slicing.discriminator ?? []).map(parseDiscriminator) } }),
      ...(binding === undefined ? {} : { binding: convertBinding(binding) }),
    };
  });
}

/**
 * Creates a function that derives element ids with slice names. An element without `slicing` is a slice if another
 * element with the same path has `slicing`. All elements below a slice belong to it until the next slice begins.
 * @returns a function that must be called in the order of the elements
 */
function createElementIds(all: readonly Dstu2Element[]): (element: Dstu2Element) => string {
  const sliced = new Set(all.filter(({ slicing }) => slicing !== undefined).map(({ path }) => path));
  const open = new Map<string, string>();
  let count = 0;
  return ({ path, name, sliceName, slicing }) => {
    for (const other of [...open.keys()]) if (other === path || other.startsWith(`${path}.`)) open.delete(other);
    if (slicing === undefined && sliced.has(path)) open.set(path, sliceName ?? name ?? `slice${++count}`);
    const steps = path.split('.');
    return steps
      .map((step, at) => {
        const slice = open.get(steps.slice(0, at + 1).join('.'));
        return slice === undefined ? step : `${step}:${slice.replaceAll(/[./:]/g, '-')}`;
      })
      .join('.');
  };
}

/** Datatypes that a choice of any type allows, written `*` (FHIR DSTU2 §1.19.0.1, open types). */
const OPEN_TYPES =
  `boolean integer decimal base64Binary instant string uri date dateTime time code oid id unsignedInt positiveInt
  markdown Annotation Attachment Identifier CodeableConcept Coding Quantity Range Period Ratio SampledData Signature
  HumanName Address ContactPoint Timing Reference Meta`.split(/\s+/);

const toArray = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat();

/**
 * Converts the type of an element. In DSTU2, the profile of a Reference is its target. A type without a code is the
 * value of a primitive and is dropped.
 */
function convertType({ code, profile, targetProfile }: Dstu2Type): NonNullable<R4ElementDefinition['type']> {
  if (code === undefined) return [];
  if (code === '*') return OPEN_TYPES.map((one) => ({ code: one }));
  const profiles = code === 'Reference' ? [] : toArray(profile);
  const targets = code === 'Reference' ? [...toArray(profile), ...toArray(targetProfile)] : [];
  return [
    {
      code,
      ...(profiles.length === 0 ? {} : { profile: profiles }),
      ...(targets.length === 0 ? {} : { targetProfile: targets }),
    },
  ];
}

/** Parses a DSTU2 discriminator, such as `url`, `code.coding.code`, `@type` or `value@profile`. */
function parseDiscriminator(text: string): SliceDiscriminator {
  const [path = '', kind] = text.split('@');
  const type = kind === 'type' ? 'type' : kind === 'profile' ? 'profile' : 'value';
  return { type, path: path.replace(/\.$/, '') || '$this' };
}

function convertBinding({ strength, valueSetUri, valueSetReference }: NonNullable<Dstu2Element['binding']>) {
  const valueSet = valueSetReference?.reference ?? valueSetUri;
  return { strength, ...(valueSet === undefined ? {} : { valueSet }) };
}

/** Converts a DSTU2 ValueSet. A code system that it defines inside itself becomes a CodeSystem of its own. */
export function convertDstu2ValueSet({
  url,
  codeSystem,
  compose,
  expansion,
}: Dstu2ValueSet): readonly (ValidationValueSet | ValidationCodeSystem)[] {
  const own = codeSystem === undefined ? [] : [{ system: codeSystem.system }];
  const imported = (compose?.import ?? []).map((one) => ({ valueSet: [one] }));
  const include = [...own, ...(compose?.include ?? []), ...imported];
  const exclude = compose?.exclude ?? [];
  const set: ValidationValueSet = {
    resourceType: 'ValueSet',
    url,
    compose: { include, ...(exclude.length === 0 ? {} : { exclude }) },
    ...(expansion === undefined ? {} : { expansion }),
  };
  if (codeSystem === undefined) return [set];
  return [set, { resourceType: 'CodeSystem', url: codeSystem.system, concept: codeSystem.concept ?? [] }];
}
