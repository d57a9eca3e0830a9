import type { Database } from '../../../src/database/index.ts';

/** Makes all records look as if an earlier release had stored them with an outdated search index. */
export async function markIndexAsEarlierRelease({ queryText }: Pick<Database, 'queryText'>): Promise<void> {
  await queryText('update record set indexed_by = 0', []);
  await queryText('update practice set records_indexed_by = 0', []);
}

/**
 * Makes all data look as if an earlier release had stored it, with an outdated search index and outdated DSTU2
 * conversions.
 */
export async function markAsEarlierRelease({ queryText }: Pick<Database, 'queryText'>): Promise<void> {
  await queryText('update record set indexed_by = 0, conversion_version = 0', []);
  await queryText(
    'update practice set indexed_by = 0, conversion_version = 0, records_indexed_by = 0, records_conversion_version = 0',
    [],
  );
}
