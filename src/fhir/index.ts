export { describeServedTypes } from './authorization/served-types.ts';
export { createFhir } from './create-fhir.ts';
export { dstu2, HAS_OTHER_VARIANT, listDstu2Losses } from './dstu2/index.ts';
export { eraseExports } from './export/erase-exports.ts';
export { type ExportJobDeps, runExports } from './export/run-exports.ts';
export { isGroupName, MAX_GROUP_NAME_LENGTH } from './groups/group-name.ts';
export {
  addGroup,
  changeGroupMembers,
  findGroup,
  findNonMembers,
  listGroupMembers,
  listGroups,
  type NewPatientGroup,
  type PatientGroup,
  removeGroup,
  renameGroup,
} from './groups/group-store.ts';
export {
  documentPlaceholder,
  findDocumentIds,
  mayHaveDocuments,
  parseDocumentPlaceholder,
  withDocumentUrls,
} from './model/document-url.ts';
export type { Endpoints, FhirVersion, Resource, ServedType } from './model/fhir-version.ts';
export { parseInstant } from './model/instant.ts';
export { parseJson, printJson } from './model/json.ts';
export type { Projection, ProjectionResult } from './model/projection.ts';
export { type ResourceKey, toReferenceText, uniqueKeys } from './model/resource-key.ts';
export { parseDateRange } from './model/time-range.ts';
export type {
  AppRequestLog,
  BackendGrantLookup,
  BundleReceiver,
  BundleResponse,
  Disclosure,
  DisclosureLog,
  SubmittedBundle,
} from './ports.ts';
export { projections } from './projections.ts';
export {
  hasOtherFocus,
  isEnteredInError,
  isFamilyHistory,
  isPlanned,
  isProhibited,
  isRefuted,
  isReported,
} from './r4/clinical-status.ts';
export { chooseHumanName, formatHumanName, namePart, personName, withoutTitles } from './r4/human-name.ts';
export {
  type IdentifierKind,
  identifierKind,
  isConfidentialIdentifier,
  isSocialSecurityNumber,
} from './r4/identifier-kind.ts';
export { r4 } from './r4/index.ts';
export type { FhirDeps } from './routes/deps.ts';
export { createRequestQueue } from './routes/request/request-queue.ts';
export { fhirRoutes } from './routes/routes.ts';
export { eraseRecords, lockRecordToErase, type RecordToErase, type RemovedRows } from './store/erase/erase-records.ts';
export { emptyIdRegistries, fillIdRegistries } from './store/id-registry/fill-registry.ts';
export { elementsAt } from './store/index/elements.ts';
export { getStoredCompartment } from './store/index/index-definitions.ts';
export { hasTimeOfDay } from './store/index/index-resource.ts';
export {
  findMergeLineage,
  findMergeSurvivors,
  findOriginalPatients,
  type MergeLineage,
} from './store/merge/merge-lineage.ts';
export { mergeRecords } from './store/merge/merge-records.ts';
export { findAbsent, recordAddedOrigins } from './store/merge/merged-origins.ts';
export { addReplacesLinks, getPatientLinks, markReplaced } from './store/merge/patient-links.ts';
export { findStoredSince, liftRetraction } from './store/merge/purge-resource.ts';
export {
  findCurrentMerge,
  findRecordState,
  findSurvivingPatients,
  findSurvivingRecord,
  getPatientOfRecord,
  listMergedRecords,
  type MergedRecord,
  type MergeReporter,
  type RecordState,
} from './store/merge/record-merges.ts';
export { type RetractedResources, retractResources } from './store/merge/retract-resources.ts';
export {
  confirmMergesByOperator,
  findSeparatedPatients,
  recordDroppedLinks,
  wasSeparated,
} from './store/merge/undone-merges.ts';
export { unmergeRecords } from './store/merge/unmerge-records.ts';
export { probeContents } from './store/query/contents/content-statements.ts';
export { directoryContains, recordContains } from './store/query/lookups/contains-resource.ts';
export { countHiddenResources } from './store/query/lookups/count-hidden.ts';
export { listEncounters } from './store/query/lookups/list-encounters.ts';
export { listPractitioners } from './store/query/lookups/list-practitioners.ts';
export {
  findIdsByIdentifier,
  findPracticeResources,
  isSearchableByIdentifier,
  type PracticeResourceState,
} from './store/query/lookups/practice-resources.ts';
export { probeProjections, probeResources } from './store/query/lookups/probe-tables.ts';
export {
  type BoundedCount,
  countEntriesByType,
  countObservations,
} from './store/query/lookups/record-counts.ts';
export { type EntryStateRow, listEntryStates } from './store/query/lookups/record-entry-states.ts';
export {
  listRecordObservations,
  listReportPanels,
  type ObservationKind,
} from './store/query/lookups/record-observations.ts';
export { readRecordPersons } from './store/query/lookups/record-persons.ts';
export { searchRecordEntries } from './store/query/lookups/record-search.ts';
export { listTimeline, type TimelinePosition } from './store/query/lookups/record-timeline.ts';
export {
  countProjectedEntries,
  countRecordEntries,
  type DatedStoredEntry,
  isStoredEntryPosition,
  listDirectoryReferences,
  listRecordDocumentIds,
  listRecordEntries,
  type RecordDocument,
  type RecordUser,
  readDirectoryEntries,
  readRecordDocument,
  requireRecordAccess,
  type StoredEntry,
  type StoredEntryPosition,
  streamRecord,
} from './store/query/lookups/record-user-reads.ts';
export {
  findStorageConflicts,
  readStoredResource,
  type StorageConflict,
} from './store/query/lookups/stored-resources.ts';
export { withStoredSql } from './store/query/lookups/with-stored-sql.ts';
export { deleteResource } from './store/write/delete-resource.ts';
export { withGenericPlans } from './store/write/generic-plans.ts';
export { insertRecord } from './store/write/insert-record.ts';
export {
  ExclusiveLockNeeded,
  lockPractice,
  lockPracticeShared,
  lockRecords,
  needsExclusiveLock,
  type PracticeLock,
  requireLocked,
} from './store/write/locks.ts';
export { createOnDemandUpgrade, type OnDemandUpgrade } from './store/write/on-demand-upgrade.ts';
export { prepareWrites } from './store/write/prepare-writes.ts';
export { refreshIndex } from './store/write/refresh-index.ts';
export { ensureConverted, refreshProjections } from './store/write/refresh-projections.ts';
export type { ResourceToStore, StoredDocument } from './store/write/resource-to-store.ts';
export { replaceReferences } from './store/write/rewrite-references.ts';
export { deleteUnusedMedications } from './store/write/unused-medications.ts';
export { writeDirectory, writeResources } from './store/write/write-resources.ts';
export { SourceConflictError } from './store/write/write-rows.ts';
