import { type Executor, statement } from '../../database/index.ts';
import type { ExportJob } from './export-job.ts';

const moved = statement(
  'fhir.export.moved',
  { moved: 'bool' },
  `with retracted as materialized (
     select distinct record_id from retraction where retracted_at >= $2 and into_record_id is not null)
   select exists (
       select 1 from record_merge m join record x on x.record_id = m.record_id
       where x.practice_id = any($1) and (m.merged_at >= $2 or m.undone_at >= $2))
     or exists (
       select 1 from retracted r join record x on x.record_id = r.record_id where x.practice_id = any($1)) as moved`,
);

/**
 * Whether any resources moved between patient records of the practices since a point in time. An export reads record by
 * record, so it would miss resources that moved to a record that it had already read.
 */
export const haveResourcesMoved = async (
  db: Executor,
  { practices }: Pick<ExportJob, 'practices'>,
  since: Date,
): Promise<boolean> => (await db.query(moved, [practices, since]))[0]?.moved ?? true;
