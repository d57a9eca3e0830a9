export { type DataDir, defaultDataDir, openDataDir } from './data-dir.ts';
export { type DatabaseUser, findObstacle } from './database-user.ts';
export { findRunningPostmaster } from './postmaster.ts';
export { type RecoveredCluster, recoverCluster } from './recover-cluster.ts';
export { type EmbeddedOptions, type EmbeddedPostgres, startEmbedded } from './start.ts';
export { WAL_ARCHIVE_EXTENSION, walArchiveFolder } from './wal-archive.ts';
