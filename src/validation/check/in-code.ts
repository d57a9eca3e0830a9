import type { Context } from './context.ts';
import { containedIn, isObject } from './values.ts';

type InCode = (value: Record<string, unknown>, root: Context['root']) => boolean;

/**
 * Invariants by their expressions; one that a guide words otherwise is evaluated. Of ref-1 and qty-3 every resource has many:
 * as FHIRPath they would take most of the time. For obs-7 FHIRPath would compare each coding with each.
 */
export const IN_CODE: ReadonlyMap<string, InCode> = new Map<string, InCode>([
  [
    "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))",
    ({ reference }, root) =>
      typeof reference !== 'string' ||
      !reference.startsWith('#') ||
      reference === '#' ||
      containedIn(root).has(reference.slice(1)),
  ],
  ['code.empty() or system.exists()', (quantity) => !isThere(quantity, 'code') || isThere(quantity, 'system')],
  [
    'value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()',
    (observation) => {
      if (!Object.keys(observation).some((name) => /^_?value[A-Z]/.test(name))) return true;
      const own = new Set(codingsOf(observation['code']));
      const components = Array.isArray(observation['component']) ? observation['component'].filter(isObject) : [];
      return !components.some(({ code }) => codingsOf(code).some((coding) => own.has(coding)));
    },
  ],
]);

/** By itself, or only as its extensions. */
const isThere = (value: Record<string, unknown>, name: string): boolean =>
  (value[name] ?? value[`_${name}`] ?? undefined) !== undefined;

/** Equal codings are equal texts: FHIRPath §6.1.1 looks at all members, in no order. */
const codingsOf = (concept: unknown): readonly string[] =>
  isObject(concept) && Array.isArray(concept['coding']) ? concept['coding'].map(inOrder) : [];

const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_name, member) =>
    isObject(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );
