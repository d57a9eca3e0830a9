import path from 'node:path';
import type { Config } from '../../config/index.ts';
import { defaultDataDir } from '../../database/index.ts';
import { OperatorError } from '../../kernel/index.ts';
import { parseCount } from '../option-values.ts';

/**
 * Returns the data folder of the embedded database.
 * @throws OperatorError if the settings name an external database
 */
export function embeddedDataDir({ databaseUrl, dataDir, checkout }: Config): string {
  if (databaseUrl !== undefined)
    throw new OperatorError(
      'This command is for the embedded database, but DATABASE_URL is set. docs/backup-external.md is about your own PostgreSQL.',
    );
  return dataDir ?? defaultDataDir(checkout);
}

/** Reads the options that choose the WAL of a restore. */
export const walChoice = (
  input: { readonly config: Config; readonly folder: string },
  { wal, timeline }: { readonly wal?: string; readonly timeline?: string },
) => ({
  walArchive: walArchiveOf(input, wal),
  timeline: timeline === undefined ? undefined : parseCount('timeline', timeline),
});

/** Returns the folder of an option, or that of the setting. */
export const walArchiveOf = (
  { config, folder }: { readonly config: Config; readonly folder: string },
  typed: string | undefined,
): string | undefined => (typed === undefined ? config.walArchiveDir : path.resolve(folder, typed));
