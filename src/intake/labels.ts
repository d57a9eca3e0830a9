import { elementsAt, type Resource } from '../fhir/index.ts';
import { isObject, textAt } from './json-value.ts';

/**
 * The security labels of some resources and of what these contain, as they are written, each once and in an order of their
 * own. Whatever stands where a label is to stand counts: to withhold too much is the smaller mistake.
 */
export function labelsOf(resources: readonly unknown[]): readonly unknown[] {
  const found = resources.filter(isObject).flatMap((one) => PLACES.flatMap((place) => elementsAt(one, place)));
  const byText = new Map(found.map((label) => [JSON.stringify(label), label]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, label]) => label);
}

const PLACES = ['meta.security', 'contained.meta.security'];

/**
 * A resource with labels that it may have already. FHIR R4 DomainResource dom-5: what is contained has none of its own, so
 * they are those of the whole.
 */
export function withLabels<R extends Resource>(resource: R, labels: readonly unknown[]): R {
  const own = elementsAt(resource, 'meta.security');
  const known = new Set(own.map(nameOf));
  const added = labels.filter((label) => !known.has(nameOf(label)) && known.add(nameOf(label)));
  if (added.length === 0) return resource;
  const { meta } = resource;
  return { ...resource, meta: { ...(isObject(meta) ? meta : {}), security: [...own, ...added] } };
}

/** The words beside a code make no other label of it. */
function nameOf(label: unknown): string {
  const code = textAt(label, 'code');
  return code === undefined ? JSON.stringify(label) : `${textAt(label, 'system')}|${code}`;
}
