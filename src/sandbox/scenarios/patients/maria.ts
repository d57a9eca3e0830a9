import { every } from '../calendar.ts';
import { pill } from '../parts/dosage.ts';
import { covidImmunizations, fluImmunizations, immunizations } from '../parts/immunizations.ts';
import { hyperlipidemia, hypertension } from '../parts/metabolic.ts';
import { checkups, followUps, singleVisit } from '../parts/visits.ts';
import type { Persona } from '../persona.ts';
import type { PatientScenario } from '../scenario.ts';

const persona: Persona = {
  key: 'maria',
  username: 'patient23',
  about:
    'A patient of two practices: blood pressure at Sandbox Family Practice, heart rhythm at Sandbox Heart Clinic. One account, two records to choose from. Prefers Spanish.',
  covers: [
    'twoPractices',
    'accents',
    'spanish',
    'concern',
    'highRiskAllergy',
    'reported',
    'dispense',
    'vaccineElsewhere',
    'cardiology',
    'laboratory',
    'pdf',
    'questionnaire',
    'social',
    'bill',
  ],
  given: ['María José'],
  family: 'Peñasco Jacaranda',
  prefix: 'Sra.',
  gender: 'female',
  birthSex: 'F',
  age: 58.43,
  race: 'white',
  hispanic: 'mexican',
  languages: ['es', 'en'],
  married: 'W',
  street: '19 Calle Jacaranda',
  town: ['Coyote Wells', '85098'],
  doctor: 'family2',
  heightCm: 159,
  weightKg: 71,
  smoking: 'never',
  contact: { given: 'Itzel', family: 'Peñasco Ocotal', relation: 'daughter' },
};

export const maria: PatientScenario = {
  persona,
  parts: [
    checkups(3.6, 'family2'),
    hypertension(
      6.5,
      [
        [6, 154],
        [3, 142],
        [1.6, 136],
        [0, 128],
      ],
      'family2',
    ),
    hyperlipidemia(3.6, [
      [4, 224],
      [2, 186],
      [0, 172],
    ]),
    followUps(every(0.5, 3.3, 0.2), 'family2', ['hypertension', 'hyperlipidemia']),
    {
      problems: [{ key: 'livesAlone', onset: 2.2, concern: true }],
      surveys: [
        {
          survey: 'transport',
          every: 0.9,
          from: 2.7,
          points: [
            [2.7, 0],
            [1.7, 1],
            [0, 1],
          ],
        },
      ],
      medicines: [
        { drug: 'atorvastatin20', from: 3.3, for: 'hyperlipidemia', by: 'family2', dosage: pill(1, 1) },
        // The heart clinic ordered apixaban. This practice only records that the patient reported taking it.
        { drug: 'apixaban', from: 1.6, reported: true, by: 'family2', dosage: pill(1, 2) },
      ],
      allergies: [{ substance: 'penicillin', onset: 24, reactions: ['hives'], severity: 'moderate', highRisk: true }],
    },
    fluImmunizations(3),
    covidImmunizations,
    immunizations(['zoster', 2.6], ['zoster', 2.3]),
  ],
};

/** The same person at the heart clinic, which keeps its own record with its own medical record number. */
export const mariaAtHeartClinic: PatientScenario = {
  persona: { ...persona, doctor: 'cardiology' },
  parts: [
    singleVisit({
      kind: 'consult',
      at: 1.7,
      by: 'cardiology',
      reasons: ['fibrillation'],
      labs: ['thyroid', 'basic'],
      coded: ['ejectionNormal'],
      vitals: { pulse: 118 },
      story: 'Heart beats fast and unevenly for two weeks. Sent by her family doctor.',
      plan: 'Atrial fibrillation. A blood thinner and a tablet to slow the heart.',
    }),
    followUps([1.45, 1.1, 0.6, 0.15], 'cardiology', ['fibrillation'], { labs: ['basic'] }),
    {
      problems: [{ key: 'fibrillation', onset: 1.72 }],
      vitals: {
        pulse: [
          [1.7, 118],
          [1.45, 84],
          [0, 68],
        ],
        systolic: [
          [1.7, 138],
          [0, 126],
        ],
        diastolic: [
          [1.7, 84],
          [0, 78],
        ],
      },
      medicines: [
        { drug: 'apixaban', from: 1.7, for: 'fibrillation', by: 'cardiology', dosage: pill(1, 2) },
        { drug: 'metoprolol25', from: 1.7, for: 'fibrillation', by: 'cardiology', dosage: pill(1, 1) },
        // Her family doctor ordered lisinopril. The heart clinic only records that the patient reported taking it.
        { drug: 'lisinopril10', from: 1.7, reported: true, by: 'cardiology', dosage: pill(1, 1) },
      ],
      imaging: [
        { study: 'electrocardiogram', at: 1.7, by: 'cardiology', findings: 'Atrial fibrillation, 118 beats a minute.' },
        { study: 'electrocardiogram', at: 0.6, by: 'cardiology', findings: 'Regular rhythm, 70 beats a minute.' },
      ],
      allergies: [{ substance: 'penicillin', onset: 24, reactions: ['hives'], severity: 'moderate', highRisk: true }],
    },
  ],
};
