import { every } from '../calendar.ts';
import { pill } from '../parts/dosage.ts';
import { covidImmunizations, fluImmunizations, immunizations } from '../parts/immunizations.ts';
import { hypothyroidism } from '../parts/metabolic.ts';
import { checkups, followUps } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

export const claire: PatientScenario = {
  persona: {
    key: 'claire',
    username: 'patient07',
    about: 'Another family name before (Rosewood), thyroid and anxiety; mother of Milo and June.',
    covers: [
      'represents',
      'formerName',
      'video',
      'noAllergies',
      'dispense',
      'vaccineElsewhere',
      'laboratory',
      'pdf',
      'questionnaire',
      'score',
      'bill',
    ],
    given: ['Claire', 'Elise'],
    family: 'Meadowlark',
    formerly: { family: 'Rosewood', until: 8.4 },
    calledBy: 'Clary',
    gender: 'female',
    birthSex: 'F',
    age: 37.62,
    race: 'white',
    languages: ['en'],
    married: 'M',
    street: '220 Juniper Street',
    town: ['Saguaro Springs', '85099'],
    doctor: 'family',
    heightCm: 168,
    weightKg: 66,
  },
  parts: [
    checkups(5.8, 'family'),
    hypothyroidism(
      4.8,
      [
        [6, 3.4],
        [4.8, 9.1],
        [4.2, 4.6],
        [3.5, 2.4],
        [0, 2.1],
      ],
      'family',
    ),
    followUps(every(0.5, 4.55, 0.1), 'family', ['hypothyroidism']),
    followUps([2.6, 2.4, 2.1, 1.6], 'psychiatry', ['anxiety'], { kind: 'video' }),
    {
      problems: [{ key: 'anxiety', onset: 2.7 }],
      surveys: [
        {
          survey: 'gad7',
          every: 0.15,
          from: 2.65,
          points: [
            [2.6, 15],
            [2.1, 9],
            [1.6, 5],
            [0, 3],
          ],
        },
      ],
      medicines: [
        { drug: 'sertraline50', from: 2.6, for: 'anxiety', by: 'psychiatry', dosage: pill(1, 1, 'in the morning') },
      ],
      allergies: [{ substance: 'none' }],
    },
    fluImmunizations(5),
    covidImmunizations,
    immunizations(['tdap', 0.72]),
  ],
};
