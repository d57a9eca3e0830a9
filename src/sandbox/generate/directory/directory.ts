import type { Resource } from '../../../fhir/index.ts';
import { derivedUuid } from '../../../kernel/index.ts';
import { type LocationKey, locationBody, type OrganizationKey, organizationBody } from './places.ts';
import { clinicianName, type PractitionerKey, practitionerBody } from './practitioners.ts';
import type { Reference } from './reference.ts';
import { endpointBody, roleBody } from './roles.ts';
import { FAMILY_PRACTICE, type Site } from './site.ts';

export type { Reference } from './reference.ts';

/** The practice's directory, which all its records refer to: organizations, locations and clinicians. */
export interface Directory {
  readonly resources: readonly Resource[];
  readonly numbers: Site['numbers'];
  practitioner(key: PractitionerKey): Reference;
  /** The clinician's PractitionerRole. */
  role(key: PractitionerKey): Reference;
  organization(key: OrganizationKey): Reference;
  location(key: LocationKey): Reference;
}

export function makeDirectory(seed: string, site: Site = FAMILY_PRACTICE): Directory {
  const id = (type: string, key: string): string => derivedUuid('patient-access sandbox', seed, 'directory', type, key);
  const pointer = (type: string, key: string, display: string): Reference => ({
    reference: `${type}/${id(type, key)}`,
    display,
  });
  const entry = (resourceType: string, key: string, body: object): Resource => ({
    resourceType,
    id: id(resourceType, key),
    ...body,
  });
  const { organizations, locations, clinicians } = site;
  const organization = (key: OrganizationKey) => pointer('Organization', key, listed(organizations, key).name);
  const location = (key: LocationKey) => pointer('Location', key, listed(locations, key).name);
  const practitioner = (key: PractitionerKey) => pointer('Practitioner', key, clinicianName(listed(clinicians, key)));
  const inRole = (key: PractitionerKey) => pointer('PractitionerRole', key, clinicianName(listed(clinicians, key)));
  const endpoint = pointer('Endpoint', 'direct', 'Direct messages');
  const role = (key: PractitionerKey) => {
    const clinician = listed(clinicians, key);
    const { at } = clinician;
    const where = location(keys(locations).find((place) => locations[place]?.of === at) ?? 'clinic');
    const references = { practitioner: practitioner(key), organization: organization(at), location: where, endpoint };
    return roleBody(clinician, listed(organizations, at), references);
  };
  const place = (key: LocationKey) => {
    const { of } = listed(locations, key);
    return locationBody(key, listed(locations, key), listed(organizations, of), organization(of));
  };
  const person = (key: PractitionerKey) => {
    const clinician = listed(clinicians, key);
    return practitionerBody(clinician, listed(organizations, clinician.at));
  };
  return {
    numbers: site.numbers,
    practitioner,
    role: inRole,
    location,
    organization,
    resources: [
      ...keys(organizations).map((key) =>
        entry('Organization', key, organizationBody(key, listed(organizations, key))),
      ),
      ...keys(locations).map((key) => entry('Location', key, place(key))),
      ...keys(clinicians).map((key) => entry('Practitioner', key, person(key))),
      entry('Endpoint', 'direct', endpointBody(organization('practice'))),
      ...keys(clinicians).map((key) => entry('PractitionerRole', key, role(key))),
    ],
  };
}

const keys = <K extends string>(table: Partial<Record<K, unknown>>): readonly K[] => Object.keys(table) as K[];

/** A scenario may refer only to entries of its practice's own directory; anything else throws. */
function listed<K extends string, V>(table: Partial<Record<K, V>>, key: K): V {
  const value: V | undefined = table[key];
  if (value === undefined) throw new Error(`the directory of this practice has no ${key}`);
  return value;
}
