import { every } from '../calendar.ts';
import { hypothyroidism } from '../courses/metabolic.ts';
import { covidShots, fluShots, shots } from '../courses/shots.ts';
import { pill } from '../courses/sig.ts';
import { checkups, returning } from '../courses/visits.ts';
import type { LifeStory } from '../life.ts';

export const ingrid: LifeStory = {
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
  courses: [
    checkups(5.6, 'family'),
    hypothyroidism(
      9,
      [
        [6, 2.8],
        [0, 2.2],
      ],
      'family',
    ),
    returning(every(1 / 12, 3.4, 1.4), 'family', ['fibrillation'], {
      only: ['pulse', 'systolic', 'diastolic'],
      labs: ['clotting'],
    }),
    returning([1.35, 0.85, 0.35], 'cardiology', ['fibrillation'], { kind: 'consult' }),
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
          why: 'Changed to apixaban',
          for: 'fibrillation',
          by: 'family',
          sig: pill(1, 1, 'in the evening'),
        },
        { drug: 'apixaban', from: 1.35, for: 'fibrillation', by: 'cardiology', sig: pill(1, 2) },
        { drug: 'metoprolol100', from: 3.4, for: 'fibrillation', by: 'family', sig: pill(1, 1) },
      ],
      allergies: [{ to: 'latex', onset: 30, reactions: ['rash'], severity: 'mild', category: 'environment' }],
    },
    fluShots(5),
    covidShots,
    shots(['pneumococcal20', 4.6]),
  ],
};
