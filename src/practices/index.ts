export { findAccentColors, findBrand } from './brand.ts';
export { type AccentColors, accentColors } from './brand-colors.ts';
export { brandRoutes } from './brand-routes.ts';
export {
  type DerivedData,
  findOutdatedPractices,
  lowerConversionVersionSql,
  lowerIndexVersionSql,
  markDirectoryCurrent,
  type PracticeUpgradeState,
  raiseRecordsVersionSql,
} from './derived-data.ts';
export {
  countIncompleteRegistries,
  findIdRegistry,
  type IdRegistryState,
  listIdRegistries,
  setIdRegistry,
} from './id-registry.ts';
export { hasLivePractice } from './live-practice.ts';
export { type Logo, MAX_LOGO_BYTES, validateLogo } from './logo.ts';
export { isPlaceholderName } from './placeholder-name.ts';
export { listPracticeCounts, type PracticeCounts } from './practice-counts.ts';
export {
  completePracticeDetails,
  findPracticeSettings,
  type PracticeDetails,
  type PracticeSettings,
  savePracticeDetails,
  savePracticeLogo,
  setPracticeEnabled,
} from './practice-settings.ts';
export {
  createPractice,
  ensurePractices,
  ensureSecondSandbox,
  findPracticeByName,
  isFilledSandbox,
  isPracticeNameTaken,
  listPractices,
  type NewPractice,
  setGeneratedVersion,
  setSandboxOpen,
} from './practices.ts';
export {
  addMadeUpPractice,
  findMissingBrandDetails,
  isNpi,
  listPublishedPractices,
  type MadeUpPractice,
  type MissingBrandDetail,
  type PracticeBrandInfo,
  type PublishedPractice,
  savePracticeBrandInfo,
} from './published.ts';
export { findRecordsByPatientId, listActiveRecords, type RecordSummary } from './records.ts';
export { deletePracticeRow, takePracticeId } from './removed-practices.ts';
export { AMERICAN_TIME_ZONES, DEFAULT_TIME_ZONE, isTimeZone, TIME_ZONES } from './time-zones.ts';
export { type PracticeDetailError, type ValidatedDetails, validatePracticeDetails } from './validate-details.ts';
