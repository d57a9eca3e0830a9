/** One section of the International Patient Summary (IPS 2.0.0, Composition-uv-ips). */
export interface IpsSection {
  readonly key: SectionKey;
  /** LOINC code of the section, and its LOINC name in `display`. */
  readonly code: string;
  readonly display: string;
  readonly title: string;
  /** A required section is present even without entries. */
  readonly required: boolean;
  /** A noun phrase for the content, used in the generated narrative. */
  readonly about: string;
  /** The section lists only the latest resource of each kind. */
  readonly ofEachKind?: true;
}

export type SectionKey = (typeof KEYS)[number];
const KEYS = [
  'problems',
  'allergies',
  'medications',
  'immunizations',
  'results',
  'procedures',
  'devices',
  'past-problems',
  'pregnancy',
  'social-history',
  'vital-signs',
  'plan-of-care',
  'advance-directives',
] as const;

/** In the order of the document. */
export const SECTIONS: readonly IpsSection[] = [
  {
    key: 'problems',
    code: '11450-4',
    display: 'Problem list - Reported',
    title: 'Problem List',
    required: true,
    about: 'health problems',
  },
  {
    key: 'allergies',
    code: '48765-2',
    display: 'Allergies and adverse reactions Document',
    title: 'Allergies and Intolerances',
    required: true,
    about: 'allergies and intolerances',
  },
  {
    key: 'medications',
    code: '10160-0',
    display: 'History of Medication use Narrative',
    title: 'Medication Summary',
    required: true,
    about: 'medications',
  },
  {
    key: 'immunizations',
    code: '11369-6',
    display: 'History of Immunization note',
    title: 'Immunizations',
    required: false,
    about: 'immunizations',
  },
  {
    key: 'results',
    code: '30954-2',
    display: 'Relevant diagnostic tests/laboratory data note',
    title: 'Diagnostic Results',
    required: false,
    about: 'results',
    ofEachKind: true,
  },
  {
    key: 'procedures',
    code: '47519-4',
    display: 'History of Procedures Document',
    title: 'History of Procedures',
    required: false,
    about: 'procedures',
    ofEachKind: true,
  },
  {
    key: 'devices',
    code: '46264-8',
    display: 'History of medical device use',
    title: 'Medical Devices',
    required: false,
    about: 'medical devices',
  },
  {
    key: 'past-problems',
    code: '11348-0',
    display: 'History of Past illness note',
    title: 'History of Past Problems',
    required: false,
    about: 'past problems',
    ofEachKind: true,
  },
  {
    key: 'pregnancy',
    code: '10162-6',
    display: 'History of pregnancies note',
    title: 'History of Pregnancy',
    required: false,
    about: 'pregnancies',
  },
  {
    key: 'social-history',
    code: '29762-2',
    display: 'Social history note',
    title: 'Social History',
    required: false,
    about: 'tobacco and alcohol',
    ofEachKind: true,
  },
  {
    key: 'vital-signs',
    code: '8716-3',
    display: 'Vital signs note',
    title: 'Vital Signs',
    required: false,
    about: 'vital signs',
    ofEachKind: true,
  },
  {
    key: 'plan-of-care',
    code: '18776-5',
    display: 'Plan of care note',
    title: 'Plan of Care',
    required: false,
    about: 'plans of care',
  },
  {
    key: 'advance-directives',
    code: '42348-3',
    display: 'Advance healthcare directives',
    title: 'Advance Directives',
    required: false,
    about: 'advance directives',
  },
];
