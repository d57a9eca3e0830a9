import { expect, it } from 'vitest';
import { emptyDatabase } from '../support/database/empty-database.ts';
import { testDatabase } from '../support/database/test-database.ts';

it('texts of resources are compressed with LZ4 and stay in their rows, if PostgreSQL has LZ4', async () => {
  const { db, close } = await emptyDatabase(testDatabase());
  const [column] = await db.queryText<{ lz4: boolean; compression: string; storage: string; target: string }>(
    `select 'lz4' = any(s.enumvals) as lz4, a.attcompression::text as compression, a.attstorage::text as storage,
       (select option_value from pg_options_to_table(c.reloptions) where option_name = 'toast_tuple_target') as target
     from pg_settings s, pg_attribute a join pg_class c on c.oid = a.attrelid
     where s.name = 'default_toast_compression' and c.oid = 'resource'::regclass and a.attname = 'content'`,
    [],
  );
  const [compression, storage, target] = column?.lz4 ? ['l', 'm', '1600'] : ['', 'x', '4080'];
  expect(column).toMatchObject({ compression, storage, target });
  await close();
});
