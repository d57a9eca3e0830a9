import type { ObservationCategory } from './categories.ts';
import { codeableConcept, quantity, type SandboxConcept } from './coding.ts';

/** An answer, a preference or a home measurement that is recorded at a visit. */
interface RecordedStatement {
  readonly profile: string;
  readonly versions?: readonly string[];
  readonly category: ObservationCategory;
  readonly social?: true;
  readonly code: SandboxConcept;
  readonly elements: Readonly<Record<string, unknown>>;
  /** True if the patient is the performer. Otherwise the performer is the clinician of the visit. */
  readonly byPatient?: true;
  readonly days?: number;
}

const SIMPLE = 'us-core-simple-observation';
const CARE = codeableConcept('loinc', '95541-9', 'Care experience preference', 'What matters in care');
const TREATMENT = codeableConcept(
  'loinc',
  '75773-2',
  'Goals, preferences, and priorities for medical treatment Narrative - Reported',
  'Wishes for treatment',
);
const AVERAGE = {
  profile: 'us-core-average-blood-pressure',
  category: 'vital-signs',
  code: codeableConcept(
    'loinc',
    '96607-7',
    'Blood pressure panel mean systolic and mean diastolic',
    'Average blood pressure at home',
  ),
  byPatient: true,
  days: 7,
} as const;
const SYSTOLIC = codeableConcept(
  'loinc',
  '96608-5',
  'Systolic blood pressure mean',
  'Systolic blood pressure, average',
);
const DIASTOLIC = codeableConcept(
  'loinc',
  '96609-3',
  'Diastolic blood pressure mean',
  'Diastolic blood pressure, average',
);
const NOT_DONE = codeableConcept('dataAbsent', 'not-performed', 'Not Performed', 'Not measured at home that week');

const STATEMENTS = {
  averagePressure: {
    ...AVERAGE,
    elements: {
      component: [
        { code: SYSTOLIC, valueQuantity: quantity(126, 'mm[Hg]', 'mmHg') },
        { code: DIASTOLIC, valueQuantity: quantity(78, 'mm[Hg]', 'mmHg') },
      ],
      note: [{ text: 'The average of 14 measurements in a week.' }],
    },
  },
  averagePressureMissing: {
    ...AVERAGE,
    elements: {
      dataAbsentReason: NOT_DONE,
      component: [SYSTOLIC, DIASTOLIC].map((code) => ({ code, dataAbsentReason: NOT_DONE })),
    },
  },
  packYears: {
    profile: 'us-core-smokingstatus',
    // US Core 6.1 allows no Quantity as the value of a smoking status, so this Observation conforms to later versions
    // only.
    versions: ['7.0.0', '8.0.0'],
    category: 'social-history',
    code: codeableConcept('snomed', '401201003', 'Cigarette pack-years (observable entity)', 'Pack-years of smoking'),
    elements: { valueQuantity: quantity(9, '{pack-years}', 'pack-years') },
  },
  notPregnant: {
    profile: 'us-core-observation-pregnancystatus',
    category: 'social-history',
    code: codeableConcept('loinc', '82810-3', 'Pregnancy status'),
    elements: { valueCodeableConcept: codeableConcept('snomed', '60001007', 'Not pregnant (finding)', 'Not pregnant') },
  },
  dressing: {
    profile: SIMPLE,
    category: 'functional-status',
    code: codeableConcept('loinc', '75276-6', 'Functional status [Interpretation]', 'Everyday activities'),
    elements: {
      valueCodeableConcept: codeableConcept(
        'snomed',
        '129035000',
        'Independent with dressing (finding)',
        'Gets dressed without help',
      ),
    },
  },
  stairs: {
    profile: SIMPLE,
    category: 'disability-status',
    code: codeableConcept(
      'loinc',
      '69859-7',
      'Do you have serious difficulty walking or climbing stairs [CMS Assessment]',
      'Serious difficulty walking or climbing stairs',
    ),
    elements: { valueBoolean: false },
    byPatient: true,
  },
  thinking: {
    profile: SIMPLE,
    category: 'cognitive-status',
    code: codeableConcept('loinc', '11332-4', 'History of Cognitive function Narrative', 'Thinking and memory'),
    elements: { valueString: 'Alert, answers at once, and remembers all her medicines.' },
  },
  housing: {
    profile: 'us-core-observation-screening-assessment',
    category: 'survey',
    social: true,
    code: codeableConcept('loinc', '71802-3', 'Housing status', 'Housing'),
    elements: { valueString: 'Rents a small house, on her own.' },
    byPatient: true,
  },
  careWish: {
    profile: 'us-core-care-experience-preference',
    category: 'care-experience-preference',
    code: CARE,
    elements: { valueString: 'Wants bad news in plain words, and her daughter with her when they come.' },
    byPatient: true,
  },
  careWishCoded: {
    profile: 'us-core-care-experience-preference',
    category: 'care-experience-preference',
    code: CARE,
    elements: { valueCodeableConcept: { text: 'Likes to be called by her first name' } },
    byPatient: true,
  },
  treatmentWish: {
    profile: 'us-core-treatment-intervention-preference',
    category: 'treatment-intervention-preference',
    code: TREATMENT,
    elements: { valueString: 'No feeding tube if she can’t wake up again. Treatment of pain comes first.' },
    byPatient: true,
  },
  treatmentWishCoded: {
    profile: 'us-core-treatment-intervention-preference',
    category: 'treatment-intervention-preference',
    code: TREATMENT,
    elements: {
      valueCodeableConcept: codeableConcept(
        'snomed',
        '304252001',
        'For resuscitation (finding)',
        'Wants to be resuscitated',
      ),
    },
    byPatient: true,
  },
} satisfies Record<string, RecordedStatement>;

export type StatementKey = keyof typeof STATEMENTS;
export const statement = (key: StatementKey): RecordedStatement => STATEMENTS[key];
