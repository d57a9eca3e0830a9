import { codeableConcept, profileMeta, SYSTEM } from '../codes/coding.ts';
import { npi } from './npi.ts';
import type { OrganizationKey, SandboxOrganization } from './organizations.ts';

export interface Clinician {
  /** Serial number from which the NPI is built. */
  readonly serial: number;
  readonly given: string;
  readonly family: string;
  readonly suffix: string;
  readonly gender: 'female' | 'male';
  readonly specialty: readonly [nucc: string, display: string];
  readonly at: OrganizationKey;
}

export const CLINICIANS = {
  family: {
    serial: 201,
    given: 'Miriam',
    family: 'Sagebrook',
    suffix: 'MD',
    gender: 'female',
    specialty: ['207Q00000X', 'Family Medicine Physician'],
    at: 'practice',
  },
  family2: {
    serial: 202,
    given: 'Desmond',
    family: 'Fernhollow',
    suffix: 'DO',
    gender: 'male',
    specialty: ['207Q00000X', 'Family Medicine Physician'],
    at: 'practice',
  },
  pediatrics: {
    serial: 203,
    given: 'Yuki',
    family: 'Marshbloom',
    suffix: 'MD',
    gender: 'female',
    specialty: ['208000000X', 'Pediatrics Physician'],
    at: 'practice',
  },
  obstetrics: {
    serial: 204,
    given: 'Beatriz',
    family: 'Moonpetal',
    suffix: 'MD',
    gender: 'female',
    specialty: ['207V00000X', 'Obstetrics & Gynecology Physician'],
    at: 'practice',
  },
  psychiatry: {
    serial: 205,
    given: 'Aaron',
    family: 'Quietwater',
    suffix: 'MD',
    gender: 'male',
    specialty: ['2084P0800X', 'Psychiatry Physician'],
    at: 'practice',
  },
  nephrology: {
    serial: 206,
    given: 'Olumide',
    family: 'Cedarstone',
    suffix: 'MD',
    gender: 'male',
    specialty: ['207RN0300X', 'Nephrology Physician'],
    at: 'kidneyCenter',
  },
  cardiology: {
    serial: 207,
    given: 'Helena',
    family: 'Brightoak',
    suffix: 'MD',
    gender: 'female',
    specialty: ['207RC0000X', 'Cardiovascular Disease Physician'],
    at: 'hospital',
  },
  rheumatology: {
    serial: 208,
    given: 'Samir',
    family: 'Willowtree',
    suffix: 'MD',
    gender: 'male',
    specialty: ['207RR0500X', 'Rheumatology Physician'],
    at: 'practice',
  },
  oncology: {
    serial: 209,
    given: 'Grace',
    family: 'Lindenfeld',
    suffix: 'MD',
    gender: 'female',
    specialty: ['207RX0202X', 'Medical Oncology Physician'],
    at: 'hospital',
  },
  emergency: {
    serial: 210,
    given: 'Mateo',
    family: 'Thunderbrook',
    suffix: 'MD',
    gender: 'male',
    specialty: ['207P00000X', 'Emergency Medicine Physician'],
    at: 'hospital',
  },
  hospital: {
    serial: 211,
    given: 'Joanna',
    family: 'Nightharbor',
    suffix: 'MD',
    gender: 'female',
    specialty: ['208M00000X', 'Hospitalist Physician'],
    at: 'hospital',
  },
  pharmacist: {
    serial: 212,
    given: 'Noor',
    family: 'Applegate',
    suffix: 'PharmD',
    gender: 'female',
    specialty: ['183500000X', 'Pharmacist'],
    at: 'pharmacy',
  },
} satisfies Record<string, Clinician>;

export type PractitionerKey = keyof typeof CLINICIANS;

export const clinicianName = ({ given, family, suffix }: Clinician): string => `${given} ${family}, ${suffix}`;

/** @param employer the organization whose address and phone the practitioner has */
export function practitionerBody(
  clinician: Clinician,
  { phone, street }: SandboxOrganization,
): Record<string, unknown> {
  const { serial, given, family, suffix, gender, specialty } = clinician;
  return {
    meta: profileMeta('us-core-practitioner'),
    identifier: [{ system: SYSTEM.npi, value: npi(serial) }],
    active: true,
    name: [{ use: 'official', text: clinicianName(clinician), family, given: [given], suffix: [suffix] }],
    telecom: [{ system: 'phone', value: phone, use: 'work' }],
    address: [
      { use: 'work', line: [street], city: 'Saguaro Springs', state: 'AZ', postalCode: '85099', country: 'US' },
    ],
    gender,
    qualification: [{ code: codeableConcept('nucc', ...specialty) }],
  };
}
