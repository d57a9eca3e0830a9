export { brandOf } from './brand.ts';
export { brandRoutes } from './brand-routes.ts';
export {
  completeDetails,
  type Details,
  enablePractice,
  findSettings,
  keepDetails,
  keepLogo,
  type PracticeSettings,
} from './details.ts';
export { LARGEST_LOGO, type Logo, readLogo } from './logo.ts';
export { countsOf, type PracticeCounts } from './overview.ts';
export { isPlaceholderName } from './placeholder-name.ts';
export {
  addPractice,
  ensurePractices,
  ensureSecondSandbox,
  isFilledSandbox,
  listPractices,
  markGenerated,
  type NewPractice,
  openSandboxPractice,
  type Practice,
  type PracticeKind,
  requirePractice,
} from './practices.ts';
export {
  type BrandFacts,
  isNpi,
  keepBrandFacts,
  listPublished,
  type Missing,
  missingFrom,
  type PublishedPractice,
} from './published.ts';
export { type DetailFault, type ReadDetails, readDetails } from './read-details.ts';
export { listRecords, type RecordSummary, recordsOfPatient } from './records.ts';
export { AMERICAN_TIME_ZONES, DEFAULT_TIME_ZONE, isTimeZone, TIME_ZONES } from './time-zones.ts';
