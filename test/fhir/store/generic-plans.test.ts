import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Executor, withSavepoints } from '../../../src/database/index.ts';
import { withGenericPlans } from '../../../src/fhir/index.ts';
import { isOnCluster } from '../../support/database/test-database.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());

const planMode = async (tx: Executor) => (await tx.queryText('show plan_cache_mode', []))[0];
const AUTO = { plan_cache_mode: 'auto' };
/** Citus needs the values of a statement to find its shards. */
const GENERIC = isOnCluster() ? AUTO : { plan_cache_mode: 'force_generic_plan' };

/** Runs work in a transaction in which PostgreSQL counted a number of stored resources. The transaction is rolled back. */
async function withRows(rows: number, work: (tx: Executor) => Promise<void>): Promise<void> {
  const rolledBack = server.db.transaction(async (tx) => {
    await tx.queryText("update pg_class set reltuples = $1 where oid = 'resource'::regclass", [rows]);
    await work(tx);
    throw new Error('roll back');
  });
  await expect(rolledBack).rejects.toThrow('roll back');
}

describe('writes of resources', () => {
  it('use generic plans while PostgreSQL counts many resources, and only during the writes', () =>
    withRows(10_000, async (tx) => {
      expect(await withGenericPlans(tx, () => planMode(tx))).toEqual(GENERIC);
      expect(await planMode(tx)).toEqual(AUTO);
    }));

  it.each([-1, 0, 9_999])('are planned with their values while PostgreSQL counts %i resources', (rows) =>
    withRows(rows, async (tx) => {
      expect(await withGenericPlans(tx, () => planMode(tx))).toEqual(AUTO);
    }),
  );

  it('don’t change the plans of their transaction if they fail in a savepoint', () =>
    withRows(10_000, async (tx) => {
      const failed = withSavepoints(tx).transaction((part) =>
        withGenericPlans(part, async () => {
          throw new Error('failed');
        }),
      );
      await expect(failed).rejects.toThrow('failed');
      expect(await planMode(tx)).toEqual(AUTO);
    }));
});
