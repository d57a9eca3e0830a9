import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/index.ts';
import { runDisconnects } from '../support/database/disconnects.ts';
import { findPgbouncer, startPgbouncer } from '../support/database/pgbouncer.ts';
import { testDatabase } from '../support/database/test-database.ts';

const program = findPgbouncer();

describe('10,000 clients that disconnect', () => {
  it('cancel no statement of another client', { timeout: 600_000 }, async () => {
    const db = openDatabase({ connectionString: testDatabase() }, 6);
    onTestFinished(() => db.close());
    const { failures, ...counts } = await runDisconnects(db, 10_000);
    console.log(JSON.stringify(counts));
    expect(failures).toEqual([]);
  });

  it.skipIf(program === undefined)(
    'cancel none through PgBouncer in transaction mode either',
    { timeout: 600_000 },
    async () => {
      const pooler = await startPgbouncer(program ?? '', testDatabase(), 3);
      const db = openDatabase({ connectionString: pooler.url }, 6);
      onTestFinished(async () => {
        await db.close();
        await pooler.close();
      });
      const { failures, ...counts } = await runDisconnects(db, 10_000);
      console.log(JSON.stringify(counts));
      expect(failures).toEqual([]);
    },
  );
});
