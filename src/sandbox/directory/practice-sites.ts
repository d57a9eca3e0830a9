import { npi } from './npi.ts';
import {
  LOCATIONS,
  type LocationKey,
  ORGANIZATIONS,
  type OrganizationKey,
  postalAddressText,
  type SandboxLocation,
  type SandboxOrganization,
} from './organizations.ts';
import { CLINICIANS, type Clinician, type PractitionerKey } from './practitioners.ts';

/** A sandbox practice: the organizations, locations and clinicians of its directory. */
export interface PracticeSite {
  /** System and prefix of medical record numbers. */
  readonly numbers: { readonly system: string; readonly prefix: string };
  readonly organizations: Partial<Record<OrganizationKey, SandboxOrganization>> & {
    readonly practice: SandboxOrganization;
  };
  readonly locations: Partial<Record<LocationKey, SandboxLocation>>;
  readonly clinicians: Partial<Record<PractitionerKey, Clinician>>;
}

/** The first practice. Every sandbox patient has a record here. */
export const FAMILY_PRACTICE: PracticeSite = {
  numbers: { system: 'https://sandbox.example.org/mrn', prefix: 'SBX' },
  organizations: ORGANIZATIONS,
  locations: LOCATIONS,
  clinicians: CLINICIANS,
};

const { laboratory, pharmacy, healthPlan } = ORGANIZATIONS;

/** The second practice: one specialist, with the laboratory, pharmacy and payer of the first practice. */
export const HEART_CLINIC: PracticeSite = {
  numbers: { system: 'https://heart.sandbox.example.org/mrn', prefix: 'SHC' },
  organizations: {
    practice: { name: 'Sandbox Heart Clinic', serial: 121, phone: '602-555-0180', street: '77 Quail Run' },
    laboratory,
    pharmacy,
    healthPlan,
  },
  locations: {
    clinic: {
      name: 'Sandbox Heart Clinic, Saguaro Springs office',
      organizationKey: 'practice',
      role: ['OF', 'Outpatient facility'],
    },
    pharmacy: LOCATIONS.pharmacy,
  },
  clinicians: {
    pharmacist: CLINICIANS.pharmacist,
    cardiology: {
      serial: 221,
      given: 'Inés',
      family: 'Robledal',
      suffix: 'MD',
      gender: 'female',
      specialty: ['207RC0000X', 'Cardiovascular Disease Physician'],
      at: 'practice',
    },
  },
};

export const practiceDetails = ({ organizations: { practice } }: PracticeSite) => ({
  address: postalAddressText(practice),
  phone: practice.phone,
  npi: npi(practice.serial),
});
