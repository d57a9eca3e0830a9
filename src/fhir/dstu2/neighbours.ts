import type { PartOf } from '../core/part-of.ts';
import type { Neighbours, Place } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';
import { FORMS } from './convert/conversions.ts';
import { isObject, textOf } from './convert/element.ts';
import { convertResource } from './convert/resource.ts';
import { TYPES_OF_RECORDS } from './served-directory.ts';

/**
 * R4 PractitionerRole is embedded in the DSTU2 Practitioner. A search that reaches a role through its Practitioner only
 * considers roles that are shown there: `active` is absent or true.
 */
export const ROLE: PartOf = {
  type: 'PractitionerRole',
  of: 'Practitioner',
  by: 'practitioner',
  shown: [
    {
      kind: 'any',
      of: [
        { kind: 'not', of: { kind: 'present', of: 'token', index: 'active' } },
        { kind: 'token', index: 'active', values: [{ system: undefined, code: 'true' }] },
      ],
    },
  ],
};

/**
 * Stored types whose references can't be converted from the type alone: the DSTU2 type of the target depends on its
 * content, or there is no DSTU2 target at all.
 */
const CONTENT_DEPENDENT_TYPES = ['PractitionerRole', 'ServiceRequest', 'MedicationRequest'];
/**
 * Other types of the patient record whose resources may be hidden in DSTU2. Patient is excluded because it is never
 * hidden.
 */
const OTHER_RECORD_TYPES = TYPES_OF_RECORDS.filter(
  (stored) => stored !== 'Patient' && !CONTENT_DEPENDENT_TYPES.includes(stored),
);

/** Tells which other resources have to be read to convert references to DSTU2. See docs/decisions/035. */
export const dstu2Neighbours: Omit<Neighbours, 'kept'> = {
  placed: CONTENT_DEPENDENT_TYPES,
  placedIn: { Provenance: [...CONTENT_DEPENDENT_TYPES, ...OTHER_RECORD_TYPES] },
  placeOf: (resource) =>
    resource.resourceType === 'PractitionerRole' ? roleTarget(resource) : variantTarget(resource),
  part: ROLE,
};

const PRACTITIONER = /^(Practitioner)\/([0-9a-f-]{36})$/;

/**
 * Resolves a reference to a PractitionerRole to the Practitioner who has or had it. Roles that have ended count too,
 * because whatever was done was done by that person. A role with a modifier extension resolves to nothing, since the
 * extension may change what the role means.
 */
function roleTarget({
  practitioner,
  modifierExtension,
}: Resource & Readonly<Record<string, unknown>>): Place | undefined {
  if (modifierExtension !== undefined || !isObject(practitioner)) return undefined;
  const [reference, type, id] = PRACTITIONER.exec(textOf(practitioner['reference']) ?? '') ?? [];
  return reference === undefined || type === undefined || id === undefined
    ? undefined
    : { reference, of: { type, id } };
}

/** Resolves a reference to the first DSTU2 variant in which the resource is visible. */
function variantTarget(resource: Resource): Place | undefined {
  const variant = FORMS.filter(({ stored }) => stored === resource.resourceType).find(({ type }) => {
    const converted = convertResource(resource, type);
    return converted !== undefined && 'resource' in converted;
  });
  return variant && { reference: `${variant.type}/${variant.idPrefix}${resource.id}` };
}
