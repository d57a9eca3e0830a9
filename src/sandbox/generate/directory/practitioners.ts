import { conceptOf, profiled, SYSTEM } from '../codes/coding.ts';
import { npi } from './npi.ts';
import { ORGANIZATIONS, type OrganizationKey } from './places.ts';

interface Row {
  readonly given: string;
  readonly family: string;
  readonly suffix: string;
  readonly gender: 'female' | 'male';
  readonly specialty: readonly [nucc: string, display: string];
  readonly at: OrganizationKey;
}

const ROWS = {
  family: {
    given: 'Miriam',
    family: 'Sagebrook',
    suffix: 'MD',
    gender: 'female',
    specialty: ['207Q00000X', 'Family Medicine Physician'],
    at: 'practice',
  },
  family2: {
    given: 'Desmond',
    family: 'Fernhollow',
    suffix: 'DO',
    gender: 'male',
    specialty: ['207Q00000X', 'Family Medicine Physician'],
    at: 'practice',
  },
  pediatrics: {
    given: 'Yuki',
    family: 'Marshbloom',
    suffix: 'MD',
    gender: 'female',
    specialty: ['208000000X', 'Pediatrics Physician'],
    at: 'practice',
  },
  obstetrics: {
    given: 'Beatriz',
    family: 'Moonpetal',
    suffix: 'MD',
    gender: 'female',
    specialty: ['207V00000X', 'Obstetrics & Gynecology Physician'],
    at: 'practice',
  },
  psychiatry: {
    given: 'Aaron',
    family: 'Quietwater',
    suffix: 'MD',
    gender: 'male',
    specialty: ['2084P0800X', 'Psychiatry Physician'],
    at: 'practice',
  },
  nephrology: {
    given: 'Olumide',
    family: 'Cedarstone',
    suffix: 'MD',
    gender: 'male',
    specialty: ['207RN0300X', 'Nephrology Physician'],
    at: 'kidneyCenter',
  },
  cardiology: {
    given: 'Helena',
    family: 'Brightoak',
    suffix: 'MD',
    gender: 'female',
    specialty: ['207RC0000X', 'Cardiovascular Disease Physician'],
    at: 'hospital',
  },
  rheumatology: {
    given: 'Samir',
    family: 'Willowtree',
    suffix: 'MD',
    gender: 'male',
    specialty: ['207RR0500X', 'Rheumatology Physician'],
    at: 'practice',
  },
  oncology: {
    given: 'Grace',
    family: 'Lindenfeld',
    suffix: 'MD',
    gender: 'female',
    specialty: ['207RX0202X', 'Medical Oncology Physician'],
    at: 'hospital',
  },
  emergency: {
    given: 'Mateo',
    family: 'Thunderbrook',
    suffix: 'MD',
    gender: 'male',
    specialty: ['207P00000X', 'Emergency Medicine Physician'],
    at: 'hospital',
  },
  hospital: {
    given: 'Joanna',
    family: 'Nightharbor',
    suffix: 'MD',
    gender: 'female',
    specialty: ['208M00000X', 'Hospitalist Physician'],
    at: 'hospital',
  },
} satisfies Record<string, Row>;

export type PractitionerKey = keyof typeof ROWS;
export const PRACTITIONERS = Object.keys(ROWS) as readonly PractitionerKey[];

export const practitioner = (key: PractitionerKey): Row => ROWS[key];
export const practitionerName = (key: PractitionerKey): string =>
  `${ROWS[key].given} ${ROWS[key].family}, ${ROWS[key].suffix}`;

export function practitionerBody(key: PractitionerKey): Record<string, unknown> {
  const row = practitioner(key);
  const { phone, street } = ORGANIZATIONS[row.at];
  return {
    meta: profiled('us-core-practitioner'),
    identifier: [{ system: SYSTEM.npi, value: npi(201 + PRACTITIONERS.indexOf(key)) }],
    active: true,
    name: [
      { use: 'official', text: practitionerName(key), family: row.family, given: [row.given], suffix: [row.suffix] },
    ],
    telecom: [{ system: 'phone', value: phone, use: 'work' }],
    address: [
      { use: 'work', line: [street], city: 'Saguaro Springs', state: 'AZ', postalCode: '85099', country: 'US' },
    ],
    gender: row.gender,
    qualification: [{ code: conceptOf('nucc', ...row.specialty) }],
  };
}
