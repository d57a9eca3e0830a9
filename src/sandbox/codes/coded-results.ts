import { codeableConcept, quantity, type SandboxConcept } from './coding.ts';

interface CodedResult {
  readonly code: SandboxConcept;
  readonly elements: Readonly<Record<string, unknown>>;
  /** Category of a measurement that isn't a laboratory test. */
  readonly category?: 'imaging' | 'procedure' | 'exam';
  /** True if the practice does the test. If absent, a laboratory does. */
  readonly atPractice?: true;
}

const laboratoryCode = (loinc: string, display: string, plain: string): SandboxConcept =>
  codeableConcept('loinc', loinc, display, plain);
const COVID = laboratoryCode(
  '94500-6',
  'SARS-CoV-2 (COVID-19) RNA [Presence] in Respiratory system specimen by NAA with probe detection',
  'COVID-19 test (PCR)',
);
const ejection = (percent: number): CodedResult => ({
  code: laboratoryCode('10230-1', 'Left ventricular Ejection fraction', 'Heart pumping strength (ejection fraction)'),
  elements: { valueQuantity: quantity(percent, '%') },
  category: 'imaging',
});
const spirometry = (percent: number): CodedResult => ({
  code: laboratoryCode('19926-5', 'FEV1/FVC', 'Lung function (FEV1/FVC)'),
  elements: { valueQuantity: quantity(percent, '%') },
  category: 'procedure',
});

const gestation = (weeks: number): CodedResult => ({
  code: laboratoryCode('18185-9', 'Gestational age', 'Weeks of pregnancy at birth'),
  elements: { valueQuantity: quantity(weeks, 'wk', 'weeks') },
  category: 'exam',
});
const boneAge = (months: number): CodedResult => ({
  code: laboratoryCode('37362-1', 'XR Bone age', 'Bone age (X-ray of the hand)'),
  elements: { valueQuantity: quantity(months, 'mo', 'months') },
  category: 'imaging',
});

/**
 * Results with a coded value, and single measurements that aren't part of a laboratory panel, such as an ejection
 * fraction.
 */
const RESULTS = {
  urineCulture: {
    code: laboratoryCode('630-4', 'Bacteria identified in Urine by Culture', 'Urine culture'),
    elements: {
      valueCodeableConcept: codeableConcept('snomed', '112283007', 'Escherichia coli (organism)', 'Escherichia coli'),
    },
  },
  urineLook: {
    code: laboratoryCode('5767-9', 'Appearance of Urine', 'Look of the urine'),
    elements: { valueString: 'Clear, light yellow' },
  },
  bloodType: {
    code: laboratoryCode('882-1', 'ABO and Rh group [Type] in Blood', 'Blood type'),
    elements: {
      valueCodeableConcept: codeableConcept(
        'snomed',
        '278147001',
        'Blood group O Rh(D) positive (finding)',
        'O positive',
      ),
    },
  },
  covidFound: {
    code: COVID,
    elements: {
      valueCodeableConcept: codeableConcept('snomed', '260373001', 'Detected (qualifier value)', 'Detected'),
    },
  },
  covidNotFound: {
    code: COVID,
    atPractice: true,
    elements: {
      valueCodeableConcept: codeableConcept('snomed', '260415000', 'Not detected (qualifier value)', 'Not detected'),
    },
  },
  /**
   * The laboratory couldn't measure potassium, because the sample was hemolyzed on the way. So the result has no value.
   */
  potassiumLost: {
    code: laboratoryCode('2823-3', 'Potassium [Moles/volume] in Serum or Plasma', 'Potassium'),
    elements: {
      dataAbsentReason: codeableConcept('dataAbsent', 'error', 'Error', 'The sample could not be measured (hemolyzed)'),
      note: [{ text: 'Sample hemolyzed. Please draw again.' }],
    },
  },
  /** This result has no value, because the ejection fraction couldn't be measured. */
  ejectionUnseen: {
    ...ejection(0),
    elements: { dataAbsentReason: codeableConcept('dataAbsent', 'error', 'Error', 'The picture was not good enough') },
  },
  ejectionNormal: ejection(60),
  ejectionReduced: ejection(42),
  ejectionPoor: ejection(32),
  bornEarly: gestation(36),
  bornAtTerm: gestation(39),
  boneAgeOfFour: boneAge(54),
  boneAgeOfTwelve: boneAge(150),
  spirometryReduced: spirometry(58),
  spirometryPoor: spirometry(49),
} satisfies Record<string, CodedResult>;

export type CodedKey = keyof typeof RESULTS;

export const codedResult = (key: CodedKey): CodedResult => RESULTS[key];
