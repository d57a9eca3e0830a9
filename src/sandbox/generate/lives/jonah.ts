import { covidShots, fluShots } from '../courses/shots.ts';
import { capsule, pill } from '../courses/sig.ts';
import { checkups, returning } from '../courses/visits.ts';
import type { LifeStory } from '../life.ts';

export const jonah: LifeStory = {
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
  courses: [
    checkups(3.6, 'family'),
    returning([2.5, 2.42, 2.3, 2.1, 1.85, 1.6, 1.35, 1.1, 0.85, 0.5, 0.2], 'psychiatry', ['depression'], {
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
          why: 'Side effect: could not sleep',
          for: 'depression',
          by: 'psychiatry',
          sig: capsule(1, 1, 'in the morning'),
        },
        {
          drug: 'sertraline50',
          from: 2.1,
          until: 1.6,
          end: 'completed',
          for: 'depression',
          by: 'psychiatry',
          sig: pill(1, 1),
        },
        { drug: 'sertraline100', from: 1.6, for: 'depression', by: 'psychiatry', sig: pill(1, 1) },
      ],
      allergies: [{ to: 'none' }],
    },
    covidShots,
    fluShots(2),
  ],
};
