import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, ClientId, GrantId, RecordId } from '../../kernel/index.ts';
import type { AuditKind } from '../event.ts';
import { type ArchiveFile, listArchive, readArchive, splitLines } from './archive-files.ts';
import { CANONICAL_EVENT, timeSql } from './canonical-event.ts';
import { type EventLine, IS_CHANGE, isChange } from './change-events.ts';
import { type EventReference, listMissing } from './missing-events.ts';
import { listRecentFiles, type RecentFile, readRecentLines } from './recent-events.ts';
import { findNewestSegment, listAcceptedSegments, listSegments, segmentKey } from './segment-store.ts';

/** An audit event that the database doesn't have any more. */
export interface LostEvent extends EventReference {
  readonly kind: AuditKind;
  readonly outcome: 'success' | 'failure';
  readonly recordId: RecordId | undefined;
  readonly accountId: AccountId | undefined;
  readonly clientId: ClientId | undefined;
  readonly grantId: GrantId | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The events that the database lost, as far as they are known. */
export interface LostEvents {
  /** Changes in the order of their time. They contain only the last event about the tokens of each grant. */
  readonly changes: readonly LostEvent[];
  /** Number of all lost events that were found, except those of sealed days that aren't changes. */
  readonly count: number;
  /** Time of the first and of the last lost event. */
  readonly first: string | undefined;
  readonly last: string | undefined;
  /** Segments of the archive that the chain doesn't have, and that no operator has accepted as lost. */
  readonly segments: readonly ArchiveFile[];
}

interface Line extends EventLine, EventReference {
  readonly record_id?: number;
  readonly client_id?: string;
}

const CHANGE_LINES = { at: 'text', id: 'uuid', line: 'text' } as const;
const changesSince = statement(
  'audit.lost.changes',
  CHANGE_LINES,
  `select ${timeSql('e.at')} as at, e.id, ${CANONICAL_EVENT} as line from audit_event e
   where e.at >= $1 and (e.at, e.id) > ($1::timestamptz, $2::uuid) and ${IS_CHANGE} order by e.at, e.id limit 1000`,
);
const NO_ID = '00000000-0000-0000-0000-000000000000';
const BEGINNING = '2000-01-01T00:00:00Z';
const PAGE = 1000;

/**
 * Finds the changes that the database lost when it was restored: in the segments of the archive that its chain doesn't
 * have, in the files with recent events, and in another database.
 * @param folder the archive; undefined if there is none
 * @param other the database before the restore, or a copy that was restored to a later time
 * @param accepted also reads segments that an operator has accepted as lost
 * @throws an error of the file system if the archive can't be read
 */
export async function findLostEvents(
  db: Executor,
  {
    folder,
    other,
    accepted = false,
  }: {
    readonly folder: string | undefined;
    readonly other?: Executor | undefined;
    readonly accepted?: boolean | undefined;
  },
): Promise<LostEvents> {
  const segments = folder === undefined ? [] : await listUnknownSegments(db, folder);
  const read = folder === undefined || !accepted ? segments : await listUnknownSegments(db, folder, { accepted });
  const changes = new Map<string, LostEvent>();
  const seen = new Set<string>();
  let [first, last]: (string | undefined)[] = [];
  const add = async (lines: readonly Line[]): Promise<void> => {
    for (const line of await listMissing(db, lines)) {
      seen.add(line.id);
      if (first === undefined || line.at < first) first = line.at;
      if (last === undefined || line.at > last) last = line.at;
      if (!isChange(line)) continue;
      // An app may have refreshed its tokens many times. Only the last one counts.
      const key = line.kind === 'token' ? `token ${line.grant_id}` : line.id;
      const known = changes.get(key);
      if (known === undefined || known.at < line.at) changes.set(key, toLostEvent(line));
    }
  };
  for (const file of read) await addLines(splitLines(readArchive(file.base)), add, isChange);
  if (folder !== undefined)
    for (const file of await listRecentFiles(folder)) await addLines(readRecentLines(file), add, () => true);
  if (other !== undefined) await addLines(readChanges(other, await findEndOfChain(db)), add, isChange);
  const inOrder = [...changes.values()].sort((one, two) => (one.at < two.at ? -1 : 1));
  return { changes: inOrder, count: seen.size, first, last, segments };
}

/** Tells whether the database lost an event of a file. */
export async function hasLostEvents(db: Executor, file: RecentFile): Promise<boolean> {
  let lost = false;
  const add = async (lines: readonly Line[]): Promise<void> => {
    lost ||= (await listMissing(db, lines)).length > 0;
  };
  await addLines(readRecentLines(file), add, () => true);
  return lost;
}

/** Lists the segments of the archive that the chain doesn't have, except those that an operator has accepted as lost. */
export async function listUnknownSegments(
  db: Executor,
  folder: string,
  { accepted = false }: { readonly accepted?: boolean } = {},
): Promise<readonly ArchiveFile[]> {
  const known = new Set((await listSegments(db)).map(segmentKey));
  const expected = accepted ? new Set<string>() : await listAcceptedSegments(db);
  return (await listArchive(folder)).filter((file) => !known.has(segmentKey(file)) && !expected.has(segmentKey(file)));
}

const findEndOfChain = async (db: Executor): Promise<string> =>
  (await findNewestSegment(db))?.to.toISOString() ?? BEGINNING;

async function* readChanges(db: Executor, from: string): AsyncGenerator<string, void, undefined> {
  for (let after = { at: from, id: NO_ID }; ; ) {
    const events = await db.query(changesSince, [after.at, after.id]);
    const end = events.at(-1);
    if (end === undefined) return;
    for (const { line } of events) yield line;
    after = end;
  }
}

/** Calls `add` with pages of lines, so that memory doesn't grow with their number. Skips lines that aren't complete. */
async function addLines(
  lines: AsyncIterable<string>,
  add: (page: readonly Line[]) => Promise<void>,
  isWanted: (line: Line) => boolean,
): Promise<void> {
  let page: Line[] = [];
  for await (const text of lines) {
    const line = parse(text);
    if (line === undefined || !isWanted(line)) continue;
    page.push(line);
    if (page.length < PAGE) continue;
    await add(page);
    page = [];
  }
  await add(page);
}

function parse(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

const toLostEvent = (line: Line): LostEvent => ({
  at: line.at,
  id: line.id,
  kind: line.kind,
  outcome: line.outcome,
  recordId: line.record_id as RecordId | undefined,
  accountId: line.account_id as AccountId | undefined,
  clientId: line.client_id as ClientId | undefined,
  grantId: line.grant_id as GrantId | undefined,
  detail: line.detail ?? {},
});
