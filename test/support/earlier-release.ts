import type { Database } from '../../src/database/index.ts';

/** Has everything stored count as what an earlier release left: nothing is known of its index and its conversions. */
export async function leftByEarlierRelease({ queryText }: Pick<Database, 'queryText'>): Promise<void> {
  await queryText('update record set indexed_by = 0, converted_by = 0', []);
  await queryText(
    'update practice set indexed_by = 0, converted_by = 0, records_indexed_by = 0, records_converted_by = 0',
    [],
  );
}
