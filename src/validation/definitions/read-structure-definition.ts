import type {
  ElementRule,
  InvariantConstraint,
  ProfileRules,
  SliceDiscriminator,
  SlicingRule,
  TypeRule,
} from './profile-rules.ts';

/** Those parts of a StructureDefinition that the validator uses. */
export interface StructureDefinition {
  readonly resourceType: 'StructureDefinition';
  readonly url: string;
  readonly version?: string;
  readonly type: string;
  readonly kind: string;
  readonly snapshot?: { readonly element: readonly SnapshotElement[] };
}
interface SnapshotElement {
  readonly id: string;
  readonly min?: number;
  readonly max?: string;
  readonly base?: { readonly max?: string };
  readonly type?: readonly {
    readonly code: string;
    readonly profile?: readonly string[];
    readonly targetProfile?: readonly string[];
    readonly extension?: readonly { readonly url: string; readonly valueUrl?: string }[];
  }[];
  readonly contentReference?: string;
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
  readonly constraint?: readonly (InvariantConstraint & {
    readonly extension?: readonly { readonly url: string; readonly valueBoolean?: boolean }[];
  })[];
  readonly slicing?: { readonly discriminator?: readonly SliceDiscriminator[]; readonly rules?: string };
  readonly [fixedOrPattern: string]: unknown;
}

type MutableRule = { -readonly [Key in keyof ElementRule]: ElementRule[Key] } & {
  children?: Record<string, MutableRule>;
  slices?: Record<string, MutableRule>;
};

/** Converts the snapshot of a StructureDefinition to rules. Returns undefined if it has no snapshot. */
export function readStructureDefinition(definition: StructureDefinition): ProfileRules | undefined {
  const { url, version, type, kind, snapshot } = definition;
  if (snapshot === undefined) return undefined;
  const [first, ...others] = snapshot.element;
  if (first === undefined) return undefined;
  const root = toRule(first);
  for (const element of others) findParent(root, element.id).add(toRule(element));
  const named = version === undefined ? { url } : { url, version };
  return { ...named, type, kind: profileKind(kind), rule: { ...root, min: 0 } };
}

const profileKind = (kind: string): ProfileRules['kind'] =>
  kind === 'resource' ? 'resource' : kind === 'primitive-type' ? 'primitive' : 'complex';

/**
 * Finds the rule that an element belongs below, by the element's id. `Observation.component:systolic.code` is `code` in
 * the slice `systolic` of `component`.
 */
function findParent(root: MutableRule, id: string): { add(rule: MutableRule): void } {
  const steps = id.split('.').slice(1);
  const last = steps.pop() ?? '';
  const parent = steps.reduce<MutableRule>((at, step) => descend(at, step), root);
  const [name = '', slice] = splitSlice(last);
  return {
    add(rule) {
      parent.children ??= {};
      if (slice === undefined) {
        parent.children[name] = rule;
        return;
      }
      const sliced = parent.children[name] ?? {};
      parent.children[name] = sliced;
      sliced.slices ??= {};
      sliced.slices[slice] = rule;
    },
  };
}

function descend(at: MutableRule, step: string): MutableRule {
  const [name = '', slice] = splitSlice(step);
  const child = at.children?.[name] ?? {};
  at.children = { ...at.children, [name]: child };
  if (slice === undefined) return child;
  const inSlice = child.slices?.[slice] ?? {};
  child.slices = { ...child.slices, [slice]: inSlice };
  return inSlice;
}

/**
 * Splits a step of an element id into element name and slice name. A slice of a slice is named `a/b` and stands beside
 * `a`.
 */
const splitSlice = (step: string): readonly [string, string | undefined] => {
  const at = step.indexOf(':');
  return at === -1 ? [step, undefined] : [step.slice(0, at), step.slice(at + 1)];
};

function toRule(element: SnapshotElement): MutableRule {
  const { min = 0, max = '*', base, type, contentReference, binding, slicing } = element;
  const fixed = choiceValue(element, 'fixed');
  const pattern = choiceValue(element, 'pattern');
  const constraints = toConstraints(element);
  const types = (type ?? []).map(toTypeRule);
  return {
    ...(min > 0 ? { min } : {}),
    ...(max === '*' ? {} : { max: Number(max) }),
    ...((base?.max ?? max) === '*' || Number(base?.max ?? max) > 1 ? { list: true as const } : {}),
    ...(types.length === 0 ? {} : { types }),
    ...(contentReference === undefined ? {} : { like: contentReference.slice(contentReference.indexOf('#') + 1) }),
    ...(fixed === undefined ? {} : { fixed }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(binding?.strength === 'required' && binding.valueSet !== undefined
      ? { binding: withoutVersion(binding.valueSet) }
      : {}),
    ...(constraints.length === 0 ? {} : { constraints }),
    ...(slicing === undefined ? {} : { slicing: toSlicing(slicing) }),
  };
}

function toSlicing({ discriminator = [], rules }: NonNullable<SnapshotElement['slicing']>): SlicingRule {
  const by = discriminator.map(({ type, path }) => ({ type, path }));
  return { by, ...(rules === 'closed' ? { closed: true as const } : {}) };
}

const FHIR_TYPE = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type';

/**
 * Converts the type of an element. The ids and values of primitives have FHIRPath types in the definition; an extension
 * names their FHIR type.
 */
function toTypeRule({
  code,
  profile,
  targetProfile,
  extension,
}: NonNullable<SnapshotElement['type']>[number]): TypeRule {
  const own = extension?.find(({ url }) => url === FHIR_TYPE)?.valueUrl;
  return {
    code: own ?? code,
    ...(profile === undefined ? {} : { profiles: profile.map(withoutVersion) }),
    ...(targetProfile === undefined ? {} : { targets: targetProfile.map(withoutVersion) }),
  };
}

export const withoutVersion = (canonical: string): string => canonical.split('|', 1)[0] ?? canonical;

/**
 * Keys of invariants that FHIRPath needn't evaluate. `check/structure.ts` implements all of them except dom-6, which is
 * best practice and isn't checked.
 */
const IMPLEMENTED_IN_CODE = ['ele-1', 'ext-1', 'dom-2', 'dom-3', 'dom-4', 'dom-5', 'dom-6', 'txt-1', 'txt-2'];
const BEST_PRACTICE = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice';

const toConstraints = ({ constraint = [] }: SnapshotElement): readonly InvariantConstraint[] =>
  constraint
    .filter(({ key, expression, extension = [] }) => {
      const isAdvice = extension.some(({ url, valueBoolean }) => url === BEST_PRACTICE && valueBoolean === true);
      return expression !== undefined && !IMPLEMENTED_IN_CODE.includes(key) && !isAdvice;
    })
    .map(({ key, severity, human, expression }) => ({ key, severity, human, expression }));

const choiceValue = (element: SnapshotElement, prefix: string): unknown => {
  const name = Object.keys(element).find((key) => key.startsWith(prefix) && /^[A-Z]/.test(key.slice(prefix.length)));
  return name === undefined ? undefined : element[name];
};
