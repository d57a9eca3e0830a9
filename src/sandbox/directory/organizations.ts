import { codeableConcept, coding, profileMeta, SYSTEM } from '../codes/coding.ts';
import { npi } from './npi.ts';

export type OrganizationKey =
  | 'practice'
  | 'laboratory'
  | 'hospital'
  | 'kidneyCenter'
  | 'pharmacy'
  | 'medicare'
  | 'medicaid'
  | 'healthPlan';
export type LocationKey = 'clinic' | 'video' | 'hospital' | 'emergency' | 'dialysis' | 'pharmacy';

export interface SandboxAddress {
  readonly line: readonly string[];
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
}

const toAddress = (line: string, city = 'Saguaro Springs', postalCode = '85099') => ({
  use: 'work',
  line: [line],
  city,
  state: 'AZ',
  postalCode,
  country: 'US',
});
export function postalAddressText({ street }: SandboxOrganization): string {
  const { line, city, state, postalCode } = toAddress(street);
  return [...line, `${city}, ${state} ${postalCode}`].join('\n');
}
const workPhone = (value: string) => ({ system: 'phone', value, use: 'work' });

export interface SandboxOrganization {
  readonly name: string;
  readonly serial: number;
  readonly phone: string;
  readonly street: string;
  /** True if the organization is a payer and provides no care. */
  readonly isPayer?: true;
}

export const ORGANIZATIONS: Record<OrganizationKey, SandboxOrganization> = {
  practice: { name: 'Sandbox Family Practice', serial: 101, phone: '602-555-0100', street: '100 Ocotillo Way' },
  laboratory: { name: 'Sandbox Clinical Laboratory', serial: 102, phone: '602-555-0110', street: '210 Cholla Court' },
  hospital: { name: 'Sandbox General Hospital', serial: 103, phone: '602-555-0120', street: '1 Palo Verde Plaza' },
  kidneyCenter: { name: 'Sandbox Kidney Center', serial: 104, phone: '602-555-0130', street: '44 Agave Road' },
  pharmacy: { name: 'Sandbox Corner Pharmacy', serial: 105, phone: '602-555-0140', street: '8 Jojoba Street' },
  medicare: {
    name: 'Sandbox Medicare',
    serial: 106,
    phone: '602-555-0150',
    street: '300 Ironwood Avenue',
    isPayer: true,
  },
  medicaid: {
    name: 'Sandbox Medicaid',
    serial: 107,
    phone: '602-555-0160',
    street: '302 Ironwood Avenue',
    isPayer: true,
  },
  healthPlan: {
    name: 'Sandbox Health Plan',
    serial: 108,
    phone: '602-555-0170',
    street: '9 Mesquite Square',
    isPayer: true,
  },
};

/**
 * Identifiers of organizations other than the NPI: a CLIA number and a NAIC code. Neither is assigned to a real
 * organization. A CLIA number begins with a state code, and 99 isn't one; NAIC codes have five digits.
 */
const OTHER_NUMBERS: Partial<Record<OrganizationKey, object>> = {
  laboratory: { system: 'urn:oid:2.16.840.1.113883.4.7', value: '99D9999999' },
  healthPlan: { system: 'urn:oid:2.16.840.1.113883.6.300', value: '99999' },
};

export function organizationBody(key: OrganizationKey, organization: SandboxOrganization): Record<string, unknown> {
  const { name, serial, phone: number, street, isPayer } = organization;
  return {
    meta: profileMeta('us-core-organization'),
    identifier: [{ system: SYSTEM.npi, value: npi(serial) }, ...[OTHER_NUMBERS[key] ?? []].flat()],
    active: true,
    type: [
      isPayer === true
        ? codeableConcept('organizationType', 'pay', 'Payer')
        : codeableConcept('organizationType', 'prov', 'Healthcare Provider'),
    ],
    name,
    telecom: [workPhone(number), { system: 'url', value: 'https://sandbox.example.org', use: 'work' }],
    address: [toAddress(street)],
  };
}

export interface SandboxLocation {
  readonly name: string;
  readonly organizationKey: OrganizationKey;
  readonly role: readonly [code: string, display: string] | undefined;
  readonly virtual?: boolean;
}

export const LOCATIONS: Record<LocationKey, SandboxLocation> = {
  clinic: {
    name: 'Sandbox Family Practice, Saguaro Springs office',
    organizationKey: 'practice',
    role: ['OF', 'Outpatient facility'],
  },
  video: { name: 'Sandbox Family Practice, video visits', organizationKey: 'practice', role: undefined, virtual: true },
  hospital: { name: 'Sandbox General Hospital, medical ward', organizationKey: 'hospital', role: ['HOSP', 'Hospital'] },
  emergency: {
    name: 'Sandbox General Hospital, emergency department',
    organizationKey: 'hospital',
    role: ['ER', 'Emergency room'],
  },
  dialysis: { name: 'Sandbox Kidney Center, dialysis unit', organizationKey: 'kidneyCenter', role: undefined },
  pharmacy: { name: 'Sandbox Corner Pharmacy', organizationKey: 'pharmacy', role: ['OUTPHARM', 'outpatient pharmacy'] },
};

/** @param owner the organization whose address the location has */
export function locationBody(
  key: LocationKey,
  location: SandboxLocation,
  owner: SandboxOrganization,
  managing: object,
): Record<string, unknown> {
  const { phone: number, street } = owner;
  return {
    meta: profileMeta('us-core-location'),
    identifier: [{ system: 'https://sandbox.example.org/place', value: `${npi(owner.serial)}-${key}` }],
    status: 'active',
    name: location.name,
    mode: 'instance',
    ...(location.role === undefined
      ? {}
      : { type: [{ coding: [coding('roleCode', ...location.role)], text: location.role[1] }] }),
    telecom: [workPhone(number)],
    ...(location.virtual === true ? {} : { address: toAddress(street) }),
    managingOrganization: managing,
  };
}
