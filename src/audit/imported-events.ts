import { createHash } from 'node:crypto';
import { type Executor, statement } from '../database/index.ts';
import type { PracticeId } from '../kernel/index.ts';
import { CANONICAL_EVENT, timeSql } from './archive/canonical-event.ts';
import { EVENT_RECORDS_SQL } from './disclosed-records.ts';

/**
 * Adds events of another installation. Leaves out those that this installation has: its own, which stay when a practice
 * is removed, and those of an earlier import.
 */
const insertEvents = statement(
  'audit.imported.insert',
  { foreign: 'int4' },
  `with given as materialized (
     select * from json_to_recordset($1) as e (at timestamptz, id uuid, kind text, outcome text,
       request_id text, record_id int8, account_id uuid, client_id text, grant_id uuid, type text, resources int4,
       detail jsonb, family_id text)),
   added as (
     insert into imported_audit_event (at, id, kind, outcome, request_id, record_id, account_id, client_id, grant_id, type,
       resources, detail, family_id, import_id)
     select e.*, $2::uuid from given e
     where not exists (select from audit_event a where a.at = e.at and a.id = e.id)
     on conflict do nothing)
   select count(*)::int4 as foreign from given e cross join lateral ${EVENT_RECORDS_SQL} d
   where not exists (select from record r where r.record_id = d.record_id and r.practice_id = $3)`,
);
/** Also for events that this installation had: it may have removed the practice that its rows named. */
const addDailyReads = statement(
  'audit.imported.add-daily-reads',
  {},
  `select from (
     select array_agg(e.at) as at, array_agg(e.id) as id from json_to_recordset($1) as e (at timestamptz, id uuid)) e
   cross join lateral add_daily_reads(e.at, e.id)`,
);
const insertImport = statement(
  'audit.imported.record',
  {},
  `insert into practice_import (import_id, practice_id, imported_at, manifest_digest, events, events_digest)
   values ($1, $2, $3, $4, $5, $6)`,
);
const listImports = statement(
  'audit.imported.list',
  { import_id: 'uuid', practice_id: 'int4', imported_at: 'timestamptz', events: 'int8', events_digest: 'bytea' },
  'select import_id, practice_id, imported_at, events, events_digest from practice_import order by imported_at, import_id',
);
const PAGE_EVENTS = 2000;
const page = statement(
  'audit.imported.page',
  { at: 'text', id: 'uuid', line: 'text' },
  `select ${timeSql('e.at')} as at, e.id, ${CANONICAL_EVENT} as line from imported_audit_event e
   where e.import_id = $1 and (e.at, e.id) > ($2::timestamptz, $3::uuid) order by e.at, e.id limit ${PAGE_EVENTS}`,
);

/** SQL: the canonical form of the event `e`, as a line of the archive without its line feed. */
export const EVENT_LINE_SQL = CANONICAL_EVENT;

/**
 * Adds audit events from the export of a practice.
 * @param lines the events in the canonical form of the archive
 * @returns the number of events about records of other practices. If there are any, the caller has to roll back: they would
 * be shown to other patients.
 */
export async function addImportedEvents(
  tx: Executor,
  { importId, practiceId }: { readonly importId: string; readonly practiceId: PracticeId },
  lines: readonly string[],
): Promise<{ readonly foreign: number }> {
  const events = `[${lines.join(',')}]`;
  const [row] = await tx.query(insertEvents, [events, importId, practiceId]);
  await tx.query(addDailyReads, [events]);
  return { foreign: row?.foreign ?? 0 };
}

interface EventsDigest {
  readonly events: number;
  readonly digest: Buffer;
}

/** Computes the SHA-256 of an import's events: their lines in the order of time and id, each with a line feed. */
async function digestEvents(db: Executor, importId: string): Promise<EventsDigest> {
  const hash = createHash('sha256');
  let [events, at, id] = [0, '-infinity', '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const rows = await db.query(page, [importId, at, id]);
    for (const { line } of rows) hash.update(`${line}\n`);
    events += rows.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_EVENTS) return { events, digest: hash.digest() };
    ({ at, id } = last);
  }
}

export interface PracticeImport {
  readonly importId: string;
  readonly practiceId: PracticeId;
  readonly at: Date;
  readonly manifestDigest: Buffer;
}

/**
 * Records an import whose events were added.
 * @returns the number of these events and their digest, which belong into the audit event of the import: the chain of
 * digests then also proves the imported events
 */
export async function recordPracticeImport(
  tx: Executor,
  { importId, practiceId, at, manifestDigest }: PracticeImport,
): Promise<{ readonly events: number; readonly digest: string }> {
  const { events, digest } = await digestEvents(tx, importId);
  await tx.query(insertImport, [importId, practiceId, at, manifestDigest, events, digest]);
  return { events, digest: digest.toString('hex') };
}

/** An import of a practice, and whether its events are as they were imported. */
export interface ImportVerification {
  readonly importId: string;
  readonly practiceId: number;
  readonly importedAt: Date;
  readonly events: number;
  readonly isUnchanged: boolean;
}

/** Reads the events of all imports again, and compares them with the digests of the imports. */
export async function verifyImportedEvents(db: Executor): Promise<readonly ImportVerification[]> {
  const verified: ImportVerification[] = [];
  for (const row of await db.query(listImports)) {
    const found = await digestEvents(db, row.import_id);
    verified.push({
      importId: row.import_id,
      practiceId: row.practice_id,
      importedAt: row.imported_at,
      events: row.events,
      isUnchanged: found.events === row.events && found.digest.equals(row.events_digest),
    });
  }
  return verified;
}
