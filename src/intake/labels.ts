import { elementsAt, type Resource } from '../fhir/index.ts';
import { isObject, textAt } from './json-value.ts';

/**
 * Collects the security labels of resources and of their contained resources, without duplicates and in a fixed order.
 * Any value in the place of a label counts, because withholding too much is the smaller mistake.
 */
export function labelsOf(resources: readonly unknown[]): readonly unknown[] {
  const found = resources.filter(isObject).flatMap((one) => PLACES.flatMap((path) => elementsAt(one, path)));
  const byText = new Map(found.map((label) => [JSON.stringify(label), label]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, label]) => label);
}

const PLACES = ['meta.security', 'contained.meta.security'];

/**
 * Adds labels that the resource doesn't have yet. FHIR R4 DomainResource dom-5: contained resources have no labels of
 * their own, so the labels apply to the whole resource.
 */
export function withLabels<R extends Resource>(resource: R, labels: readonly unknown[]): R {
  const ownLabels = elementsAt(resource, 'meta.security');
  const known = new Set(ownLabels.map(nameOf));
  const added = labels.filter((label) => !known.has(nameOf(label)) && known.add(nameOf(label)));
  if (added.length === 0) return resource;
  const { meta } = resource;
  return { ...resource, meta: { ...(isObject(meta) ? meta : {}), security: [...ownLabels, ...added] } };
}

/** Identifies a label by system and code; its display text doesn't matter. */
function nameOf(label: unknown): string {
  const code = textAt(label, 'code');
  return code === undefined ? JSON.stringify(label) : `${textAt(label, 'system')}|${code}`;
}
