import { every } from '../calendar.ts';
import { pill } from '../parts/dosage.ts';
import { covidImmunizations, fluImmunizations, immunizations } from '../parts/immunizations.ts';
import { hypothyroidism } from '../parts/metabolic.ts';
import { checkups, followUps } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

export const ingrid: PatientScenario = {
  persona: {
    key: 'ingrid',
    username: 'patient14',
    about: 'Atrial fibrillation: two years of INR values every month, then a newer blood thinner; thyroid.',
    covers: [
      'stopped',
      'dispense',
      'vaccineElsewhere',
      'laboratory',
      'longSeries',
      'pdf',
      'questionnaire',
      'medicare',
      'bill',
    ],
    given: ['Ingrid', 'Solveig'],
    family: 'Snowberry',
    gender: 'female',
    birthSex: 'F',
    age: 75.1,
    race: 'white',
    languages: ['en'],
    married: 'M',
    street: '15 Larkspur Hill',
    town: ['Saguaro Springs', '85099'],
    doctor: 'family',
    heightCm: 169,
    weightKg: 67,
  },
  parts: [
    checkups(5.6, 'family'),
    hypothyroidism(
      9,
      [
        [6, 2.8],
        [0, 2.2],
      ],
      'family',
    ),
    followUps(every(1 / 12, 3.4, 1.4), 'family', ['fibrillation'], {
      onlyVitals: ['pulse', 'systolic', 'diastolic'],
      labs: ['clotting'],
    }),
    followUps([1.35, 0.85, 0.35], 'cardiology', ['fibrillation'], { kind: 'consult' }),
    {
      problems: [{ key: 'fibrillation', onset: 3.5 }],
      trends: {
        inr: [
          [3.4, 1.6],
          [3.2, 2.3],
          [2.6, 2.9],
          [2.4, 2.2],
          [1.4, 2.6],
        ],
      },
      medicines: [
        {
          drug: 'warfarin',
          from: 3.4,
          until: 1.35,
          end: 'stopped',
          endReason: 'Changed to apixaban',
          for: 'fibrillation',
          by: 'family',
          dosage: pill(1, 1, 'in the evening'),
        },
        { drug: 'apixaban', from: 1.35, for: 'fibrillation', by: 'cardiology', dosage: pill(1, 2) },
        { drug: 'metoprolol100', from: 3.4, for: 'fibrillation', by: 'family', dosage: pill(1, 1) },
      ],
      allergies: [{ substance: 'latex', onset: 30, reactions: ['rash'], severity: 'mild', category: 'environment' }],
    },
    fluImmunizations(5),
    covidImmunizations,
    immunizations(['pneumococcal20', 4.6]),
  ],
};
