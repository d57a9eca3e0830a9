import { type Executor, statement } from '../database/index.ts';
import type { Practice, PracticeKind } from '../domain/index.ts';
import type { PracticeId } from '../kernel/index.ts';

/**
 * A practice for the pages of the installation's administrators. It has only counts of records and staff, and no names
 * of people.
 */
export interface PracticeCounts extends Omit<Practice, 'generated'> {
  readonly enabled: boolean;
  readonly records: number;
  readonly staff: number;
}

const counts = statement(
  'practices.counts',
  { practice_id: 'int4', kind: 'text', name: 'text', enabled: 'bool', records: 'int4', staff: 'int4' },
  `select p.practice_id, p.kind, p.name, p.enabled,
     (select count(*)::int4 from record r where r.practice_id = p.practice_id and r.state = 'active') as records,
     (select count(*)::int4 from staff s join account a on a.account_id = s.account_id and a.closed_at is null
      where s.practice_id = p.practice_id) as staff
   from practice p order by p.name`,
);

/** Lists all practices, sorted by name, with counts of their active records and staff. */
export async function listPracticeCounts(db: Executor): Promise<readonly PracticeCounts[]> {
  return (await db.query(counts)).map((row) => ({
    practiceId: row.practice_id as PracticeId,
    kind: row.kind as PracticeKind,
    name: row.name,
    enabled: row.enabled,
    records: row.records,
    staff: row.staff,
  }));
}
