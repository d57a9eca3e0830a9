export { findLatestBackup, readArchiveState, type WalArchiveState } from './archive-state.ts';
export { createBackup } from './create-backup.ts';
export type { BackupManifest } from './manifest.ts';
export { pruneBackups } from './prune-backups.ts';
export { restoreBackup, toSecond } from './restore-backup.ts';
export { verifyBackup } from './verify-backup.ts';
