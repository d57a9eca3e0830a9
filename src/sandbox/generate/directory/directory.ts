import type { Resource } from '../../../fhir/index.ts';
import { derivedUuid } from '../../../kernel/index.ts';
import {
  LOCATIONS,
  type LocationKey,
  locationBody,
  ORGANIZATIONS,
  type OrganizationKey,
  organizationBody,
} from './places.ts';
import {
  PRACTITIONERS,
  type PractitionerKey,
  practitioner,
  practitionerBody,
  practitionerName,
} from './practitioners.ts';
import type { Reference } from './reference.ts';
import { endpointBody, roleBody } from './roles.ts';

export type { Reference } from './reference.ts';

/** What all records of the practice point to: who works there, and where. */
export interface Directory {
  readonly resources: readonly Resource[];
  practitioner(key: PractitionerKey): Reference;
  organization(key: OrganizationKey): Reference;
  location(key: LocationKey): Reference;
}

export function makeDirectory(seed: string): Directory {
  const id = (type: string, key: string): string => derivedUuid('patient-access sandbox', seed, 'directory', type, key);
  const pointer = (type: string, key: string, display: string): Reference => ({
    reference: `${type}/${id(type, key)}`,
    display,
  });
  const organization = (key: OrganizationKey) => pointer('Organization', key, ORGANIZATIONS[key].name);
  const made = (resourceType: string, key: string, body: object): Resource => ({
    resourceType,
    id: id(resourceType, key),
    ...body,
  });
  const location = (key: LocationKey) => pointer('Location', key, LOCATIONS[key].name);
  const who = (key: PractitionerKey) => pointer('Practitioner', key, practitionerName(key));
  const endpoint = pointer('Endpoint', 'direct', 'Direct messages');
  const role = (key: PractitionerKey) => {
    const { at } = practitioner(key);
    const where = location(keys(LOCATIONS).find((place) => LOCATIONS[place].of === at) ?? 'clinic');
    return roleBody(key, { practitioner: who(key), organization: organization(at), location: where, endpoint });
  };
  return {
    practitioner: who,
    location,
    organization,
    resources: [
      ...keys(ORGANIZATIONS).map((key) => made('Organization', key, organizationBody(key))),
      ...keys(LOCATIONS).map((key) => made('Location', key, locationBody(key, organization(LOCATIONS[key].of)))),
      ...PRACTITIONERS.map((key) => made('Practitioner', key, practitionerBody(key))),
      made('Endpoint', 'direct', endpointBody(organization('practice'))),
      ...PRACTITIONERS.map((key) => made('PractitionerRole', key, role(key))),
    ],
  };
}

const keys = <K extends string>(table: Record<K, unknown>): readonly K[] => Object.keys(table) as K[];
