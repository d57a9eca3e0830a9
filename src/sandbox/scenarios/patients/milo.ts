import { growth, leadTest, wellChild } from '../parts/childhood.ts';
import { asNeeded, pill } from '../parts/dosage.ts';
import { childhoodImmunizations } from '../parts/immunizations.ts';
import { singleVisit } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

const MILO = 5.21;

export const milo: PatientScenario = {
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
  parts: [
    growth(MILO, 1.01),
    wellChild(MILO, MILO, 'bornAtTerm'),
    leadTest(MILO),
    childhoodImmunizations(MILO, MILO),
    {
      immunizations: [
        { vaccine: 'influenza', at: 3.12 },
        { vaccine: 'influenza', at: 2.12 },
        { vaccine: 'influenza', at: 0.21, refused: true },
      ],
    },
    singleVisit({
      kind: 'problem',
      at: 4.1,
      by: 'pediatrics',
      acute: ['otitis'],
      vitals: { temperature: 38.8 },
      story: 'Pulls at his ear and cries at night.',
    }),
    singleVisit({
      kind: 'problem',
      at: 1.3,
      by: 'pediatrics',
      declinedVitals: true,
      onlyVitals: [
        'weight',
        'height',
        'bmi',
        'bmiPercentile',
        'headCircumference',
        'headPercentile',
        'weightPercentile',
      ],
      story: 'Came for a letter for kindergarten, and would not be measured.',
    }),
    singleVisit({
      kind: 'problem',
      at: 0.75,
      by: 'pediatrics',
      onlyVitals: ['weight', 'height'],
      coded: ['boneAgeOfFour'],
      story: 'The smallest of his group in kindergarten. His father was, too.',
      plan: 'Grows as before. The X-ray of the hand fits his age. Measure again in half a year.',
    }),
    singleVisit({
      kind: 'problem',
      at: 2.7,
      by: 'pediatrics',
      acute: ['otitis'],
      vitals: { temperature: 38.4 },
      story: 'Ear ache since yesterday after a cold.',
    }),
    singleVisit({
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
          substance: 'peanut',
          onset: 3.4,
          reactions: ['hives', 'swelling', 'vomiting'],
          severity: 'severe',
          category: 'food',
          highRisk: true,
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
          dosage: pill(5, 2, 'for 10 days', 'mL'),
        },
        {
          drug: 'amoxicillinLiquid',
          from: 2.7,
          until: 2.67,
          end: 'completed',
          for: 'otitis',
          by: 'pediatrics',
          quantity: 120,
          dosage: pill(6, 2, 'for 10 days', 'mL'),
        },
        {
          drug: 'epinephrineChild',
          from: 3.4,
          by: 'emergency',
          quantity: 2,
          dosage: asNeeded('One injection into the outer thigh for a severe allergic reaction, then call 911', 1, 24),
        },
        {
          drug: 'hydrocortisone',
          from: 4.5,
          until: 2.2,
          end: 'completed',
          for: 'eczema',
          by: 'pediatrics',
          dosage: {
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
