import { covidShots, fluShots } from '../courses/shots.ts';
import { asNeeded, pill } from '../courses/sig.ts';
import { checkups, returning } from '../courses/visits.ts';
import type { LifeStory } from '../life.ts';

export const priya: LifeStory = {
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
  courses: [
    checkups(3.3, 'family2'),
    returning([2.9, 2.6, 1.1], 'family2', ['migraine']),
    returning([2.2, 1.7, 0.6], 'family2', ['migraine'], { kind: 'video' }),
    {
      problems: [{ key: 'migraine', onset: 9 }],
      medicines: [
        {
          drug: 'naproxen',
          from: 2.9,
          for: 'migraine',
          by: 'family2',
          quantity: 30,
          sig: asNeeded('Take 1 tablet at the first sign of a migraine; may take 1 more after 12 hours', 1, 12),
        },
        {
          drug: 'metoprolol25',
          from: 2.6,
          until: 1.1,
          end: 'stopped',
          why: 'Side effect: dizzy',
          for: 'migraine',
          by: 'family2',
          sig: pill(1, 1),
        },
      ],
      allergies: [{ to: 'none' }],
      relatives: [
        { relation: 'mother', age: 61, had: [{ key: 'migraine', at: 20 }] },
        { relation: 'maternalGrandmother', died: 84, had: [{ key: 'alzheimer', at: 77 }] },
        { relation: 'father' },
      ],
    },
    fluShots(3),
    covidShots,
  ],
};
