import { capsule, pill } from '../parts/dosage.ts';
import { covidImmunizations, fluImmunizations } from '../parts/immunizations.ts';
import { checkups, followUps } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

export const jonah: PatientScenario = {
  persona: {
    key: 'jonah',
    username: 'patient12',
    about:
      'Depression seen over video: virtual visits, PHQ-9 scores, a medicine that was changed. Diagnoses and medicines have sensitive labels (PSY).',
    covers: [
      'sensitive',
      'video',
      'noAllergies',
      'stopped',
      'dispense',
      'vaccineElsewhere',
      'laboratory',
      'pdf',
      'questionnaire',
      'score',
      'bill',
    ],
    given: ['Jonah', 'Micah'],
    family: 'Silverbirch',
    gender: 'male',
    birthSex: 'M',
    age: 34.02,
    race: 'white',
    languages: ['en'],
    married: 'S',
    street: '5 Desert Willow Way, Apartment 2',
    town: ['Saguaro Springs', '85099'],
    doctor: 'family',
    heightCm: 176,
    weightKg: 74,
  },
  parts: [
    checkups(3.6, 'family'),
    followUps([2.5, 2.42, 2.3, 2.1, 1.85, 1.6, 1.35, 1.1, 0.85, 0.5, 0.2], 'psychiatry', ['depression'], {
      kind: 'video',
    }),
    {
      problems: [{ key: 'depression', onset: 2.55, sensitive: 'PSY' }],
      surveys: [
        {
          survey: 'phq9',
          every: 0.05,
          from: 2.55,
          points: [
            [2.6, 18],
            [2.3, 16],
            [2, 11],
            [1.3, 7],
            [0.8, 9],
            [0, 3],
          ],
        },
      ],
      medicines: [
        {
          drug: 'fluoxetine',
          from: 2.5,
          until: 2.1,
          end: 'stopped',
          endReason: 'Side effect: could not sleep',
          for: 'depression',
          by: 'psychiatry',
          dosage: capsule(1, 1, 'in the morning'),
        },
        {
          drug: 'sertraline50',
          from: 2.1,
          until: 1.6,
          end: 'completed',
          for: 'depression',
          by: 'psychiatry',
          dosage: pill(1, 1),
        },
        { drug: 'sertraline100', from: 1.6, for: 'depression', by: 'psychiatry', dosage: pill(1, 1) },
      ],
      allergies: [{ substance: 'none' }],
    },
    covidImmunizations,
    fluImmunizations(2),
  ],
};
