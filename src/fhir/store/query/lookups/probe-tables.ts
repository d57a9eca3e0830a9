import { type Executor, statement } from '../../../../database/index.ts';

const anyResource = statement(
  'portal.status.any-record',
  { found: 'bool' },
  'select exists(select from resource) as found',
);
const anyProjection = statement(
  'portal.status.any-projection',
  { found: 'bool' },
  'select exists(select from projection) as found',
);

/** Reads the table of R4 resources, for a health check. Throws if that fails. */
export async function probeResources(db: Executor): Promise<void> {
  await db.query(anyResource);
}

/** Reads the table of DSTU2 projections, for a health check. Throws if that fails. */
export async function probeProjections(db: Executor): Promise<void> {
  await db.query(anyProjection);
}
