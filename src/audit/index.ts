export {
  countAccessLogEntries,
  findGrantUsage,
  findGrantUsageForStaff,
  type GrantUsage,
  listAccessLog,
  listReaderApps,
  type ReaderApp,
} from './access-log.ts';
export {
  type AccessLogEntry,
  type AccessLogFilter,
  type AccessLogReader,
  type VisibleFamilyIds,
  WITHOUT_APP,
} from './access-log-query.ts';
export { type AppReadsSummary, MAX_COUNTED_EVENTS, summarizeAppReads } from './access-log-summary.ts';
export { archiveFolder } from './archive/archive-files.ts';
export { checkImportedDisclosedRecords } from './archive/check-disclosed-records.ts';
export {
  type AuditSealState,
  claimUnreportedProblems,
  listAuditProblems,
  readSealState,
} from './archive/check-store.ts';
export {
  countNoticedEvents,
  type LostEventResult,
  listHandledEvents,
  noticeLostEvents,
  saveLostEvent,
  settleNoticedEvents,
} from './archive/lost-event-store.ts';
export { findLostEvents, type LostEvent, type LostEvents } from './archive/lost-events.ts';
export { copyRecentEvents, findLostRecently } from './archive/recent-events.ts';
export { findArchivedPart, searchWholeAuditLog } from './archive/search-archive.ts';
export { acceptSegments, findNewestSegment } from './archive/segment-store.ts';
export { type AuditVerification, verifyAuditLog } from './archive/verify-chain.ts';
export { type AuditLog, createAuditLog } from './audit-log.ts';
export { insertAuditRow } from './audit-row.ts';
export type { AuditLogPosition, EventPage } from './bounded-scan.ts';
export { createAudit } from './create-audit.ts';
export { addRecentReads, daysOfAppSql, lastReadSql, readingAppsSql } from './daily-reads.ts';
export { ANY_RECORD_SQL, practiceEventsSql, recordEventsSql } from './disclosed-records.ts';
export { AUDIT_KINDS, type AuditEvent, type AuditKind } from './event.ts';
export { type AuditEventContext, toFhirAuditEvent } from './fhir-audit-event.ts';
export {
  addImportedEvents,
  EVENT_LINE_SQL,
  type ImportVerification,
  recordPracticeImport,
  verifyImportedEvents,
} from './imported-events.ts';
export { listMadeUpApps, MADE_UP_READS_SQL, type MadeUpRead, replaceMadeUpReads } from './made-up-reads.ts';
export { findReadersBetween, type RecordPeriod, type RecordReaderSummary } from './record-readers.ts';
export { type AuditLogEntry, type AuditLogFilter, collectAuditLog, searchAuditLog } from './search-audit-log.ts';
export { isAuditSearchIndex } from './search-indexes.ts';
export { findUnfinishedLoads, type UnfinishedLoad } from './unfinished-loads.ts';
