import { pill } from '../parts/dosage.ts';
import { covidImmunizations, fluImmunizations } from '../parts/immunizations.ts';
import { hyperlipidemia } from '../parts/metabolic.ts';
import { checkups, followUps } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

export const fatima: PatientScenario = {
  persona: {
    key: 'fatima',
    username: 'patient20',
    about: 'Low iron: blood counts before and after treatment, acid reflux. Prefers Arabic.',
    covers: [
      'arabic',
      'resolved',
      'noAllergies',
      'dispense',
      'vaccineRefused',
      'vaccineElsewhere',
      'laboratory',
      'pdf',
      'questionnaire',
      'bill',
    ],
    given: ['Fatima', 'Zahra'],
    family: 'Saffronfield',
    gender: 'female',
    birthSex: 'F',
    age: 41.05,
    race: 'arab',
    languages: ['ar', 'en'],
    married: 'M',
    street: '12 Verbena Street',
    town: ['Saguaro Springs', '85099'],
    doctor: 'family',
    heightCm: 165,
    weightKg: 69,
  },
  parts: [
    checkups(3.9, 'family'),
    hyperlipidemia(2.9, [
      [3, 212],
      [0, 196],
    ]),
    followUps([1.6, 1.35, 1.1, 0.7, 0.3], 'family', ['ironDeficiency', 'reflux']),
    {
      problems: [
        { key: 'ironDeficiency', onset: 1.65, resolved: 0.7 },
        { key: 'reflux', onset: 1.2 },
      ],
      labs: [
        { panel: 'iron', every: 0.2, from: 1.65 },
        { panel: 'bloodCount', every: 0.2, from: 1.65 },
      ],
      trends: {
        hemoglobin: [
          [3, 12.6],
          [1.65, 9.6],
          [1.1, 12],
          [0, 13],
        ],
        ferritin: [
          [1.65, 5],
          [0.7, 34],
          [0, 52],
        ],
        mcv: [
          [3, 87],
          [1.65, 72],
          [0.7, 85],
        ],
        ironSaturation: [
          [1.65, 8],
          [0.7, 24],
        ],
      },
      medicines: [
        {
          drug: 'iron',
          from: 1.6,
          until: 0.7,
          end: 'completed',
          for: 'ironDeficiency',
          by: 'family',
          dosage: { text: 'Take 1 tablet by mouth every other day', dose: 1, timing: [1, 2, 'd'], asNeeded: false },
        },
        {
          drug: 'omeprazole',
          from: 1.1,
          for: 'reflux',
          by: 'family',
          dosage: pill(1, 1, 'before breakfast', 'capsule'),
        },
      ],
      allergies: [{ substance: 'none' }],
    },
    fluImmunizations(3, [1]),
    covidImmunizations,
  ],
};
