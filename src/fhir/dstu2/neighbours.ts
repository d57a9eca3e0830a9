import type { PartOf } from '../core/part-of.ts';
import type { Neighbours, Place } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';
import { isObject, textOf } from './convert/element.ts';
import { convertResource } from './convert/resource.ts';
import { requestForm } from './convert/service-request.ts';

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

/** What the addresses of DSTU2 need to know of other resources: see docs/decisions/035. */
export const dstu2Neighbours: Neighbours = {
  placed: ['PractitionerRole', 'ServiceRequest'],
  placeOf: (resource) =>
    resource.resourceType === 'PractitionerRole' ? placeOfRole(resource) : placeOfRequest(resource),
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

/** The one of its forms that it is shown in. */
function placeOfRequest(resource: Resource): Place | undefined {
  const form = requestForm(resource);
  const made = convertResource(resource, form);
  return made !== undefined && 'resource' in made ? { reference: `${form}/${resource.id}` } : undefined;
}
