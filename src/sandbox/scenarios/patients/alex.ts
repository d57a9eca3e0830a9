import { singleVisit } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

export const alex: PatientScenario = {
  persona: {
    key: 'alex',
    username: 'patient17',
    about:
      'Almost empty: one visit, no known allergies; race, ethnicity and a phone number not answered. Shows what an app makes of nothing.',
    covers: ['nearlyEmpty', 'originUntold', 'otherGender', 'absentExtension', 'noAllergies', 'pdf', 'bill'],
    given: ['Alex'],
    family: 'Fallowfield',
    gender: 'other',
    birthSex: 'UNK',
    age: 26.1,
    race: 'unknown',
    hispanic: 'unknown',
    languages: ['en'],
    street: '9 Brittlebush Road',
    town: ['Coyote Wells', '85098'],
    doctor: 'family2',
    noPhone: true,
    heightCm: 172,
    weightKg: 68,
  },
  parts: [
    singleVisit({ kind: 'checkup', at: 0.4, by: 'family2', story: 'New patient. Feels well.' }),
    { allergies: [{ substance: 'none' }] },
  ],
};
