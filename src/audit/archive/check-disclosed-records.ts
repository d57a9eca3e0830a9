import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { timeSql } from './canonical-event.ts';
import type { Period } from './read-events.ts';
import type { EventPosition } from './segment.ts';

/** Number of events that one step reads at most, and of those among them that are about several records. */
const EVENTS_OF_STEP = 2000;
const SEVERAL_OF_STEP = 50;
const BEFORE_FIRST_ID = '00000000-0000-0000-0000-000000000000';

const STEP_COLUMNS = { next_at: 'text?', next_id: 'uuid?', missing: 'bool', added: 'bool' } as const;
type StepRow = RowOf<typeof STEP_COLUMNS>;

/**
 * Compares the events from `$1` until `$2` after the position `$3`, `$4` with the table that finds them by record. The step
 * has the events up to a number of events about several records, and the rows of the table until the last of these
 * events, or until the end of the period.
 */
const stepStatement = (events: string, records: string) =>
  statement(
    `audit.disclosed.check-${records}`,
    STEP_COLUMNS,
    `with scanned as materialized (
     select e.at, e.id, case when e.record_id is null then e.detail -> 'disclosed' end as disclosed from ${events} e
     where e.at >= $1 and e.at < $2 and (e.at, e.id) > ($3::timestamptz, $4::uuid)
     order by e.at, e.id limit ${EVENTS_OF_STEP}),
   part as materialized (
     select s.at, s.id, s.disclosed from (
       select s.*, count(s.disclosed) over (order by s.at, s.id rows between unbounded preceding and 1 preceding) as before
       from scanned s) s
     where s.before < ${SEVERAL_OF_STEP}),
   -- Without a position, the step reaches the end of the period.
   next as materialized (
     select p.at, p.id from part p
     where (select count(*) from scanned) = ${EVENTS_OF_STEP} or (select count(*) from part) < (select count(*) from scanned)
     order by p.at desc, p.id desc limit 1),
   sealed as materialized (
     select r.key::int8 as record_id, p.at, p.id, r.value::int4 as resources
     from part p cross join lateral jsonb_each(p.disclosed) r where p.disclosed is not null),
   stored as materialized (
     select d.record_id, d.at, d.id, d.resources from ${records} d
     where d.at >= $1 and d.at < $2 and d.at <= coalesce((select n.at from next n), $2)
       and (d.at, d.id) > ($3::timestamptz, $4::uuid)
       and (d.at, d.id) <= (coalesce((select n.at from next n), $2), coalesce((select n.id from next n), '${BEFORE_FIRST_ID}')))
   select ${timeSql('n.at')} as next_at, n.id as next_id,
     exists (table sealed except all table stored) as missing, exists (table stored except all table sealed) as added
   from (select) one left join next n on true`,
  );
const ofLog = stepStatement('audit_event', 'disclosed_record');
const ofImports = stepStatement('imported_audit_event', 'imported_disclosed_record');

/** How the table that finds events by record differs from the events. docs/audit-log.md explains each code. */
export type DisclosedProblem = 'patients-missing' | 'patients-added' | 'patients-changed';

/**
 * Compares the events about several records with the table that finds them for a record, step by step. Without a row, the
 * access log of a patient lacks an event.
 * @returns the problem: rows that the events have and the table doesn't, the other way around, or both
 */
async function checkSteps(
  db: Executor,
  step: typeof ofLog,
  { from, to }: Period,
): Promise<DisclosedProblem | undefined> {
  let [isMissing, isAdded] = [false, false];
  let after: EventPosition | null = null;
  do {
    const position: readonly string[] =
      after === null ? [from, to, '-infinity', BEFORE_FIRST_ID] : [after.at, to, after.at, after.id];
    const [found]: readonly StepRow[] = await db.query(step, position);
    isMissing ||= found?.missing === true;
    isAdded ||= found?.added === true;
    after = found?.next_at == null || found.next_id === null ? null : { at: found.next_at, id: found.next_id };
  } while (after !== null);
  if (isMissing && isAdded) return 'patients-changed';
  if (isMissing) return 'patients-missing';
  return isAdded ? 'patients-added' : undefined;
}

/** Checks the events of a period of the log, which is in the database. */
export const checkDisclosedRecords = (db: Executor, period: Period): Promise<DisclosedProblem | undefined> =>
  checkSteps(db, ofLog, period);

/** Checks the events of all imported practices. */
export const checkImportedDisclosedRecords = (db: Executor): Promise<DisclosedProblem | undefined> =>
  checkSteps(db, ofImports, { from: '-infinity', to: 'infinity' });
