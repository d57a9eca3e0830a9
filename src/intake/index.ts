export { listSources, type SourceHealth, sweepDays } from './days.ts';
export { openFeed } from './feed/feed.ts';
export { countKept, listKept, sweepKept } from './feed/kept.ts';
export { retryRefused } from './feed/retry.ts';
export { fileInput, type IntakeFile, linesOf, textInput, textOf } from './input.ts';
export { type IntakeOptions, intake } from './intake.ts';
export { GONE_BY_COMMAND } from './load.ts';
export { type Merged, mergePatients } from './merge/merge.ts';
export type { MergeDeps, NotDone } from './merge/merge-deps.ts';
export { liftFromPatient, type RetractDone, retractFromPatient } from './merge/retract.ts';
export { type Unmerged, unmergePatients } from './merge/unmerge.ts';
export type { MergedPeople } from './ports.ts';
export { recordLoad, recordLoadBegun } from './record-load.ts';
export { foldDemographics } from './records.ts';
export type { IntakeReport, NotStored, Refusal } from './report.ts';
export {
  countFaulty,
  type FaultsAsked,
  type FaultyResource,
  type KindOfFault,
  listFaulty,
  listKindsOfFaults,
  sweepFaults,
} from './validate/faults.ts';
export { openValidation, type Validation, type ValidationSettings } from './validate/validation.ts';
