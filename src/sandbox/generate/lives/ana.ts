import { every } from '../calendar.ts';
import { diabetes, hyperlipidemia, hypertension } from '../courses/metabolic.ts';
import { covidShots, fluShots, shots } from '../courses/shots.ts';
import { asNeeded, capsule, pill } from '../courses/sig.ts';
import { checkups, returning, visit } from '../courses/visits.ts';
import type { Course, LifeStory } from '../life.ts';

const BY = 'family' as const;

/** Medicines that changed over the years, and one only meant. */
const medicines: Course = {
  medicines: [
    {
      drug: 'simvastatin',
      from: 5.9,
      until: 5.25,
      end: 'stopped',
      why: 'Side effect: sore muscles',
      for: 'hyperlipidemia',
      by: BY,
      sig: pill(1, 1, 'in the evening'),
    },
    { drug: 'atorvastatin20', from: 5.24, for: 'hyperlipidemia', by: BY, sig: pill(1, 1) },
    { drug: 'hydrochlorothiazide', from: 3.9, for: 'hypertension', by: BY, sig: pill(1, 1, 'in the morning') },
    { drug: 'empagliflozin', from: 1.9, for: 'diabetes', by: BY, sig: pill(1, 1, 'in the morning') },
    { drug: 'aspirin', from: 4.5, reported: true, by: BY, sig: pill(1, 1) },
    {
      drug: 'loratadine',
      from: 3.2,
      reported: true,
      for: 'rhinitis',
      by: BY,
      sig: asNeeded('Take 1 tablet once a day as needed for sneezing', 1, 24),
    },
    {
      drug: 'glargine',
      from: 0.21,
      planned: true,
      for: 'diabetes',
      by: BY,
      sig: {
        text: 'If A1c is above 8 % at two visits: 10 units under the skin at bedtime',
        dose: 10,
        timing: [1, 1, 'd'],
        asNeeded: false,
      },
    },
    {
      drug: 'azithromycin',
      from: 3.43,
      until: 3.41,
      end: 'completed',
      for: 'bronchitis',
      by: BY,
      quantity: 6,
      sig: {
        text: 'Take 2 tablets by mouth on the first day, then 1 tablet a day for 4 days',
        dose: 1,
        timing: [1, 1, 'd'],
        asNeeded: false,
      },
    },
    {
      drug: 'nitrofurantoin',
      from: 2.33,
      until: 2.31,
      end: 'completed',
      for: 'urinaryInfection',
      by: BY,
      quantity: 28,
      sig: capsule(1, 4, 'for 7 days'),
    },
  ],
};

const events: readonly Course[] = [
  visit({
    kind: 'problem',
    at: 3.43,
    by: BY,
    acute: ['bronchitis'],
    acuteDays: 14,
    vitals: { temperature: 38.1, saturation: 96 },
    coded: ['covidNotFound'],
    story: 'Cough for a week, now with fever.',
  }),
  visit({
    kind: 'problem',
    at: 2.33,
    by: BY,
    acute: ['urinaryInfection'],
    coded: ['urineCulture'],
    vitals: { temperature: 37.6 },
    story: 'Burning when passing water for two days.',
  }),
  visit({
    kind: 'emergency',
    at: 4.62,
    by: 'emergency',
    acute: ['ankleSprain'],
    acuteDays: 30,
    vitals: { systolic: 148, pulse: 92 },
    story: 'Twisted her left ankle on a kerb. Can put some weight on it.',
    plan: 'No fracture on the X-ray. Rest, ice, a bandage, and walking as it allows.',
  }),
  visit({
    kind: 'hospital',
    at: 2.72,
    by: 'hospital',
    days: 3,
    results: { crp: 148, sedimentation: 61, leukocytes: 14.6, potassium: 3.7 },
    acute: ['pneumonia'],
    acuteDays: 21,
    reasons: ['diabetes'],
    labs: ['comprehensive', 'bloodCount', 'inflammation'],
    coded: ['covidNotFound'],
    vitals: { temperature: 38.9, saturation: 91, pulse: 108, respirations: 24 },
    story: 'Fever, cough and short breath for three days.',
    plan: 'Better on antibiotics. Home with follow-up in two weeks.',
  }),
  visit({
    kind: 'video',
    at: 1.24,
    by: BY,
    acute: ['sinusitis'],
    story: 'Blocked nose and pressure in the face since Sunday. No fever.',
    plan: 'Salt water rinses. Call if it is no better in a week.',
  }),
  visit({
    kind: 'video',
    at: 0.45,
    by: BY,
    reasons: ['diabetes'],
    story: 'Talks through her blood sugar diary.',
    plan: 'Readings between 95 and 140. No change.',
  }),
  visit({
    kind: 'problem',
    at: 0.98,
    by: BY,
    reasons: ['rhinitis'],
    coded: ['potassiumLost'],
    story: 'Sneezing every spring.',
  }),
];

const background: Course = {
  problems: [
    { key: 'obesity', onset: 7.9 },
    { key: 'prediabetes', onset: 7.8, resolved: 5.9 },
    { key: 'rhinitis', onset: 12 },
    { key: 'foodInsecurity', onset: 3.9, resolved: 1.9, concern: true },
    { key: 'livesAlone', onset: 2.5, concern: true },
  ],
  allergies: [
    { to: 'penicillin', onset: 31, reactions: ['hives', 'itching'], severity: 'moderate', high: true },
    { to: 'shellfish', onset: 14, reactions: ['swelling'], severity: 'moderate', category: 'food', high: true },
    { to: 'latex', onset: 15, reactions: ['rash'], severity: 'mild', category: 'environment', state: 'resolved' },
    { to: 'sulfa', onset: 9, reactions: ['rash'], severity: 'mild', state: 'refuted' },
  ],
  surveys: [
    {
      survey: 'hunger',
      every: 1.9,
      from: 3.95,
      points: [
        [3.9, 1],
        [2, 0],
      ],
    },
  ],
  vitals: {
    weight: [
      [8, 84],
      [5.9, 88],
      [4, 83.5],
      [2, 86],
      [0, 80.5],
    ],
  },
};

export const ana: LifeStory = {
  persona: {
    key: 'ana',
    username: 'patientapitest',
    about: 'The main test patient: diabetes and blood pressure over years, and every kind of data there is.',
    given: ['Ana', 'Marisol'],
    family: 'Larkspur',
    prefix: 'Ms.',
    gender: 'female',
    birthSex: 'F',
    age: 52.36,
    race: 'white',
    hispanic: 'mexican',
    languages: ['en', 'es'],
    married: 'D',
    street: '14 Creosote Lane',
    town: ['Saguaro Springs', '85099'],
    doctor: BY,
    heightCm: 163,
    weightKg: 84,
    smoking: 'former',
    mistake: true,
    contact: { given: 'Lucia', family: 'Larkspur', relation: 'daughter' },
  },
  courses: [
    checkups(7.9, BY),
    hypertension(
      5.9,
      [
        [8, 136],
        [5.9, 146],
        [5, 134],
        [3.9, 137],
        [2, 128],
        [0, 124],
      ],
      BY,
    ),
    hyperlipidemia(5.9, [
      [8, 226],
      [5.9, 238],
      [5, 182],
      [0, 166],
    ]),
    diabetes(
      5.9,
      [
        [8, 5.9],
        [5.9, 8.9],
        [5.2, 7.5],
        [4, 6.9],
        [3, 7.3],
        [2, 8.2],
        [1.4, 7.2],
        [0, 6.7],
      ],
      BY,
    ),
    returning(every(1, 5.57), BY, ['diabetes', 'hypertension']),
    returning(every(1, 5.24), BY, ['diabetes', 'hyperlipidemia']),
    medicines,
    ...events,
    background,
    fluShots(8, [4]),
    covidShots,
    shots(['tdap', 6.9], ['pneumococcal20', 1.9], ['zoster', 1.9], ['zoster', 1.57]),
  ],
};
