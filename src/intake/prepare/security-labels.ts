import { elementsAt, type Resource } from '../../fhir/index.ts';
import { isObject, textAt } from '../../kernel/index.ts';

/**
 * Returns the security labels of resources and of their contained resources, without duplicates and in a fixed order.
 * Any value in the place of a label counts, because withholding too much is the smaller mistake.
 */
export function collectLabels(resources: readonly unknown[]): readonly unknown[] {
  const found = resources.filter(isObject).flatMap((one) => LABEL_PATHS.flatMap((path) => elementsAt(one, path)));
  const byText = new Map(found.map((label) => [JSON.stringify(label), label]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, label]) => label);
}

const LABEL_PATHS = ['meta.security', 'contained.meta.security'];

/**
 * Adds security labels that the resource doesn't have yet. FHIR R4 DomainResource dom-5: contained resources have no
 * labels of their own, so the labels apply to the whole resource.
 */
export function addLabels<R extends Resource>(resource: R, labels: readonly unknown[]): R {
  const ownLabels = elementsAt(resource, 'meta.security');
  const known = new Set(ownLabels.map(labelKey));
  const added = labels.filter((label) => !known.has(labelKey(label)) && known.add(labelKey(label)));
  if (added.length === 0) return resource;
  const { meta } = resource;
  return { ...resource, meta: { ...(isObject(meta) ? meta : {}), security: [...ownLabels, ...added] } };
}

/** Returns a key for a security label from its system and code. The display text doesn't matter. */
function labelKey(label: unknown): string {
  const code = textAt(label, 'code');
  return code === undefined ? JSON.stringify(label) : `${textAt(label, 'system')}|${code}`;
}
