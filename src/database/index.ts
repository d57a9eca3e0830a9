export type { QueryLimits } from './cancelable-query.ts';
export * from './check-database.ts';
export * from './citus/index.ts';
export type { DatabaseConnection } from './client.ts';
export * from './database.ts';
export { readDeclaredIndexes } from './declared-indexes.ts';
export * from './delete-in-batches.ts';
export * from './disk-space.ts';
export { createReleaseCheck } from './earlier-release.ts';
export * from './embedded/index.ts';
export * from './made-up-space.ts';
export { migrate } from './migrate.ts';
export { readNameComment } from './prepared-query.ts';
export * from './read-replica.ts';
export { createReadinessCheck, type DatabaseProblem } from './readiness.ts';
export {
  NO_READ_STANDBY,
  openRecordDatabase,
  type RecordDatabase,
  type RecordDatabaseOptions,
} from './record-database.ts';
export * from './roles.ts';
export * from './savepoints.ts';
export * from './standby-identity.ts';
export * from './statement.ts';
