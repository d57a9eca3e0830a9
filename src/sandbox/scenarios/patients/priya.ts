import { asNeeded, pill } from '../parts/dosage.ts';
import { covidImmunizations, fluImmunizations } from '../parts/immunizations.ts';
import { checkups, followUps } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

export const priya: PatientScenario = {
  persona: {
    key: 'priya',
    username: 'patient16',
    about: 'Migraine: medicines for attacks and to prevent them, office and video visits.',
    covers: [
      'video',
      'noAllergies',
      'stopped',
      'dispense',
      'vaccineElsewhere',
      'laboratory',
      'pdf',
      'questionnaire',
      'bill',
    ],
    given: ['Priya'],
    family: 'Goldcrest',
    gender: 'female',
    birthSex: 'F',
    age: 37.2,
    race: 'asianIndian',
    languages: ['en'],
    married: 'M',
    street: '61 Bluebird Lane',
    town: ['Saguaro Springs', '85099'],
    doctor: 'family2',
    heightCm: 162,
    weightKg: 58,
  },
  parts: [
    checkups(3.3, 'family2'),
    followUps([2.9, 2.6, 1.1], 'family2', ['migraine']),
    followUps([2.2, 1.7, 0.6], 'family2', ['migraine'], { kind: 'video' }),
    {
      problems: [{ key: 'migraine', onset: 9 }],
      medicines: [
        {
          drug: 'naproxen',
          from: 2.9,
          for: 'migraine',
          by: 'family2',
          quantity: 30,
          dosage: asNeeded('Take 1 tablet at the first sign of a migraine; may take 1 more after 12 hours', 1, 12),
        },
        {
          drug: 'metoprolol25',
          from: 2.6,
          until: 1.1,
          end: 'stopped',
          endReason: 'Side effect: dizzy',
          for: 'migraine',
          by: 'family2',
          dosage: pill(1, 1),
        },
      ],
      allergies: [{ substance: 'none' }],
      relatives: [
        { relation: 'mother', age: 61, conditions: [{ key: 'migraine', at: 20 }] },
        { relation: 'maternalGrandmother', died: 84, conditions: [{ key: 'alzheimer', at: 77 }] },
        { relation: 'father' },
      ],
    },
    fluImmunizations(3),
    covidImmunizations,
  ],
};
