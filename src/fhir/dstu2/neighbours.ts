import type { PartOf } from '../core/part-of.ts';
import type { Neighbours, Place } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';
import { FORMS } from './convert/conversions.ts';
import { isObject, textOf } from './convert/element.ts';
import { convertResource } from './convert/resource.ts';
import { TYPES_OF_RECORDS } from './served-directory.ts';

/** PractitionerRole of R4 is a part of who has it: its own searches ask of those that are shown there. */
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

/** Some have a form by what they are, and none where that can't be said. */
const PLACED = ['PractitionerRole', 'ServiceRequest', 'MedicationRequest'];
/** Of a Patient it is known that it is shown. */
const TOLD_OF = TYPES_OF_RECORDS.filter((stored) => stored !== 'Patient' && !PLACED.includes(stored));

/** What the addresses of DSTU2 need to know of other resources: see docs/decisions/035. */
export const dstu2Neighbours: Omit<Neighbours, 'kept'> = {
  placed: PLACED,
  placedIn: { Provenance: [...PLACED, ...TOLD_OF] },
  placeOf: (resource) => (resource.resourceType === 'PractitionerRole' ? placeOfRole(resource) : placeOfForm(resource)),
  part: ROLE,
};

const PRACTITIONER = /^(Practitioner)\/([0-9a-f-]{36})$/;

/**
 * Who had the role, also where it is over: what was done was done by them. Not where something nobody here knows changes
 * what the role means.
 */
function placeOfRole({
  practitioner,
  modifierExtension,
}: Resource & Readonly<Record<string, unknown>>): Place | undefined {
  if (modifierExtension !== undefined || !isObject(practitioner)) return undefined;
  const [reference, type, id] = PRACTITIONER.exec(textOf(practitioner['reference']) ?? '') ?? [];
  return reference === undefined || type === undefined || id === undefined
    ? undefined
    : { reference, of: { type, id } };
}

/** The first of its forms that it is shown in. */
function placeOfForm(resource: Resource): Place | undefined {
  const form = FORMS.filter(({ stored }) => stored === resource.resourceType).find(({ type }) => {
    const made = convertResource(resource, type);
    return made !== undefined && 'resource' in made;
  });
  return form && { reference: `${form.type}/${form.idPrefix}${resource.id}` };
}
