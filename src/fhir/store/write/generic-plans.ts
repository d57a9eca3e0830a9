import { type Executor, statement } from '../../../database/index.ts';

/**
 * PostgreSQL plans most statements of a write each time, although the plan is always the same, because it estimates that
 * the plan for the given values is cheaper. Planning then takes as long as the write itself. A plan that was made while
 * `resource` was small could read all of it, so the table must have been analyzed with this number of rows. Citus needs
 * the values to find the shards of some statements, so its plans stay as they are.
 */
const MIN_ROWS = 10_000;

const forceGenericPlans = statement(
  'fhir.force-generic-plans',
  { mode: 'text' },
  `select set_config('plan_cache_mode', 'force_generic_plan', true) as mode
   from pg_class where oid = 'resource'::regclass and reltuples >= ${MIN_ROWS}
     and to_regclass('pg_catalog.pg_dist_partition') is null`,
);

/**
 * Runs writes of resources of patient records in a transaction. Their statements are planned only once for each
 * connection. All statements of `work` must find rows by the key of a resource or within one record.
 */
export async function withGenericPlans<Result>(tx: Executor, work: () => Promise<Result>): Promise<Result> {
  const [forced] = await tx.query(forceGenericPlans, []);
  const result = await work();
  // If the work fails, the rollback restores the setting.
  if (forced !== undefined) await tx.queryText('reset plan_cache_mode', []);
  return result;
}
