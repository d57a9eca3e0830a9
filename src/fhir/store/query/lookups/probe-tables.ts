import { type Executor, statement } from '../../../../database/index.ts';

const anyResource = statement(
  'portal.status.any-record',
  { found: 'bool' },
  'select exists(select 1 from resource) as found',
);
const anyProjection = statement(
  'portal.status.any-projection',
  { found: 'bool' },
  'select exists(select 1 from conversion) as found',
);

/**
 * Reads the table of stored resources, for a health check.
 * @throws if the database can't be read
 */
export async function probeResources(db: Executor): Promise<void> {
  await db.query(anyResource);
}

/**
 * Reads the table of DSTU2 conversions, for a health check.
 * @throws if the database can't be read
 */
export async function probeProjections(db: Executor): Promise<void> {
  await db.query(anyProjection);
}
