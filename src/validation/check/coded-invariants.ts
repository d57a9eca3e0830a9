import { isObject } from '../../kernel/index.ts';
import { containedById } from './element-values.ts';
import type { ValidationContext } from './validation-context.ts';

type CodedInvariant = (value: Record<string, unknown>, root: ValidationContext['rootResource']) => boolean;

/**
 * Invariants that are implemented in TypeScript, by their FHIRPath expression. If a definition words one differently,
 * FHIRPath evaluates it. Every resource has many elements with ref-1 and qty-3, which would take most of the validation
 * time in FHIRPath. For obs-7, FHIRPath would compare each coding with each other one.
 */
export const CODED_INVARIANTS: ReadonlyMap<string, CodedInvariant> = new Map<string, CodedInvariant>([
  [
    "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))",
    ({ reference }, root) =>
      typeof reference !== 'string' ||
      !reference.startsWith('#') ||
      reference === '#' ||
      containedById(root).has(reference.slice(1)),
  ],
  ['code.empty() or system.exists()', (quantity) => !isPresent(quantity, 'code') || isPresent(quantity, 'system')],
  [
    'value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()',
    (observation) => {
      if (!Object.keys(observation).some((name) => /^_?value[A-Z]/.test(name))) return true;
      const own = new Set(canonicalCodings(observation['code']));
      const components = Array.isArray(observation['component']) ? observation['component'].filter(isObject) : [];
      return !components.some(({ code }) => canonicalCodings(code).some((coding) => own.has(coding)));
    },
  ],
]);

/** Whether an element is present, either with a value or only with extensions. */
const isPresent = (value: Record<string, unknown>, name: string): boolean =>
  (value[name] ?? value[`_${name}`] ?? undefined) !== undefined;

/**
 * Returns the codings of a concept as canonical JSON, so that equal codings are equal strings. FHIRPath §6.1.1 compares
 * all members, in any order.
 */
const canonicalCodings = (concept: unknown): readonly string[] =>
  isObject(concept) && Array.isArray(concept['coding']) ? concept['coding'].map(canonicalJson) : [];

const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_name, member) =>
    isObject(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );
