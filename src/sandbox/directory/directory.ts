import type { Resource } from '../../fhir/index.ts';
import { derivedUuid } from '../../kernel/index.ts';
import { type LocationKey, locationBody, type OrganizationKey, organizationBody } from './organizations.ts';
import { FAMILY_PRACTICE, type PracticeSite } from './practice-sites.ts';
import { endpointBody, roleBody } from './practitioner-roles.ts';
import { clinicianName, type PractitionerKey, practitionerBody } from './practitioners.ts';
import type { SandboxReference } from './reference.ts';

export type { SandboxReference } from './reference.ts';

/** The practice's directory, which all its records refer to: organizations, locations and clinicians. */
export interface SandboxDirectory {
  readonly resources: readonly Resource[];
  readonly numbers: PracticeSite['numbers'];
  practitioner(key: PractitionerKey): SandboxReference;
  /** Reference to the clinician's PractitionerRole. */
  role(key: PractitionerKey): SandboxReference;
  organization(key: OrganizationKey): SandboxReference;
  location(key: LocationKey): SandboxReference;
}

export function createDirectory(seed: string, site: PracticeSite = FAMILY_PRACTICE): SandboxDirectory {
  const id = (type: string, key: string): string => derivedUuid('patient-access sandbox', seed, 'directory', type, key);
  const pointer = (type: string, key: string, display: string): SandboxReference => ({
    reference: `${type}/${id(type, key)}`,
    display,
  });
  const entry = (resourceType: string, key: string, body: object): Resource => ({
    resourceType,
    id: id(resourceType, key),
    ...body,
  });
  const { organizations, locations, clinicians } = site;
  const organization = (key: OrganizationKey) => pointer('Organization', key, requireEntry(organizations, key).name);
  const location = (key: LocationKey) => pointer('Location', key, requireEntry(locations, key).name);
  const practitioner = (key: PractitionerKey) =>
    pointer('Practitioner', key, clinicianName(requireEntry(clinicians, key)));
  const inRole = (key: PractitionerKey) =>
    pointer('PractitionerRole', key, clinicianName(requireEntry(clinicians, key)));
  const endpoint = pointer('Endpoint', 'direct', 'Direct messages');
  const role = (key: PractitionerKey) => {
    const clinician = requireEntry(clinicians, key);
    const { at } = clinician;
    const where = location(
      typedKeys(locations).find((locationKey) => locations[locationKey]?.organizationKey === at) ?? 'clinic',
    );
    const references = { practitioner: practitioner(key), organization: organization(at), location: where, endpoint };
    return roleBody(clinician, requireEntry(organizations, at), references);
  };
  const locationResource = (key: LocationKey) => {
    const { organizationKey } = requireEntry(locations, key);
    return locationBody(
      key,
      requireEntry(locations, key),
      requireEntry(organizations, organizationKey),
      organization(organizationKey),
    );
  };
  const person = (key: PractitionerKey) => {
    const clinician = requireEntry(clinicians, key);
    return practitionerBody(clinician, requireEntry(organizations, clinician.at));
  };
  return {
    numbers: site.numbers,
    practitioner,
    role: inRole,
    location,
    organization,
    resources: [
      ...typedKeys(organizations).map((key) =>
        entry('Organization', key, organizationBody(key, requireEntry(organizations, key))),
      ),
      ...typedKeys(locations).map((key) => entry('Location', key, locationResource(key))),
      ...typedKeys(clinicians).map((key) => entry('Practitioner', key, person(key))),
      entry('Endpoint', 'direct', endpointBody(organization('practice'))),
      ...typedKeys(clinicians).map((key) => entry('PractitionerRole', key, role(key))),
    ],
  };
}

const typedKeys = <K extends string>(table: Partial<Record<K, unknown>>): readonly K[] => Object.keys(table) as K[];

/** A scenario may refer only to entries of its practice's own directory; anything else throws. */
function requireEntry<K extends string, V>(table: Partial<Record<K, V>>, key: K): V {
  const value: V | undefined = table[key];
  if (value === undefined) throw new Error(`the directory of this practice has no ${key}`);
  return value;
}
