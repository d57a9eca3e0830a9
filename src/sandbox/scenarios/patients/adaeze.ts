import { pill } from '../parts/dosage.ts';
import { covidImmunizations, fluImmunizations, immunizations } from '../parts/immunizations.ts';
import { checkups, followUps, singleVisit } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

export const adaeze: PatientScenario = {
  persona: {
    key: 'adaeze',
    username: 'patient11',
    about: 'Breast cancer, treated and inactive: specialist letters as PDF, a long course of tablets.',
    covers: [
      'hospital',
      'dispense',
      'wardMedicine',
      'vaccineElsewhere',
      'procedure',
      'imaging',
      'pathology',
      'laboratory',
      'pdf',
      'procedureNote',
      'questionnaire',
      'bill',
    ],
    given: ['Adaeze', 'Ngozi'],
    family: 'Kingfisher',
    prefix: 'Dr.',
    gender: 'female',
    birthSex: 'F',
    age: 58.15,
    race: 'black',
    languages: ['en'],
    married: 'M',
    street: '77 Cottonwood Circle',
    town: ['Saguaro Springs', '85099'],
    doctor: 'family',
    heightCm: 171,
    weightKg: 73,
  },
  parts: [
    checkups(6.2, 'family'),
    followUps([4.9, 4.7, 4.4, 4, 3.5, 3, 2.5, 2, 1.5, 1, 0.5], 'oncology', ['breastCancer'], { kind: 'consult' }),
    singleVisit({
      kind: 'hospital',
      at: 4.8,
      by: 'hospital',
      days: 2,
      reasons: ['breastCancer'],
      labs: ['bloodCount', 'basic'],
      story: 'Planned operation on the left breast.',
      plan: 'Lump removed with clear edges. Wound dry. Radiation begins in four weeks.',
    }),
    {
      problems: [{ key: 'breastCancer', onset: 5, inactive: true }],
      medicines: [{ drug: 'letrozole', from: 4.4, for: 'breastCancer', by: 'oncology', dosage: pill(1, 1) }],
      labs: [{ panel: 'bloodCount', every: 0.4, from: 4.9, until: 3 }],
      trends: {
        hemoglobin: [
          [5, 13.4],
          [4.4, 11.1],
          [3.8, 12.6],
          [0, 13.5],
        ],
        leukocytes: [
          [5, 6.4],
          [4.5, 3.2],
          [4, 5.1],
          [0, 6.2],
        ],
      },
      allergies: [{ substance: 'sulfa', onset: 22, reactions: ['rash'], severity: 'mild' }],
    },
    {
      imaging: [
        {
          study: 'breast',
          at: 5.02,
          by: 'hospital',
          findings: 'A lump of 14 mm in the left breast. A sample is advised.',
        },
        {
          study: 'tissue',
          at: 4.98,
          by: 'oncology',
          findings: 'Invasive ductal carcinoma, hormone receptors positive.',
        },
      ],
      procedures: [
        {
          procedure: 'lumpectomy',
          at: 4.8,
          by: 'hospital',
          for: 'breastCancer',
          note: 'Lump of the left breast removed with clear edges, and two lymph nodes without cancer.',
        },
      ],
    },
    fluImmunizations(6),
    covidImmunizations,
    immunizations(['zoster', 3.2], ['zoster', 2.9]),
  ],
};
