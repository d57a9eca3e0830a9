import { derivedUuid, isObject, itemsAt, sha256, textAt } from '../../kernel/index.ts';
import type { FhirObject } from './fhir-object.ts';

/** Types of which a document repeats the same resource, with each entry that it is about. */
const REPEATED_TYPES = ['Practitioner', 'Organization', 'RelatedPerson'];

/**
 * Replaces the ids of converted resources with ids that are derived from their content. The conversion library creates
 * random ids unless the document contains an id. If the document repeats a person or organization, the most complete copy
 * stays.
 */
export function withStableIds(resources: readonly FhirObject[]): readonly FhirObject[] {
  const patient = resources.find(({ resourceType }) => resourceType === 'Patient') ?? {};
  const names = new Map<string, string>();
  const patientKey = resourceKey(patient);
  const copies = new Map<string, FhirObject>();
  const occurrences = new Map<string, number>();
  for (const resource of resources) {
    const type = textAt(resource, 'resourceType') ?? '';
    const key = resourceKey(resource);
    const owner = type === 'Patient' ? '' : patientKey;
    const isRepeated = REPEATED_TYPES.includes(type);
    const before = occurrences.get(`${type} ${key}`) ?? 0;
    occurrences.set(`${type} ${key}`, before + 1);
    const occurrence = before > 0 && !isRepeated ? String(before) : '';
    const name = `${type}/${derivedUuid('patient-access c-cda', owner, type, key, occurrence)}`;
    names.set(resourceName(resource), name);
    const copy = copies.get(name);
    if (copy === undefined || sizeOf(copy) < sizeOf(resource)) copies.set(name, resource);
  }
  return [...copies].map(([name, resource]) => ({
    ...(withNames(resource, names) as FhirObject),
    id: name.slice(name.indexOf('/') + 1),
  }));
}

const sizeOf = (resource: FhirObject): number => JSON.stringify(resource).length;

function withNames(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => withNames(one, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'reference' && typeof inner === 'string' ? (names.get(inner) ?? inner) : withNames(inner, names),
    ]),
  );
}

const resourceName = (resource: FhirObject): string => `${textAt(resource, 'resourceType')}/${textAt(resource, 'id')}`;

/**
 * Returns a text from which the id of a resource is derived: the first identifier, which stays the same when the
 * document is corrected, and otherwise the content without references.
 */
function resourceKey(resource: FhirObject): string {
  const [identifier] = itemsAt(resource, 'identifier');
  const value = textAt(identifier, 'value');
  if (value !== undefined) return `${textAt(identifier, 'system') ?? ''}|${value}`;
  const content = JSON.stringify(resource, (key, inner) => (key === 'id' || key === 'reference' ? undefined : inner));
  return sha256(content).toString('hex');
}
