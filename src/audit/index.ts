export { type AuditSetting, auditEvent } from './balp.ts';
export { AUDIT_KINDS, type AuditEvent, type AuditKind } from './event.ts';
export {
  countReads,
  type LogFilter,
  type LoggedRead,
  type LogPosition,
  type OwnFamilies,
  readersOf,
  readsOf,
  type Usage,
  usageOf,
  type Whose,
  WITHOUT_APP,
} from './read.ts';
export { type RecordReader, readersBetween, type Stay } from './readers-between.ts';
export { searchTrail, type TrailEntry, type TrailQuery } from './search.ts';
export { openTrail, type Trail } from './trail.ts';
export { type UnfinishedLoad, unfinishedLoads } from './unfinished.ts';
