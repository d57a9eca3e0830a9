import { pill } from '../parts/dosage.ts';
import { covidImmunizations, fluImmunizations } from '../parts/immunizations.ts';
import { hyperlipidemia, hypertension } from '../parts/metabolic.ts';
import { checkups, followUps, singleVisit } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

export const leonard: PatientScenario = {
  persona: {
    key: 'leonard',
    username: 'patient19',
    about: 'Heart attack three years ago: hospital stay with troponin, many heart medicines, cholesterol brought down.',
    covers: [
      'hospital',
      'noAllergies',
      'dispense',
      'wardMedicine',
      'vaccineElsewhere',
      'implant',
      'procedure',
      'cardiology',
      'laboratory',
      'pdf',
      'procedureNote',
      'questionnaire',
      'bill',
    ],
    given: ['Leonard', 'Ray'],
    family: 'Redwillow',
    suffix: 'Jr.',
    gender: 'male',
    birthSex: 'M',
    age: 63.25,
    race: 'navajo',
    tribe: 'navajo',
    languages: ['en'],
    married: 'M',
    street: '6 Canyon Wren Road',
    town: ['Coyote Wells', '85098'],
    doctor: 'family2',
    heightCm: 175,
    weightKg: 88,
    smoking: 'former',
  },
  parts: [
    {
      devices: [{ device: 'stent', at: 2.96 }],
      procedures: [
        {
          procedure: 'stent',
          at: 2.96,
          by: 'cardiology',
          for: 'coronary',
          minutes: 70,
          note: 'Front heart vessel closed; opened with one stent of 3.0 x 18 mm. Good flow afterwards.',
        },
      ],
      imaging: [
        {
          study: 'electrocardiogram',
          at: 2.96,
          by: 'cardiology',
          findings: 'ST elevation in the front leads, as in a heart attack.',
        },
        {
          study: 'electrocardiogram',
          at: 1,
          by: 'cardiology',
          findings: 'Regular rhythm. Old scar in the front wall.',
        },
      ],
    },
    checkups(5.3, 'family2'),
    hypertension(
      8,
      [
        [8, 152],
        [3, 144],
        [2.9, 126],
        [0, 122],
      ],
      'family2',
    ),
    hyperlipidemia(5.3, [
      [6, 242],
      [3, 236],
      [2.7, 150],
      [0, 138],
    ]),
    singleVisit({
      kind: 'hospital',
      at: 2.96,
      by: 'hospital',
      days: 4,
      acute: ['heartAttack'],
      acuteDays: 28,
      reasons: ['hyperlipidemia'],
      labs: ['heartDamage', 'comprehensive', 'bloodCount', 'lipids'],
      coded: ['ejectionReduced'],
      vitals: { pulse: 102, systolic: 164, saturation: 95 },
      story: 'Pressure in the chest for two hours, spreading to the left arm.',
      plan: 'Artery opened with a stent. No more pain. Cardiac rehabilitation arranged.',
    }),
    followUps([2.85, 2.5, 2, 1.5, 1, 0.5], 'cardiology', ['coronary', 'hyperlipidemia'], { kind: 'consult' }),
    {
      problems: [{ key: 'coronary', onset: 2.96 }],
      trends: {
        troponin: [
          [2.97, 2350],
          [2.5, 8],
        ],
      },
      medicines: [
        { drug: 'atorvastatin80', from: 2.95, for: 'hyperlipidemia', by: 'hospital', dosage: pill(1, 1) },
        { drug: 'metoprolol25', from: 2.95, for: 'coronary', by: 'hospital', dosage: pill(1, 1) },
        {
          drug: 'clopidogrel',
          from: 2.95,
          until: 1.9,
          end: 'completed',
          for: 'coronary',
          by: 'hospital',
          dosage: pill(1, 1),
        },
        { drug: 'aspirin', from: 2.95, for: 'coronary', by: 'hospital', dosage: pill(1, 1) },
      ],
      allergies: [{ substance: 'none' }],
    },
    fluImmunizations(5),
    covidImmunizations,
  ],
};
