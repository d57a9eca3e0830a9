export { createIntake } from './create-intake.ts';
export { countIntakeOfDay, listSources, type SourceHealth } from './daily-counts.ts';
export { eraseIntake } from './erase/erase-intake.ts';
export { openFeed } from './feed/open-feed.ts';
export {
  countRejectedEntries,
  listLatestRejectedEntries,
  listRejectedEntries,
  purgeRejectedEntries,
  type RejectedFeedEntry,
} from './feed/rejected-entries.ts';
export { classifyRejection } from './feed/rejection-problem.ts';
export { retryRejectedEntries } from './feed/retry-rejected.ts';
export { recordImport, recordImportStart } from './import/audit-import.ts';
export { fileInput, type ImportFile, readLines, readText, textInput } from './import/import-file.ts';
export { type ImportOptions, importFiles } from './import/import-files.ts';
export type { ImportReport, RejectedEntry, RolledBackTransaction } from './import-report.ts';
export { REASONS_AFTER_COMMAND } from './load/load.ts';
export { foldDemographics } from './load/records.ts';
export type { MergeDeps, RejectedMerge } from './merge/merge-deps.ts';
export { type MergeResult, mergePatients } from './merge/merge-patients.ts';
export { liftRetractions, type RetractionResult, retractFromPatient } from './merge/retract-resources.ts';
export { type UnmergeResult, unmergePatients } from './merge/unmerge-patients.ts';
export type { MergeNotifier } from './ports.ts';
export { openValidation, type Validation, type ValidationSettings } from './validate/open-validation.ts';
export {
  countResourcesWithIssues,
  listResourcesWithIssues,
  purgeValidationIssues,
  type ResourceWithIssues,
  summarizeValidationIssues,
  type ValidationIssueFilter,
  type ValidationIssueSummary,
} from './validate/validation-issues.ts';
