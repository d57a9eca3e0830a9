import { every } from '../calendar.ts';
import { pill } from '../parts/dosage.ts';
import { covidImmunizations, fluImmunizations, immunizations } from '../parts/immunizations.ts';
import { checkups, followUps } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

export const eleanor: PatientScenario = {
  persona: {
    key: 'eleanor',
    username: 'patient10',
    about: "Alzheimer's disease: memory scores falling, osteoporosis, a daughter as contact.",
    covers: [
      'concern',
      'noAllergies',
      'reported',
      'dispense',
      'vaccineElsewhere',
      'imaging',
      'laboratory',
      'pdf',
      'questionnaire',
      'score',
      'social',
      'medicare',
      'bill',
    ],
    given: ['Eleanor', 'May'],
    family: 'Quincewood',
    prefix: 'Mrs.',
    gender: 'female',
    birthSex: 'F',
    age: 83.9,
    race: 'white',
    languages: ['en'],
    married: 'W',
    street: '40 Sycamore Row',
    town: ['Saguaro Springs', '85099'],
    doctor: 'family',
    heightCm: 157,
    weightKg: 58,
    contact: { given: 'Margaret', family: 'Ashcombe', relation: 'daughter' },
  },
  parts: [
    checkups(6.4, 'family'),
    followUps(every(0.5, 4.1), 'family', ['alzheimer', 'osteoporosis']),
    {
      problems: [
        { key: 'alzheimer', onset: 4.2 },
        { key: 'osteoporosis', onset: 9 },
        { key: 'kneeArthrosis', onset: 12 },
        { key: 'livesAlone', onset: 7, resolved: 3.1, concern: true },
      ],
      surveys: [
        {
          survey: 'memory',
          every: 0.5,
          from: 4.4,
          points: [
            [4.4, 24],
            [3, 21],
            [1.5, 18],
            [0, 14],
          ],
        },
      ],
      vitals: {
        weight: [
          [6.4, 62],
          [3, 59],
          [0, 54],
        ],
      },
      medicines: [
        { drug: 'donepezil', from: 4, for: 'alzheimer', by: 'family', dosage: pill(1, 1, 'at bedtime') },
        {
          drug: 'alendronate',
          from: 6.4,
          until: 1.4,
          end: 'completed',
          for: 'osteoporosis',
          by: 'family',
          dosage: pill(1, 1, 'with a full glass of water, staying upright'),
        },
        { drug: 'acetaminophen', from: 5, reported: true, for: 'kneeArthrosis', by: 'family', dosage: pill(2, 3) },
      ],
      allergies: [{ substance: 'none' }],
    },
    {
      imaging: [
        { study: 'bone', at: 1.4, by: 'hospital', findings: 'T-score of the hip -2.6: osteoporosis, little changed.' },
      ],
    },
    fluImmunizations(6),
    covidImmunizations,
    immunizations(['pneumococcal20', 4.1], ['zoster', 5.4], ['zoster', 5.15]),
  ],
};
