import { type Executor, statement } from '../database/index.ts';
import type { PracticeId, RecordId } from '../kernel/index.ts';
import type { AuditEvent } from './event.ts';

/** The most records that one event is about. It is the largest page of a search, and bounds the size of an event. */
const MAX_RECORDS = 1000;

const practicesStatement = statement(
  'audit.practices-of-records',
  { record_id: 'int8', practice_id: 'int4' },
  'select r.record_id, r.practice_id from record r where r.record_id = any($1::int8[])',
);

/**
 * Splits an event about several records into events about the records of one practice each. What the log stores of one
 * practice must not name records of another, because it can be exported.
 */
export async function splitByPractice(db: Executor, event: AuditEvent): Promise<readonly AuditEvent[]> {
  const { records, practiceId } = event;
  if (records === undefined || records.size === 1) return toSingleEvents(event);
  const known =
    practiceId === undefined
      ? new Map(
          (await db.query(practicesStatement, [[...records.keys()]])).map((row) => [row.record_id, row.practice_id]),
        )
      : undefined;
  const practices = Map.groupBy(records, ([recordId]) => known?.get(recordId) ?? practiceId);
  return [...practices].flatMap(([practice, ofPractice]) =>
    toGroups(event, practice as PracticeId | undefined, ofPractice),
  );
}

/** @param practiceId undefined if the records were removed meanwhile */
function toGroups(event: AuditEvent, practiceId: PracticeId | undefined, records: readonly [RecordId, number][]) {
  const groups: AuditEvent[] = [];
  for (let start = 0; start < records.length; start += MAX_RECORDS) {
    const some = new Map(records.slice(start, start + MAX_RECORDS));
    const resources = [...some.values()].reduce((sum, count) => sum + count, 0);
    const group = { ...event, practiceId, resources, records: some };
    groups.push(...(some.size === 1 || practiceId === undefined ? toSingleEvents(group) : [group]));
  }
  return groups;
}

/** Returns one event for each record. */
export const toSingleEvents = ({ records, practiceId: _, ...event }: AuditEvent): readonly AuditEvent[] =>
  records === undefined ? [event] : [...records].map(([recordId, resources]) => ({ ...event, recordId, resources }));

/** Returns the detail of an event as the log stores it. */
export const toStoredDetail = ({ records, practiceId, detail }: AuditEvent): AuditEvent['detail'] =>
  records === undefined ? detail : { ...detail, practice: practiceId, disclosed: Object.fromEntries(records) };

/** SQL: the columns of an event `e` about several records, as an event about the record of `l`. */
const AS_RECORD = `l.at, l.id, e.kind, e.outcome, e.request_id, l.record_id, e.account_id, e.client_id, e.grant_id, e.type,
       l.resources, e.detail, e.family_id`;

/** SQL: the detail of the event `e` without the records that it is about. */
export const OWN_DETAIL_SQL = "e.detail - 'disclosed'";

/**
 * SQL: the events about a record, in no particular order. An event about several records appears as an event about this
 * one, with its own number of resources. Its detail still has the other records, because removing them takes time:
 * `OWN_DETAIL_SQL` removes them from the events that are shown.
 * @param record SQL of the record's number
 * @param condition SQL condition on time and id of the event `e`
 * @param most SQL of the number of events after which the caller stops in the order of time, the newest first
 */
export function recordEventsSql(record: string, condition: string, most?: string): string {
  // Each part is in the order of its index, so that PostgreSQL merges the parts and stops early.
  const order = (alias: string) => (most === undefined ? '' : ` order by ${alias}.at desc, ${alias}.id desc`);
  const find = (from: string) =>
    `(select e.* from ${from} e where e.record_id = ${record} and ${condition}${order('e')}${most === undefined ? '' : ` limit ${most}`})`;
  // With a limit of one, PostgreSQL looks up each event by its key.
  const inGroups = (records: string, events: string) => `(
       select ${AS_RECORD} from ${find(records)} l
       cross join lateral (select e.* from ${events} e where e.at = l.at and e.id = l.id limit 1) e${order('l')})`;
  return `select e.* from (
       ${find('recorded_event')}
       union all ${inGroups('disclosed_record', 'audit_event')}
       union all ${inGroups('imported_disclosed_record', 'imported_audit_event')}) e where true`;
}

/**
 * SQL: the events about the records of a practice, as events about one record each, in no particular order. They are
 * found by joins, because a report reads all of them.
 * @param practice SQL of the practice's id
 * @param period returns an SQL condition on the time of an alias
 */
export function practiceEventsSql(practice: string, period: (alias: string) => string): string {
  const inGroups = (records: string, events: string) => `
     select ${AS_RECORD} from record r join ${records} l on l.record_id = r.record_id
       join ${events} e on e.at = l.at and e.id = l.id
     where r.practice_id = ${practice} and ${period('l')} and ${period('e')}`;
  return `
     select e.* from record r join recorded_event e on e.record_id = r.record_id
     where r.practice_id = ${practice} and ${period('e')}
     union all ${inGroups('disclosed_record', 'audit_event')}
     union all ${inGroups('imported_disclosed_record', 'imported_audit_event')}`;
}

/** SQL: a record that the stored event `e` is about. All records of an event belong to one practice. */
export const ANY_RECORD_SQL = `coalesce(e.record_id,
     (select r.key::int8 from jsonb_object_keys(e.detail -> 'disclosed') r (key) limit 1))`;

/**
 * SQL: the records that the stored event `e` is about, with the columns `record_id` and `resources`. For statements that
 * find events by something else than a record.
 */
export const EVENT_RECORDS_SQL = `(
     select e.record_id, e.resources where e.record_id is not null
     union all
     select r.key::int8, r.value::int4 from jsonb_each(e.detail -> 'disclosed') r where e.record_id is null)`;
