import { every } from '../calendar.ts';
import { pill, puffs } from '../parts/dosage.ts';
import { covidImmunizations } from '../parts/immunizations.ts';
import { checkups, followUps, singleVisit } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

export const harold: PatientScenario = {
  persona: {
    key: 'harold',
    username: 'patient08',
    about: 'Died in hospital: an ended record, heart failure and COPD, the last stay with its discharge summary.',
    covers: [
      'deceased',
      'hospital',
      'highRiskAllergy',
      'wardMedicine',
      'vaccineElsewhere',
      'laboratory',
      'codedResult',
      'longSeries',
      'pdf',
      'questionnaire',
      'medicare',
    ],
    given: ['Harold', 'Edwin'],
    family: 'Winterbourne',
    prefix: 'Mr.',
    gender: 'male',
    birthSex: 'M',
    age: 88.3,
    died: 0.71,
    race: 'white',
    languages: ['en'],
    married: 'W',
    street: '2 Tumbleweed Court',
    town: ['Coyote Wells', '85098'],
    doctor: 'family2',
    heightCm: 174,
    weightKg: 76,
    smoking: 'former',
    contact: { given: 'Ruth', family: 'Winterbourne', relation: 'daughter' },
  },
  parts: [
    checkups(5.9, 'family2', 1),
    followUps(every(0.25, 4.3, 1), 'cardiology', ['heartFailure', 'copd'], { kind: 'consult' }),
    singleVisit({
      kind: 'hospital',
      at: 2.4,
      by: 'hospital',
      days: 4,
      reasons: ['heartFailure'],
      labs: ['comprehensive', 'heartStrain'],
      coded: ['ejectionReduced'],
      vitals: { saturation: 89, respirations: 26 },
      story: 'Short of breath, cannot lie flat.',
      plan: 'Water tablets doubled. Home with his daughter.',
    }),
    singleVisit({
      kind: 'hospital',
      at: 0.728,
      by: 'hospital',
      days: 6,
      died: true,
      results: { leukocytes: 15.4, sodium: 131, albumin: 2.9 },
      acute: ['pneumonia'],
      acuteDays: 6,
      reasons: ['heartFailure', 'copd'],
      labs: ['comprehensive', 'bloodCount', 'heartStrain'],
      coded: ['ejectionPoor', 'covidNotFound'],
      vitals: { saturation: 84, respirations: 32, temperature: 38.6, systolic: 96 },
      story: 'Fever and confusion, brought by his daughter.',
      plan: 'Comfort care as he wished. Died with his family present.',
    }),
    {
      problems: [
        { key: 'heartFailure', onset: 4.4 },
        { key: 'copd', onset: 11 },
      ],
      labs: [
        { panel: 'heartStrain', every: 0.5, from: 4.4 },
        { panel: 'basic', every: 0.25, from: 4.4 },
      ],
      trends: {
        ntProBnp: [
          [4.4, 1900],
          [3, 1300],
          [2.4, 3400],
          [1.5, 2100],
          [0.7, 6800],
        ],
        creatinine: [
          [4.4, 1.2],
          [0.7, 1.9],
        ],
      },
      vitals: {
        saturation: [
          [5, 95],
          [0.7, 91],
        ],
        weight: [
          [6, 79],
          [2.4, 83],
          [2.3, 78],
          [0.7, 72],
        ],
      },
      medicines: [
        { drug: 'furosemide', from: 4.3, for: 'heartFailure', by: 'cardiology', dosage: pill(1, 1, 'in the morning') },
        { drug: 'losartan', from: 4.3, for: 'heartFailure', by: 'cardiology', dosage: pill(1, 1) },
        { drug: 'salmeterol', from: 5.9, for: 'copd', by: 'family2', dosage: puffs(1, 2) },
      ],
      allergies: [
        { substance: 'penicillin', onset: 60, reactions: ['anaphylaxis'], severity: 'severe', highRisk: true },
      ],
      relatives: [{ relation: 'brother', died: 58, conditions: [{ key: 'heartAttack', at: 58, fatal: true }] }],
    },
    { immunizations: [0.09, 1.09, 2.09, 3.09, 4.09].map((ago) => ({ vaccine: 'influenza' as const, at: ago + 1 })) },
    covidImmunizations,
  ],
};
