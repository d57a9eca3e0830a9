import { every } from '../calendar.ts';
import { pill } from '../parts/dosage.ts';
import { covidImmunizations, fluImmunizations } from '../parts/immunizations.ts';
import { hypertension } from '../parts/metabolic.ts';
import { checkups, followUps } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

export const ramon: PatientScenario = {
  persona: {
    key: 'ramon',
    username: 'patient09',
    about: 'Speaks Spanish only; blood pressure, gout, and not always enough to eat (SDOH).',
    covers: [
      'accents',
      'spanish',
      'concern',
      'noAllergies',
      'dispense',
      'vaccineRefused',
      'vaccineElsewhere',
      'laboratory',
      'pdf',
      'questionnaire',
      'social',
      'bill',
    ],
    given: ['Ramón'],
    family: 'Ocotillo',
    gender: 'male',
    birthSex: 'M',
    age: 61.77,
    race: 'white',
    hispanic: 'mexican',
    languages: ['es'],
    interpreter: true,
    married: 'W',
    street: '402 Agave Road',
    town: ['Coyote Wells', '85098'],
    doctor: 'family2',
    heightCm: 170,
    weightKg: 79,
    smoking: 'never',
  },
  parts: [
    checkups(4.7, 'family2'),
    hypertension(
      6,
      [
        [6, 150],
        [4, 142],
        [0, 134],
      ],
      'family2',
    ),
    followUps(every(0.5, 4.4, 0.2), 'family2', ['hypertension', 'gout']),
    {
      problems: [
        { key: 'gout', onset: 3.8, inactive: true },
        { key: 'foodInsecurity', onset: 2.7, concern: true },
      ],
      labs: [{ panel: 'urate', every: 0.9, from: 3.9 }],
      trends: {
        urate: [
          [4, 9.1],
          [3.2, 6.8],
          [0, 5.7],
        ],
      },
      surveys: [
        {
          survey: 'hunger',
          every: 0.9,
          from: 3.7,
          points: [
            [3.7, 0],
            [2.7, 1],
            [0, 1],
          ],
        },
      ],
      medicines: [{ drug: 'allopurinol', from: 3.7, for: 'gout', by: 'family2', dosage: pill(2, 1) }],
      allergies: [{ substance: 'none' }],
    },
    fluImmunizations(4, [3]),
    covidImmunizations,
  ],
};
