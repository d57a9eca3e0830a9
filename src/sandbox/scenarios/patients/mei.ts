import { every } from '../calendar.ts';
import { pill } from '../parts/dosage.ts';
import { covidImmunizations, fluImmunizations, immunizations } from '../parts/immunizations.ts';
import { checkups, followUps } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

export const mei: PatientScenario = {
  persona: {
    key: 'mei',
    username: 'patient15',
    about:
      'Rheumatoid arthritis: blood tests every three months, inflammation falling with treatment. Prefers Chinese.',
    covers: [
      'chinese',
      'pastAllergy',
      'dispense',
      'vaccineElsewhere',
      'laboratory',
      'longSeries',
      'pdf',
      'questionnaire',
      'bill',
    ],
    given: ['Mei-Ling'],
    family: 'Paperbark',
    gender: 'female',
    birthSex: 'F',
    age: 46.41,
    race: 'chinese',
    languages: ['zh', 'en'],
    married: 'M',
    street: '18 Manzanita Place',
    town: ['Saguaro Springs', '85099'],
    doctor: 'family',
    heightCm: 158,
    weightKg: 54,
  },
  parts: [
    checkups(4.1, 'family'),
    followUps(every(0.25, 3.4), 'rheumatology', ['arthritis']),
    {
      problems: [{ key: 'arthritis', onset: 3.5 }],
      labs: [
        { panel: 'inflammation', every: 0.25, from: 3.5 },
        { panel: 'bloodCount', every: 0.25, from: 3.4 },
        { panel: 'comprehensive', every: 0.25, from: 3.4 },
      ],
      trends: {
        crp: [
          [3.5, 38],
          [3, 19],
          [2, 8],
          [1, 11],
          [0, 3.5],
        ],
        sedimentation: [
          [3.5, 62],
          [2.5, 34],
          [1, 26],
          [0, 14],
        ],
      },
      medicines: [
        {
          drug: 'prednisone',
          from: 3.4,
          until: 3.1,
          end: 'completed',
          for: 'arthritis',
          by: 'rheumatology',
          quantity: 30,
          dosage: pill(1, 1, 'less each week'),
        },
        {
          drug: 'methotrexate',
          from: 3.4,
          for: 'arthritis',
          by: 'rheumatology',
          dosage: {
            text: 'Take 6 tablets by mouth once a WEEK, on Sundays',
            dose: 6,
            timing: [1, 1, 'wk'],
            asNeeded: false,
          },
        },
        {
          drug: 'hydroxychloroquine',
          from: 1.1,
          for: 'arthritis',
          by: 'rheumatology',
          dosage: pill(1, 2, 'with food'),
        },
      ],
      allergies: [
        { substance: 'egg', onset: 40, reactions: ['hives'], severity: 'mild', category: 'food', state: 'resolved' },
      ],
    },
    fluImmunizations(4),
    covidImmunizations,
    immunizations(['pneumococcal20', 3.1]),
  ],
};
