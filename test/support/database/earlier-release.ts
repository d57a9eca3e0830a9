import type { Database } from '../../../src/database/index.ts';

/** Marks all data as left by an earlier release, with an outdated index and outdated projections. */
export async function markAsEarlierRelease({ queryText }: Pick<Database, 'queryText'>): Promise<void> {
  await queryText('update record set indexed_by = 0, converted_by = 0', []);
  await queryText(
    'update practice set indexed_by = 0, converted_by = 0, records_indexed_by = 0, records_converted_by = 0',
    [],
  );
}
