import type { Resource } from '../fhir/index.ts';
import { isObject, listOf, textAt } from './json-value.ts';

/**
 * A resource with the security labels of what goes along in it. FHIR R4 DomainResource dom-5: what is contained has none
 * of its own, so they are those of the whole.
 */
export function withLabelsOf<R extends Resource>(resource: R, carried: readonly unknown[]): R {
  const { meta } = resource;
  const own = listOf(meta, 'security');
  const known = new Set(own.map(nameOf));
  const added = carried
    .flatMap((one) => listOf(isObject(one) ? one['meta'] : undefined, 'security'))
    .filter((label) => !known.has(nameOf(label)) && known.add(nameOf(label)));
  return added.length === 0
    ? resource
    : { ...resource, meta: { ...(isObject(meta) ? meta : {}), security: [...own, ...added] } };
}

const nameOf = (label: unknown): string => `${textAt(label, 'system')}|${textAt(label, 'code')}`;
