import { every } from '../calendar.ts';
import { hypertension } from '../courses/metabolic.ts';
import { covidShots, fluShots } from '../courses/shots.ts';
import { pill } from '../courses/sig.ts';
import { checkups, returning } from '../courses/visits.ts';
import type { LifeStory } from '../life.ts';

export const ramon: LifeStory = {
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
  courses: [
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
    returning(every(0.5, 4.4, 0.2), 'family2', ['hypertension', 'gout']),
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
      medicines: [{ drug: 'allopurinol', from: 3.7, for: 'gout', by: 'family2', sig: pill(2, 1) }],
      allergies: [{ to: 'none' }],
    },
    fluShots(4, [3]),
    covidShots,
  ],
};
