import { coding, type SandboxCoding } from './coding.ts';

const CATEGORIES = {
  laboratory: 'Laboratory',
  'vital-signs': 'Vital Signs',
  'social-history': 'Social History',
  survey: 'Survey',
  imaging: 'Imaging',
  procedure: 'Procedure',
  exam: 'Exam',
} as const;

/** US Core defines its own category codes for distinctions that R4's categories don't make. */
const US_CORE_CATEGORIES = {
  sdoh: 'SDOH',
  'functional-status': 'Functional Status',
  'disability-status': 'Disability Status',
  'cognitive-status': 'Cognitive Status',
  'treatment-intervention-preference': 'Treatment Intervention Preference',
  'care-experience-preference': 'Care Experience Preference',
  'observation-adi-documentation': 'Observation ADI Documentation',
} as const;

export type ObservationCategory = keyof typeof CATEGORIES | keyof typeof US_CORE_CATEGORIES;

const isUsCore = (key: ObservationCategory): key is keyof typeof US_CORE_CATEGORIES => key in US_CORE_CATEGORIES;
export const observationCategory = (key: ObservationCategory) =>
  concepts(
    isUsCore(key)
      ? coding('usCoreCategory', key, US_CORE_CATEGORIES[key])
      : coding('observationCategory', key, CATEGORIES[key]),
  );
const concepts = (given: SandboxCoding) => ({ coding: [given], text: given.display });
