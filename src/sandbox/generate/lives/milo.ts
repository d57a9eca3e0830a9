import { growth, leadTest, wellChild } from '../courses/childhood.ts';
import { childhoodShots } from '../courses/shots.ts';
import { asNeeded, pill } from '../courses/sig.ts';
import { visit } from '../courses/visits.ts';
import type { LifeStory } from '../life.ts';

const MILO = 5.21;

export const milo: LifeStory = {
  persona: {
    key: 'milo',
    username: 'patient04',
    about:
      'A child of five: growth with percentiles, all vaccines and one turned down, peanut allergy, ear infections.',
    covers: [
      'guardian',
      'absentCode',
      'growth',
      'emergency',
      'resolved',
      'highRiskAllergy',
      'dispense',
      'vaccineRefused',
    ],
    given: ['Milo', 'Rowan'],
    family: 'Meadowlark',
    gender: 'male',
    birthSex: 'M',
    sex: 'code',
    age: MILO,
    race: 'white',
    languages: ['en'],
    street: '220 Juniper Street',
    town: ['Saguaro Springs', '85099'],
    doctor: 'pediatrics',
    heightCm: 110,
    weightKg: 18.6,
    contact: { given: 'Claire', family: 'Meadowlark', relation: 'mother', represents: 'claire' },
  },
  courses: [
    growth(MILO, 1.01),
    wellChild(MILO, MILO, 'bornAtTerm'),
    leadTest(MILO),
    childhoodShots(MILO, MILO),
    {
      immunizations: [
        { vaccine: 'influenza', at: 3.12 },
        { vaccine: 'influenza', at: 2.12 },
        { vaccine: 'influenza', at: 0.21, refused: true },
      ],
    },
    visit({
      kind: 'problem',
      at: 4.1,
      by: 'pediatrics',
      acute: ['otitis'],
      vitals: { temperature: 38.8 },
      story: 'Pulls at his ear and cries at night.',
    }),
    visit({
      kind: 'problem',
      at: 1.3,
      by: 'pediatrics',
      declined: true,
      only: ['weight', 'height', 'bmi', 'bmiPercentile', 'headCircumference', 'headPercentile', 'weightPercentile'],
      story: 'Came for a letter for kindergarten, and would not be measured.',
    }),
    visit({
      kind: 'problem',
      at: 0.75,
      by: 'pediatrics',
      only: ['weight', 'height'],
      coded: ['boneAgeOfFour'],
      story: 'The smallest of his group in kindergarten. His father was, too.',
      plan: 'Grows as before. The X-ray of the hand fits his age. Measure again in half a year.',
    }),
    visit({
      kind: 'problem',
      at: 2.7,
      by: 'pediatrics',
      acute: ['otitis'],
      vitals: { temperature: 38.4 },
      story: 'Ear ache since yesterday after a cold.',
    }),
    visit({
      kind: 'emergency',
      at: 3.4,
      by: 'emergency',
      vitals: { saturation: 95, pulse: 132 },
      story: 'Hives and swollen lips ten minutes after a peanut cookie.',
      plan: 'Epinephrine given, well after four hours. Avoid peanuts; carry an auto-injector.',
    }),
    {
      problems: [{ key: 'eczema', onset: 4.6, resolved: 2.2 }],
      allergies: [
        {
          to: 'peanut',
          onset: 3.4,
          reactions: ['hives', 'swelling', 'vomiting'],
          severity: 'severe',
          category: 'food',
          high: true,
        },
      ],
      medicines: [
        {
          drug: 'amoxicillinLiquid',
          from: 4.1,
          until: 4.07,
          end: 'completed',
          for: 'otitis',
          by: 'pediatrics',
          quantity: 100,
          sig: pill(5, 2, 'for 10 days', 'mL'),
        },
        {
          drug: 'amoxicillinLiquid',
          from: 2.7,
          until: 2.67,
          end: 'completed',
          for: 'otitis',
          by: 'pediatrics',
          quantity: 120,
          sig: pill(6, 2, 'for 10 days', 'mL'),
        },
        {
          drug: 'epinephrineChild',
          from: 3.4,
          by: 'emergency',
          quantity: 2,
          sig: asNeeded('One injection into the outer thigh for a severe allergic reaction, then call 911', 1, 24),
        },
        {
          drug: 'hydrocortisone',
          from: 4.5,
          until: 2.2,
          end: 'completed',
          for: 'eczema',
          by: 'pediatrics',
          sig: {
            text: 'Put a thin layer on the red patches twice a day',
            dose: 1,
            timing: [2, 1, 'd'],
            asNeeded: true,
          },
        },
      ],
    },
  ],
};
