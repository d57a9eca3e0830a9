import { type Executor, statement } from '../database/index.ts';
import type { PracticeId } from '../kernel/index.ts';

/** An import of data by an operator that has a start event in the audit log but no end event. */
export interface UnfinishedLoad {
  readonly practiceId: PracticeId;
  readonly source: string;
  readonly files: number;
  readonly begunAt: Date;
}

/**
 * Selects imports without an end. The start and end events of an import have the same request id. Operators run
 * imports, so these events have no client_id. The condition on client_id lets PostgreSQL use an index.
 */
const unfinishedStatement = statement(
  'audit.unfinished-loads',
  { practice_id: 'int4', source: 'text', files: 'int4', begun_at: 'timestamptz' },
  `with step as (
     select at, request_id, detail->>'step' as step, (detail->>'practice')::int as practice_id,
       detail->>'source' as source, coalesce((detail->>'files')::int, 0) as files
     from audit_event
     where client_id is null and at >= $1 and kind = 'write' and detail->>'bundle' = 'load' and request_id is not null
   )
   select b.practice_id, b.source, b.files, b.at as begun_at from step b
   where b.step = 'begun' and not exists (
     select from step later join step done on done.request_id = later.request_id and done.step = 'done'
     where later.step = 'begun' and later.practice_id = b.practice_id and later.source = b.source and later.at >= b.at)
   order by b.at, b.source`,
);

/**
 * Lists imports that started at or after the time `since` and have no end event. An import is left out if a later
 * import with the same source name into the same practice finished.
 */
export const findUnfinishedLoads = async (db: Executor, since: Date): Promise<readonly UnfinishedLoad[]> =>
  (await db.query(unfinishedStatement, [since])).map(({ practice_id, source, files, begun_at }) => ({
    practiceId: practice_id as PracticeId,
    source,
    files,
    begunAt: begun_at,
  }));
