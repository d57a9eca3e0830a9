import { every } from '../calendar.ts';
import { hypothyroidism } from '../courses/metabolic.ts';
import { covidShots, fluShots, shots } from '../courses/shots.ts';
import { pill } from '../courses/sig.ts';
import { checkups, returning } from '../courses/visits.ts';
import type { LifeStory } from '../life.ts';

export const claire: LifeStory = {
  persona: {
    key: 'claire',
    username: 'patient07',
    about: 'Another family name before (Rosewood), thyroid and anxiety; mother of Milo and June.',
    covers: [
      'represents',
      'formerName',
      'video',
      'noAllergies',
      'dispense',
      'vaccineElsewhere',
      'laboratory',
      'pdf',
      'questionnaire',
      'score',
      'bill',
    ],
    given: ['Claire', 'Elise'],
    family: 'Meadowlark',
    formerly: { family: 'Rosewood', until: 8.4 },
    calledBy: 'Clary',
    gender: 'female',
    birthSex: 'F',
    age: 37.62,
    race: 'white',
    languages: ['en'],
    married: 'M',
    street: '220 Juniper Street',
    town: ['Saguaro Springs', '85099'],
    doctor: 'family',
    heightCm: 168,
    weightKg: 66,
  },
  courses: [
    checkups(5.8, 'family'),
    hypothyroidism(
      4.8,
      [
        [6, 3.4],
        [4.8, 9.1],
        [4.2, 4.6],
        [3.5, 2.4],
        [0, 2.1],
      ],
      'family',
    ),
    returning(every(0.5, 4.55, 0.1), 'family', ['hypothyroidism']),
    returning([2.6, 2.4, 2.1, 1.6], 'psychiatry', ['anxiety'], { kind: 'video' }),
    {
      problems: [{ key: 'anxiety', onset: 2.7 }],
      surveys: [
        {
          survey: 'gad7',
          every: 0.15,
          from: 2.65,
          points: [
            [2.6, 15],
            [2.1, 9],
            [1.6, 5],
            [0, 3],
          ],
        },
      ],
      medicines: [
        { drug: 'sertraline50', from: 2.6, for: 'anxiety', by: 'psychiatry', sig: pill(1, 1, 'in the morning') },
      ],
      allergies: [{ to: 'none' }],
    },
    fluShots(5),
    covidShots,
    shots(['tdap', 0.72]),
  ],
};
