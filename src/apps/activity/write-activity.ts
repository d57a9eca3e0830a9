import { type Database, type Executor, statement } from '../../database/index.ts';
import type { ClientId, RecordId } from '../../kernel/index.ts';
import { countOne, type PendingCounts, sortedCounts } from './counts.ts';
import { type FindPseudonym, pseudonymLookup } from './pseudonym.ts';
import type { AuthorizationFirstData, BufferedRow, PatientDay, WriteBuffer } from './write-buffer.ts';

/**
 * Turns off waiting for the disk at commit. A power failure may therefore lose the latest entries
 * of the activity log.
 */
const setAsyncCommit = statement(
  'registry.activity.unhurried',
  { set: 'text' },
  "select set_config('synchronous_commit', 'off', true) as set",
);
const REQUESTS = `(client_id, at, id, endpoint, interaction, type, parameters, others, pseudonym, patient,
     patients, live, resources, status, error, cause, request_id, milliseconds)
   select * from json_to_recordset($1) as row (client_id text, at timestamptz, id uuid, endpoint text, interaction text,
     type text, parameters text[], others int4, pseudonym text, patient uuid, patients int4, live bool, resources int4,
     status int4, error text, cause text, request_id text, milliseconds int4)`;
const COUNTS = `(client_id, hour, measure, name, count)
   select * from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::int8[])
   on conflict (client_id, hour, measure, name) do update set count = usage.count + excluded.count`;
const append = statement('registry.activity.append', {}, `insert into app_request ${REQUESTS}`);
const count = statement('registry.activity.count', {}, `insert into app_usage as usage ${COUNTS}`);
const appendMadeUp = statement('registry.made-up-activity.append', {}, `insert into made_up_request ${REQUESTS}`);
const countMadeUp = statement('registry.made-up-activity.count', {}, `insert into made_up_usage as usage ${COUNTS}`);
const insertPatients = statement(
  'registry.activity.keep-patients',
  {},
  `insert into app_usage_patient (client_id, day, pseudonym)
   select * from unnest($1::text[], $2::date[], $3::text[]) on conflict do nothing`,
);
/**
 * Records when an app first received data through an authorization. If several processes report
 * this, only the first inserts a row.
 */
const insertFamilies = statement(
  'registry.activity.keep-families',
  { family_id: 'text' },
  `insert into app_first_data (family_id, at) select * from unnest($1::text[], $2::timestamptz[])
   on conflict do nothing returning family_id`,
);

export interface WriteActivityDeps {
  readonly db: Database;
  readonly subjects: ReturnType<typeof pseudonymLookup>;
}

/** Writes all buffered log rows and usage counts in one transaction. */
export async function writeActivity({ db, subjects }: WriteActivityDeps, waiting: WriteBuffer): Promise<void> {
  const { rows, counts, patients, families } = waiting;
  const reached = [...patients.values()];
  const named = await subjects(db, [...rows.flatMap(recordKeys), ...reached]);
  await db.transaction(async (tx) => {
    await tx.query(setAsyncCommit);
    if (rows.length > 0) await tx.query(append, [JSON.stringify(rows.map((row) => toColumns(row, named)))]);
    const all = await withFirstData(tx, counts, families);
    if (all.size > 0) await writeCounts(tx, count, all);
    if (reached.length > 0) await writePatients(tx, reached, named);
  });
}

/**
 * Writes activity that a made-up app could have had, in tables that only statements about made-up apps read.
 * @param tx transaction in the space of the app
 */
export async function writeMadeUpActivity(
  tx: Executor,
  rows: readonly BufferedRow[],
  counts: PendingCounts,
): Promise<void> {
  const named = await pseudonymLookup()(tx, rows.flatMap(recordKeys));
  await tx.query(appendMadeUp, [JSON.stringify(rows.map((row) => toColumns(row, named)))]);
  await writeCounts(tx, countMadeUp, counts);
}

const recordKeys = ({ clientId, recordId }: BufferedRow): readonly { clientId: ClientId; recordId: RecordId }[] =>
  recordId === undefined ? [] : [{ clientId, recordId }];

function toColumns(row: BufferedRow, named: FindPseudonym): Readonly<Record<string, unknown>> {
  const { clientId, recordId, requestId, ...rest } = row;
  const subject = recordId === undefined ? undefined : named(clientId, recordId);
  return {
    ...rest,
    client_id: clientId,
    request_id: requestId,
    pseudonym: subject?.pseudonym,
    patient: subject?.patient,
    live: subject?.live ?? false,
  };
}

/**
 * Returns the usage counts plus the authorizations that gave an app their first data: each of them
 * adds one to the step `data` of the authorization funnel. The given counts stay unchanged, because
 * they are used again if the transaction fails.
 */
async function withFirstData(
  tx: Executor,
  counts: PendingCounts,
  families: ReadonlyMap<string, AuthorizationFirstData>,
): Promise<PendingCounts> {
  if (families.size === 0) return counts;
  const ids = [...families.keys()].sort();
  const all = new Map(counts);
  for (const { family_id } of await tx.query(insertFamilies, [ids, ids.map((id) => families.get(id)?.at)])) {
    const first = families.get(family_id);
    if (first !== undefined) countOne(all, first.clientId, first.at, 'funnel', 'data');
  }
  return all;
}

async function writeCounts(tx: Executor, insert: typeof count, counts: PendingCounts): Promise<void> {
  const all = sortedCounts(counts);
  await tx.query(insert, [
    all.map(({ clientId }) => clientId),
    all.map(({ hour }) => hour),
    all.map(({ measure }) => measure),
    all.map(({ name }) => name),
    all.map((one) => one.count),
  ]);
}

async function writePatients(tx: Executor, reached: readonly PatientDay[], named: FindPseudonym): Promise<void> {
  const all = reached.flatMap(({ clientId, day, recordId }) => {
    const subject = named(clientId, recordId);
    return subject === undefined ? [] : [{ clientId, day, pseudonym: subject.pseudonym }];
  });
  all.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  await tx.query(insertPatients, [
    all.map(({ clientId }) => clientId),
    all.map(({ day }) => day),
    all.map(({ pseudonym }) => pseudonym),
  ]);
}

const sortKey = ({ clientId, day, pseudonym }: { clientId: string; day: string; pseudonym: string }): string =>
  `${clientId}\n${day}\n${pseudonym}`;
