export {
  documentPlaceholder,
  mayHaveDocuments,
  placedDocumentId,
  placedDocumentIds,
  withDocumentAddresses,
} from './core/document-address.ts';
export { parseJson, printJson } from './core/json.ts';
export type { Projected, Projection } from './core/projection.ts';
export { type Retirement, retirementHeaders } from './core/retirement.ts';
export { servedTypes } from './core/served-types.ts';
export { spanOfDate } from './core/span.ts';
export type { Endpoints, FhirVersion, Resource, ServedType } from './core/version.ts';
export { dstu2, dstu2Losses, HAS_ANOTHER_FORM } from './dstu2/index.ts';
export { sweepExports } from './export/drop.ts';
export { type WorkDeps, workOffExports } from './export/work-off.ts';
export { isGroupName, LONGEST_GROUP_NAME } from './groups/name.ts';
export {
  addGroup,
  changeMembers,
  findGroup,
  type Group,
  groupsOf,
  membersOf,
  missingFrom,
  type NewGroup,
  removeGroup,
  renameGroup,
} from './groups/store.ts';
export type {
  AppActivity,
  AppRequest,
  BackendStanding,
  BundleAnswer,
  BundleFeed,
  Disclosure,
  DisclosureTrail,
  SentBundle,
} from './ports.ts';
export { projections } from './projections.ts';
export {
  isAboutAnother,
  isFamilyHistory,
  isForbidden,
  isMistake,
  isPlanned,
  isRefuted,
  isReported,
} from './r4/clinical-status.ts';
export { r4 } from './r4/index.ts';
export type { FhirDeps } from './routes/deps.ts';
export { errorRenderer as fhirErrors } from './routes/errors.ts';
export { fhirRoutes } from './routes/routes.ts';
export { openTurns } from './routes/turns.ts';
export { type AtPractice, findAtPractice, findByIdentifier, hasIdentifiers } from './store/at-practice.ts';
export { broughtBy, patientsByMerge, recordsWithParts, type Way } from './store/brought-by.ts';
export { instantOf } from './store/draft.ts';
export { elementsAt, isObject } from './store/elements.ts';
export { listEncounters } from './store/encounters.ts';
export { countHidden } from './store/hidden.ts';
export { holdsResource, holdsShared } from './store/holds.ts';
export { storedHome } from './store/index-table.ts';
export { lockPractice } from './store/locks.ts';
export { makeReady } from './store/make-ready.ts';
export { withAddresses } from './store/map-references.ts';
export { patientLinks, replacedBy, replacing } from './store/merge-links.ts';
export { mergeRecords } from './store/merge-records.ts';
export { keepAdded, notThere } from './store/merged-origins.ts';
export { readPeople } from './store/people.ts';
export { listPractitioners } from './store/practitioners.ts';
export { putDirectory, putResources } from './store/put.ts';
export {
  joinedPatients,
  type MergedRecord,
  type MergeSaid,
  mergedRecords,
  openMerge,
  patientOfRecord,
  type RecordState,
  recordState,
  remaining,
} from './store/record-merges.ts';
export { refreshIndex } from './store/refresh-index.ts';
export { refreshProjections } from './store/refresh-projections.ts';
export { removeResource } from './store/remove.ts';
export { type Retracted, retractResources } from './store/retract-resources.ts';
export { liftRetraction, storedSince } from './store/seal.ts';
export { type NotHere, type ResourceKey, readStored, storedElsewhere } from './store/stored.ts';
export type { StoredDocument, ToStore } from './store/to-store.ts';
export { isTakenApart, linksLeftOut, patientsTakenApart, saidByOperator } from './store/undone-merges.ts';
export { unmergeRecords } from './store/unmerge-records.ts';
export { dropUnusedMedications } from './store/unused-medications.ts';
export { openUpkeep, type Upkeep } from './store/upkeep.ts';
export {
  countOwn,
  countProjected,
  type DatedEntry,
  type DatedPosition,
  type Holder,
  isPosition,
  type OwnDocument,
  type OwnEntry,
  ownDirectory,
  ownDocument,
  ownDocumentIds,
  ownOfType,
  ownReferences,
  wholeRecord,
} from './store/whole-record.ts';
export { OfAnotherSource } from './store/write-rows.ts';
