import { isObject } from '../../../kernel/index.ts';
import type { ReferenceValue } from '../../model/condition.ts';
import type { Resource } from '../../model/fhir-version.ts';
import type { ResourceKey } from '../../model/resource-key.ts';
import { withSubsettedTag } from '../../model/subsetted-tag.ts';

/**
 * Resource types that belong in the summary if another included resource refers to them, such as the performer, place,
 * or device of a procedure.
 */
const INCLUDED_TYPES: readonly string[] = [
  'Device',
  'Goal',
  'Location',
  'Medication',
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'RelatedPerson',
  'Specimen',
];
/** Elements that refer to the single results of a panel or report. These results belong in the summary too. */
const PART_ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  DiagnosticReport: ['result'],
  Observation: ['hasMember'],
};

/**
 * Returns the references of a resource whose targets belong in the summary. Orders, encounters, notes, and the sources
 * of derived results don't belong there.
 */
export function getReferences(resource: Resource): readonly ReferenceValue[] {
  const parts = PART_ELEMENTS[resource.resourceType] ?? [];
  return Object.entries(resource).flatMap(([name, value]) =>
    referencesIn(value).flatMap((reference) => {
      const named = parseLocalReference(reference, '');
      if (named === undefined) return [];
      const belongs = INCLUDED_TYPES.includes(named.type) || (named.type === 'Observation' && parts.includes(name));
      return belongs ? [named] : [];
    }),
  );
}

export const referenceKey = ({ type, id }: ResourceKey): string => `${type}/${id.toLowerCase()}`;

const LOCAL_REFERENCE = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/;

/**
 * Parses a reference such as `Type/id`, relative or below `base`. Returns undefined if the reference leads to another
 * server or to a contained resource.
 */
function parseLocalReference(reference: string, base: string): ResourceKey | undefined {
  const text = base !== '' && reference.startsWith(`${base}/`) ? reference.slice(base.length + 1) : reference;
  const [, type, id] = LOCAL_REFERENCE.exec(text) ?? [];
  return type === undefined || id === undefined ? undefined : { type, id };
}

function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    name === 'reference' && typeof part === 'string' ? [part] : referencesIn(part),
  );
}

/**
 * Removes references to resources outside the summary document, which FHIR R4 §3.3.1 does not allow. The display or
 * identifier of such a reference is kept, and the resource is tagged as incomplete.
 * @param base absolute URL of this API
 * @param keys keys of the resources in the document, from `referenceKey`
 */
export function cutOutsideReferences(resource: Resource, base: string, keys: ReadonlySet<string>): Resource {
  let isCut = false;
  const cutReferences = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(cutReferences);
    if (!isObject(value)) return value;
    const inner = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, cutReferences(part)]));
    const local = typeof value['reference'] === 'string' ? parseLocalReference(value['reference'], base) : undefined;
    if (local === undefined || keys.has(referenceKey(local))) return inner;
    isCut = true;
    const { reference: _, ...rest } = inner;
    return 'display' in rest || 'identifier' in rest ? rest : { ...rest, display: ABSENT };
  };
  const cutResource = cutReferences(resource) as Resource;
  return isCut ? { ...cutResource, meta: withSubsettedTag(cutResource['meta']) } : resource;
}

const ABSENT = 'Not part of this summary';
