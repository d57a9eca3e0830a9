import type { SummaryMaker } from '../../core/summary.ts';
import { isMistake } from '../clinical-status.ts';
import { choose } from './choose.ts';
import { COMPOSITION_PROFILE } from './composition.ts';
import { BUNDLE_PROFILE, document } from './document.ts';
import { referredTo } from './references.ts';
import { searches } from './searches.ts';

/** The International Patient Summary, version 2.0.0 of the guide: http://hl7.org/fhir/uv/ips */
export const patientSummary: SummaryMaker = {
  profiles: [COMPOSITION_PROFILE, BUNDLE_PROFILE].flatMap((profile) => [profile, `${profile}|2.0.0`]),
  searches: () => searches,
  choose,
  referredTo,
  isMistake,
  document,
};
