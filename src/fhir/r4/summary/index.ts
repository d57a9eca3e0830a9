import type { SummaryBuilder } from '../../model/summary.ts';
import { isEnteredInError } from '../clinical-status.ts';
import { COMPOSITION_PROFILE } from './composition.ts';
import { BUNDLE_PROFILE, buildDocument } from './document.ts';
import { getReferences } from './document-references.ts';
import { SECTION_SEARCHES } from './section-searches.ts';
import { selectSections } from './select-sections.ts';

/** The International Patient Summary, version 2.0.0 of the guide: http://hl7.org/fhir/uv/ips */
export const patientSummary: SummaryBuilder = {
  profiles: [COMPOSITION_PROFILE, BUNDLE_PROFILE].flatMap((profile) => [profile, `${profile}|2.0.0`]),
  searches: () => SECTION_SEARCHES,
  selectSections,
  getReferences,
  isEnteredInError,
  document: buildDocument,
};
