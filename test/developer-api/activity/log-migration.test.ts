import path from 'node:path';
import { runner } from 'node-pg-migrate';
import { expect, it } from 'vitest';
import { listAppLog } from '../../../src/apps/index.ts';
import { migrate } from '../../../src/database/index.ts';
import { CHECKOUT } from '../../support/checkout.ts';
import { emptyDatabase } from '../../support/database/empty-database.ts';
import { testDatabase } from '../../support/database/test-database.ts';

it('rejections that an older version stored stay in the log', async () => {
  let url = '';
  const { db, close } = await emptyDatabase(testDatabase(), (migrated) => {
    url = migrated;
    return runner({
      databaseUrl: migrated,
      dir: path.join(CHECKOUT, 'src/database/migrations'),
      direction: 'up',
      count: 3,
      migrationsTable: 'schema_migration',
      log: () => {},
    });
  });
  const at = new Date('2026-06-01T12:00:00Z');
  await db.queryText(
    `insert into app_log (client_id, at, id, endpoint, error, cause, request_id)
     values ('app-1', $1, gen_random_uuid(), 'token', 'invalid_grant', 'This code was used 4 s ago.', 'r-1')`,
    [at],
  );
  await migrate({ connectionString: url });
  expect(await listAppLog(db, 'app-1', { limit: 10, refused: true })).toMatchObject([
    {
      at,
      endpoint: 'token',
      error: 'invalid_grant',
      cause: 'This code was used 4 s ago.',
      requestId: 'r-1',
      status: undefined,
      parameters: [],
    },
  ]);
  await close();
});
