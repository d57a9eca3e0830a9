import { asNeeded, capsule, pill } from './parts/dosage.ts';
import { fluImmunizations, immunizations } from './parts/immunizations.ts';
import { singleVisit } from './parts/visits.ts';
import type { Persona } from './persona.ts';
import type { PatientScenario, VisitPlan } from './scenario.ts';

/**
 * How a patient for enrollment starts, and starts again for the next visitor: without an invitation, with a letter
 * whose codes are published, with the recorded decision against an account, or with an account that is locked.
 */
export type EnrollmentStart =
  | { readonly status: 'not-enrolled' }
  | {
      readonly status: 'invited';
      /** Code of the letter, as it is printed: four groups of Crockford's base32. */
      readonly letterCode: string;
      /** Six digits that a front desk would give separately from the letter. */
      readonly verificationCode: string;
    }
  | { readonly status: 'declined'; readonly reason: string }
  | { readonly status: 'locked'; readonly reason: string };

/** A patient without a shared account, with whom visitors of the sandbox try enrollment. Their records are small. */
export interface EnrollmentScenario extends PatientScenario {
  readonly start: EnrollmentStart;
}

/** Builds a persona. `username` is the first part of the email address on the chart. */
const person = (
  name: readonly [given: string, family: string],
  details: Omit<Persona, 'key' | 'username' | 'covers' | 'given' | 'family'>,
): Persona => {
  const [given, family] = name;
  return {
    key: given.toLowerCase(),
    username: `${given}.${family}`.toLowerCase(),
    covers: [],
    given: [given],
    family,
    ...details,
  };
};

/** A checkup in the last year, which is all that most of these patients came for. */
const recentCheckup = (at: number, plan: Partial<VisitPlan> = {}) =>
  singleVisit({ kind: 'checkup', at, by: 'family2', ...plan });

const NO_ALLERGIES = { allergies: [{ substance: 'none' }] } as const;

/** Patients for enrollment, in the order of their medical record numbers. */
export const ENROLLMENT_SCENARIOS: readonly EnrollmentScenario[] = [
  {
    start: { status: 'invited', letterCode: 'TEST-GRAC-E222-2222', verificationCode: '222222' },
    persona: person(['Grace', 'Willowby'], {
      about: 'Has a letter in English. Hay fever and a checkup.',
      gender: 'female',
      birthSex: 'F',
      age: 41.4,
      race: 'white',
      languages: ['en'],
      married: 'M',
      street: '18 Mesquite Lane',
      town: ['Saguaro Springs', '85099'],
      doctor: 'family2',
      heightCm: 168,
      weightKg: 66,
    }),
    parts: [
      recentCheckup(0.6, { labs: ['lipids'] }),
      {
        problems: [{ key: 'rhinitis', onset: 6.2 }],
        medicines: [{ drug: 'cetirizine', from: 0.6, for: 'rhinitis', by: 'family2', dosage: pill(1, 1) }],
        ...NO_ALLERGIES,
      },
      fluImmunizations(1),
    ],
  },
  {
    start: { status: 'invited', letterCode: 'TEST-HECT-0R33-3333', verificationCode: '333333' },
    persona: person(['Hector', 'Saltbush'], {
      about: 'Has a letter in Spanish. High blood pressure.',
      gender: 'male',
      birthSex: 'M',
      age: 58.1,
      race: 'white',
      hispanic: 'mexican',
      languages: ['es', 'en'],
      married: 'M',
      street: '402 Palo Verde Drive',
      town: ['Coyote Wells', '85098'],
      doctor: 'family2',
      heightCm: 173,
      weightKg: 84,
    }),
    parts: [
      recentCheckup(0.4, { labs: ['comprehensive'] }),
      {
        problems: [{ key: 'hypertension', onset: 3.1 }],
        medicines: [{ drug: 'amlodipine', from: 0.4, for: 'hypertension', by: 'family2', dosage: pill(1, 1) }],
        ...NO_ALLERGIES,
      },
      immunizations(['tdap', 0.4]),
    ],
  },
  {
    start: { status: 'invited', letterCode: 'TEST-TESS-A444-4444', verificationCode: '444444' },
    persona: person(['Tessa', 'Goldfinch'], {
      about: 'Has a letter in English. Migraine.',
      gender: 'female',
      birthSex: 'F',
      age: 33.7,
      race: 'black',
      languages: ['en'],
      married: 'S',
      street: '7 Ironwood Court',
      town: ['Saguaro Springs', '85099'],
      doctor: 'family2',
      heightCm: 164,
      weightKg: 61,
    }),
    parts: [
      recentCheckup(0.8, { labs: ['bloodCount'] }),
      {
        problems: [{ key: 'migraine', onset: 4.5 }],
        medicines: [
          {
            drug: 'naproxen',
            from: 0.8,
            for: 'migraine',
            by: 'family2',
            dosage: asNeeded('Take 1 tablet with food every 12 hours as needed for headache', 1, 12),
          },
        ],
        allergies: [{ substance: 'penicillin', onset: 20, reactions: ['rash'], severity: 'mild' }],
      },
      fluImmunizations(1),
    ],
  },
  {
    start: { status: 'not-enrolled' },
    persona: person(['Owen', 'Marshwren'], {
      about: 'To be invited by the front desk, by email or letter. Knee pain.',
      gender: 'male',
      birthSex: 'M',
      age: 67.2,
      race: 'white',
      languages: ['en'],
      married: 'W',
      street: '93 Sandstone Avenue',
      town: ['Coyote Wells', '85098'],
      doctor: 'family2',
      heightCm: 178,
      weightKg: 82,
    }),
    parts: [
      recentCheckup(0.5, { labs: ['comprehensive'] }),
      { problems: [{ key: 'kneeArthrosis', onset: 5.3 }], ...NO_ALLERGIES },
      fluImmunizations(1),
    ],
  },
  {
    start: { status: 'not-enrolled' },
    persona: person(['Dylan', 'Cottonwood'], {
      about: 'Age 15. To be invited by the front desk, or his mother as his representative.',
      gender: 'male',
      birthSex: 'M',
      age: 15.3,
      race: 'navajo',
      tribe: 'navajo',
      languages: ['en'],
      street: '256 Agave Street',
      town: ['Saguaro Springs', '85099'],
      doctor: 'family2',
      heightCm: 172,
      weightKg: 60,
      contact: { given: 'Robin', family: 'Cottonwood', relation: 'mother', helps: true },
    }),
    parts: [
      recentCheckup(0.3),
      singleVisit({
        kind: 'problem',
        at: 0.9,
        by: 'family2',
        acute: ['ankleSprain'],
        acuteDays: 28,
        story: 'Twisted his left ankle at basketball practice.',
        plan: 'Mild sprain. Rest, ice and a brace for two weeks.',
      }),
      { ...NO_ALLERGIES },
      fluImmunizations(1),
    ],
  },
  {
    start: { status: 'declined', reason: 'Prefers to call the practice' },
    persona: person(['Edith', 'Hollyhock'], {
      about: 'Declined an account. Osteoporosis.',
      gender: 'female',
      birthSex: 'F',
      age: 79.6,
      race: 'white',
      languages: ['en'],
      married: 'W',
      street: '11 Ocotillo Way',
      town: ['Saguaro Springs', '85099'],
      doctor: 'family2',
      heightCm: 158,
      weightKg: 57,
    }),
    parts: [
      recentCheckup(0.7, { labs: ['comprehensive'] }),
      { problems: [{ key: 'osteoporosis', onset: 8.4 }], ...NO_ALLERGIES },
      fluImmunizations(1),
    ],
  },
  {
    start: { status: 'locked', reason: 'The phone with the patient’s passkey was lost' },
    persona: person(['Victor', 'Brightwater'], {
      about: 'Has an account that the practice locked. Reflux.',
      gender: 'male',
      birthSex: 'M',
      age: 46.9,
      race: 'asian',
      languages: ['en'],
      married: 'D',
      street: '64 Bisbee Road',
      town: ['Coyote Wells', '85098'],
      doctor: 'family2',
      heightCm: 175,
      weightKg: 79,
    }),
    parts: [
      recentCheckup(0.9, { labs: ['lipids'] }),
      {
        problems: [{ key: 'reflux', onset: 2.6 }],
        medicines: [{ drug: 'omeprazole', from: 0.9, for: 'reflux', by: 'family2', dosage: capsule(1, 1) }],
        ...NO_ALLERGIES,
      },
      fluImmunizations(1),
    ],
  },
];
