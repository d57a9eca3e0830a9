/** A section that a patient summary can have (IPS 2.0.0, Composition-uv-ips). */
export interface IpsSection {
  readonly key: SectionKey;
  /** LOINC code of the section. `display` is its name in LOINC. */
  readonly code: string;
  readonly display: string;
  readonly title: string;
  /** Whether the section is present even without entries. */
  readonly required: boolean;
  /** Noun phrase for the content of the section, such as "allergies". Generated narratives use it in sentences. */
  readonly contentName: string;
  /** Whether the section lists only the latest resource of each kind, such as the latest of each laboratory test. */
  readonly latestOfEachKind?: true;
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

/** All sections in the order in which the summary has them. */
export const SECTIONS: readonly IpsSection[] = [
  {
    key: 'problems',
    code: '11450-4',
    display: 'Problem list - Reported',
    title: 'Problem List',
    required: true,
    contentName: 'health problems',
  },
  {
    key: 'allergies',
    code: '48765-2',
    display: 'Allergies and adverse reactions Document',
    title: 'Allergies and Intolerances',
    required: true,
    contentName: 'allergies and intolerances',
  },
  {
    key: 'medications',
    code: '10160-0',
    display: 'History of Medication use Narrative',
    title: 'Medication Summary',
    required: true,
    contentName: 'medications',
  },
  {
    key: 'immunizations',
    code: '11369-6',
    display: 'History of Immunization note',
    title: 'Immunizations',
    required: false,
    contentName: 'immunizations',
  },
  {
    key: 'results',
    code: '30954-2',
    display: 'Relevant diagnostic tests/laboratory data note',
    title: 'Diagnostic Results',
    required: false,
    contentName: 'results',
    latestOfEachKind: true,
  },
  {
    key: 'procedures',
    code: '47519-4',
    display: 'History of Procedures Document',
    title: 'History of Procedures',
    required: false,
    contentName: 'procedures',
    latestOfEachKind: true,
  },
  {
    key: 'devices',
    code: '46264-8',
    display: 'History of medical device use',
    title: 'Medical Devices',
    required: false,
    contentName: 'medical devices',
  },
  {
    key: 'past-problems',
    code: '11348-0',
    display: 'History of Past illness note',
    title: 'History of Past Problems',
    required: false,
    contentName: 'past problems',
    latestOfEachKind: true,
  },
  {
    key: 'pregnancy',
    code: '10162-6',
    display: 'History of pregnancies note',
    title: 'History of Pregnancy',
    required: false,
    contentName: 'pregnancies',
  },
  {
    key: 'social-history',
    code: '29762-2',
    display: 'Social history note',
    title: 'Social History',
    required: false,
    contentName: 'tobacco and alcohol',
    latestOfEachKind: true,
  },
  {
    key: 'vital-signs',
    code: '8716-3',
    display: 'Vital signs note',
    title: 'Vital Signs',
    required: false,
    contentName: 'vital signs',
    latestOfEachKind: true,
  },
  {
    key: 'plan-of-care',
    code: '18776-5',
    display: 'Plan of care note',
    title: 'Plan of Care',
    required: false,
    contentName: 'plans of care',
  },
  {
    key: 'advance-directives',
    code: '42348-3',
    display: 'Advance healthcare directives',
    title: 'Advance Directives',
    required: false,
    contentName: 'advance directives',
  },
];
