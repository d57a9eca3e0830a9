import type { Resource } from '../../fhir/index.ts';
import { isObject, itemsAt, textAt } from '../../kernel/index.ts';

/** Elements that are removed from directory resources, because they are about a person's private life. */
const PRIVATE_FIELDS = ['birthDate', 'photo'];

/**
 * Whether a Location is a patient's home. It isn't a location of the practice, and visits there would reveal who lives
 * there.
 */
export const isResidence = (resource: unknown): boolean =>
  textAt(resource, 'resourceType') === 'Location' &&
  (itemsAt(resource, 'type').some((type) => hasCode(type, 'PTRES')) ||
    (isObject(resource) && hasCode(resource['physicalType'], 'ho')));

const hasCode = (concept: unknown, code: string): boolean =>
  itemsAt(concept, 'coding').some((coding) => textAt(coding, 'code')?.toLowerCase() === code.toLowerCase());

/**
 * Removes what patients must not see of a directory resource: home addresses, private phone numbers, birth dates and
 * photos. If anything was removed, the narrative is removed too, because it may repeat the removed data.
 */
export function removePrivateParts<R extends Resource>(resource: R): R {
  const publicMembers = Object.entries(resource)
    .filter(([name]) => !PRIVATE_FIELDS.includes(name) && !PRIVATE_FIELDS.includes(name.replace(/^_/, '')))
    .map(([name, value]) => [name, toPublicPart(resource.resourceType, name, value)] as const)
    .filter(([, value]) => value !== undefined);
  const publicResource = Object.fromEntries(publicMembers) as R;
  if (JSON.stringify(publicResource) === JSON.stringify(resource)) return resource;
  const { text: _narrative, ...rest } = publicResource;
  return rest as unknown as R;
}

function toPublicPart(type: string, name: string, value: unknown): unknown {
  if (name === 'telecom') return withoutPrivateItems(value, (use) => use === 'home' || use === 'mobile');
  if (name !== 'address') return value;
  // An address of a practitioner that isn't marked as a work address may be their home, so it is removed.
  return withoutPrivateItems(value, (use) => (type === 'Practitioner' ? use !== 'work' : use === 'home'));
}

function withoutPrivateItems(value: unknown, isPrivate: (use: string | undefined) => boolean): unknown {
  const isPrivateItem = (item: unknown) => isPrivate(textAt(item, 'use'));
  if (!Array.isArray(value)) return isPrivateItem(value) ? undefined : value;
  const publicMembers = value.filter((item) => !isPrivateItem(item));
  return publicMembers.length === 0 ? undefined : publicMembers;
}
