import { type Database, type Executor, type RowOf, statement } from '../../database/index.ts';
import type { Clock, PatientId, PracticeId } from '../../kernel/index.ts';
import { listPractices } from '../../practices/index.ts';

/** Number of records whose apps one statement counts. A practice with more is counted by the task, step by step. */
const RECORDS_AT_ONCE = 1000;
const FIRST_PATIENT = '00000000-0000-0000-0000-000000000000';

/** How many patients of a practice allowed an app, and when the first of them did. */
export interface AppCount {
  readonly clientId: string;
  readonly patients: number;
  readonly since: Date;
}

/** The apps of all patients of a practice, and when they were counted. undefined: now. */
export interface AppCounts {
  readonly apps: readonly AppCount[];
  readonly countedAt: Date | undefined;
}

const COUNT_COLUMNS = {
  last_patient: 'uuid?',
  records: 'int4',
  client_id: 'text?',
  patients: 'int4?',
  since: 'timestamptz?',
} as const;
/**
 * Counts the patients of each app among some records of a practice, in the order of their patient ids. Grants without an
 * active token family are left out, because they no longer give access. A record is in one part only, so the numbers of
 * all parts add up.
 */
const countPart = statement(
  'desk.app-counts.count',
  COUNT_COLUMNS,
  `with part as materialized (
     select r.record_id, r.patient_id, r.state from record r where r.practice_id = $1 and r.patient_id > $2
     order by r.patient_id limit ${RECORDS_AT_ONCE}),
   access as (
     select g.client_id, count(distinct g.record_id)::int4 as patients, min(g.created_at) as since
     from part p cross join lateral (
       select g.client_id, g.record_id, f.created_at from consent_grant g
       join token_family f on f.grant_id = g.grant_id and f.revoked_at is null and (f.expires_at is null or f.expires_at > $3)
       where g.record_id = p.record_id and g.subject = 'record' and g.revoked_at is null offset 0) g
     where p.state = 'active' group by g.client_id)
   select l.patient_id as last_patient, l.records, a.client_id, a.patients, a.since
   from (select (array_agg(patient_id order by patient_id desc))[1] as patient_id, count(*)::int4 as records from part) l
   left join access a on true`,
);
const STORED_COLUMNS = {
  client_id: 'text',
  patients: 'int4',
  since: 'timestamptz',
  counted_at: 'timestamptz',
} as const;
const stored = statement(
  'desk.app-counts.stored',
  STORED_COLUMNS,
  'select client_id, patients, since, counted_at from practice_app_count where practice_id = $1',
);
const deleteOthers = statement(
  'desk.app-counts.delete',
  {},
  'delete from practice_app_count where practice_id = $1 and client_id <> all($2::text[])',
);
const save = statement(
  'desk.app-counts.save',
  {},
  `insert into practice_app_count as c (practice_id, client_id, patients, since, counted_at)
   select $1, n.client_id, n.patients, n.since, $5 from unnest($2::text[], $3::int4[], $4::timestamptz[]) n (client_id, patients, since)
   on conflict (practice_id, client_id) do update
     set patients = excluded.patients, since = excluded.since, counted_at = excluded.counted_at`,
);

/** @returns `next`: the last patient of the part; undefined if the part has the last patient of the practice */
async function countRecords(db: Executor, practiceId: PracticeId, now: Date, after: string) {
  const rows = await db.query(countPart, [practiceId, after, now]);
  const [first] = rows;
  const isLast = first === undefined || first.last_patient === null || first.records < RECORDS_AT_ONCE;
  return { apps: rows.flatMap(toCount), next: isLast ? undefined : (first.last_patient as PatientId) };
}

const toCount = ({ client_id, patients, since }: RowOf<typeof COUNT_COLUMNS>): readonly AppCount[] =>
  client_id === null || patients === null || since === null ? [] : [{ clientId: client_id, patients, since }];

/**
 * Returns the apps that patients of a practice use. Small practices are counted now, others are counted every hour.
 * @returns undefined if the practice wasn't counted yet
 */
export async function findAppCounts(db: Executor, practiceId: PracticeId, now: Date): Promise<AppCounts | undefined> {
  const rows = await db.query(stored, [practiceId]);
  const [first] = rows;
  if (first !== undefined)
    return {
      apps: rows.map(({ client_id, patients, since }) => ({ clientId: client_id, patients, since })),
      countedAt: first.counted_at,
    };
  const { apps, next } = await countRecords(db, practiceId, now, FIRST_PATIENT);
  return next === undefined ? { apps, countedAt: undefined } : undefined;
}

/** Counts the apps of all practices that have too many patients to be counted for each request. */
export async function countPracticeApps(db: Database, clock: Clock, isStopping: () => boolean): Promise<void> {
  for (const { practiceId } of await listPractices(db)) {
    const now = clock.now();
    const totals = new Map<string, AppCount>();
    let part = await countRecords(db, practiceId, now, FIRST_PATIENT);
    const isLarge = part.next !== undefined;
    for (;;) {
      for (const one of part.apps) totals.set(one.clientId, add(one, totals.get(one.clientId)));
      if (part.next === undefined) break;
      if (isStopping()) return;
      part = await countRecords(db, practiceId, now, part.next);
    }
    const counts = isLarge ? [...totals.values()] : [];
    const clientIds = counts.map(({ clientId }) => clientId);
    await db.transaction(async (tx) => {
      await tx.query(deleteOthers, [practiceId, clientIds]);
      if (counts.length === 0) return;
      const numbers = counts.map(({ patients }) => patients);
      await tx.query(save, [practiceId, clientIds, numbers, counts.map(({ since }) => since), now]);
    });
  }
}

const add = (one: AppCount, sum: AppCount | undefined): AppCount =>
  sum === undefined
    ? one
    : { ...one, patients: one.patients + sum.patients, since: new Date(Math.min(+one.since, +sum.since)) };
