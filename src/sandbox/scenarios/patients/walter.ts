import { every } from '../calendar.ts';
import { pill } from '../parts/dosage.ts';
import { covidImmunizations, fluImmunizations, immunizations } from '../parts/immunizations.ts';
import { dialysis, kidneyFailure } from '../parts/kidney.ts';
import { diabetes, hyperlipidemia, hypertension } from '../parts/metabolic.ts';
import { checkups, followUps, singleVisit } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

const DIALYSIS_START = 2.45;

/**
 * Start of stage 4: an eGFR below 30, at which metformin is contraindicated. Linagliptin needs no dose change for
 * kidney disease.
 */
const STAGE_4_START = DIALYSIS_START + 3;

/** The large record: twelve years of laboratory values, then dialysis three times a week. */
export const walter: PatientScenario = {
  persona: {
    key: 'walter',
    username: 'patient02',
    large: true,
    about:
      'The large record, more than 5,000 resources: dialysis and twelve years of lab values, for paging, totals and slow clients.',
    covers: [
      'large',
      'hospital',
      'dialysis',
      'resolved',
      'highRiskAllergy',
      'stopped',
      'medicationReference',
      'dispense',
      'wardMedicine',
      'vaccineElsewhere',
      'laboratory',
      'longSeries',
      'pdf',
      'questionnaire',
      'medicare',
      'bill',
    ],
    given: ['Walter', 'James'],
    family: 'Driftwood',
    prefix: 'Mr.',
    gender: 'male',
    birthSex: 'M',
    age: 69.31,
    race: 'black',
    languages: ['en'],
    married: 'M',
    street: '7 Palo Verde Avenue',
    town: ['Saguaro Springs', '85099'],
    doctor: 'family2',
    heightCm: 178,
    weightKg: 94,
    smoking: 'former',
    contact: { given: 'Denise', family: 'Driftwood', relation: 'spouse' },
  },
  parts: [
    checkups(11.9, 'family2'),
    diabetes(
      18,
      [
        [12, 8.4],
        [9, 7.9],
        [6, 8.6],
        [3, 7.6],
        [1, 6.9],
        [0, 6.6],
      ],
      'family2',
      { until: STAGE_4_START, end: 'stopped', endReason: 'Kidneys too weak for it (eGFR below 30)' },
    ),
    hypertension(
      16,
      [
        [12, 148],
        [8, 144],
        [4, 152],
        [DIALYSIS_START, 158],
        [0, 144],
      ],
      'family2',
    ),
    hyperlipidemia(14, [
      [12, 214],
      [9, 172],
      [0, 158],
    ]),
    kidneyFailure(DIALYSIS_START),
    dialysis(DIALYSIS_START),
    followUps(every(0.5, 11.65), 'family2', ['diabetes', 'hypertension', 'hyperlipidemia']),
    followUps(every(0.5, 11.4, 9), 'family2', ['diabetes', 'hypertension']),
    followUps(every(0.25, DIALYSIS_START + 6.4, DIALYSIS_START + 0.1), 'nephrology', [
      'diabeticKidney',
      'kidneyStage3',
      'kidneyStage4',
      'kidneyAnemia',
    ]),
    singleVisit({
      kind: 'hospital',
      at: DIALYSIS_START + 0.02,
      by: 'hospital',
      days: 5,
      reasons: ['kidneyFailure', 'kidneyAnemia'],
      labs: ['comprehensive', 'bloodCount', 'heartStrain'],
      vitals: { systolic: 176, saturation: 93, weight: 97.4 },
      story: 'Tired, swollen legs, short of breath lying down.',
      plan: 'Dialysis begun through a catheter. Goes on three times a week at the kidney center.',
    }),
    {
      vitals: {
        weight: [
          [12, 101],
          [6, 98],
          [DIALYSIS_START, 96],
          [DIALYSIS_START - 0.1, 91],
          [0, 90],
        ],
      },
    },
    {
      allergies: [{ substance: 'aspirin', onset: 20, reactions: ['wheezing'], severity: 'moderate', highRisk: true }],
      medicines: [
        { drug: 'amlodipine', from: 9, for: 'hypertension', by: 'family2', dosage: pill(1, 1) },
        { drug: 'atorvastatin20', from: 11.8, for: 'hyperlipidemia', by: 'family2', dosage: pill(1, 1) },
        { drug: 'linagliptin', from: STAGE_4_START, for: 'diabetes', by: 'family2', dosage: pill(1, 1) },
        {
          drug: 'glargine',
          from: 7,
          for: 'diabetes',
          by: 'family2',
          dosage: { text: '18 units under the skin at bedtime', dose: 18, timing: [1, 1, 'd'], asNeeded: false },
        },
        {
          drug: 'furosemide',
          from: STAGE_4_START,
          until: DIALYSIS_START - 0.2,
          end: 'stopped',
          endReason: 'No urine is made any more',
          for: 'kidneyStage4',
          by: 'nephrology',
          dosage: pill(1, 2),
        },
      ],
    },
    fluImmunizations(11),
    covidImmunizations,
    immunizations(
      ['hepatitisBDialysis', DIALYSIS_START + 1.2],
      ['hepatitisBDialysis', DIALYSIS_START + 1.1],
      ['hepatitisBDialysis', DIALYSIS_START + 0.7],
      ['pneumococcal20', 4.9],
      ['zoster', 4.9],
      ['zoster', 4.65],
    ),
  ],
};
