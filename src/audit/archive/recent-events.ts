import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Executor, statement } from '../../database/index.ts';
import { FILE_MODE, FOLDER_MODE, hours, later, minutes } from '../../kernel/index.ts';
import { splitLines } from './archive-files.ts';
import { CANONICAL_EVENT, timeSql } from './canonical-event.ts';
import { IS_CHANGE } from './change-events.ts';
import { type EventReference, listMissing } from './missing-events.ts';
import { findNewestSegment } from './segment-store.ts';

const LINE = { at: 'text', id: 'uuid', line: 'text' } as const;
const SELECT = `select ${timeSql('e.at')} as at, e.id, ${CANONICAL_EVENT} as line from audit_event e`;
const page = statement(
  'audit.recent.page',
  LINE,
  `${SELECT} where e.at >= $1 and (e.at, e.id) > ($1::timestamptz, $2::uuid) and e.at <= $3 and ${IS_CHANGE}
   order by e.at, e.id limit 1000`,
);
const newest = statement(
  'audit.recent.newest',
  LINE,
  `${SELECT} where e.at >= $1 order by e.at desc, e.id desc limit 1`,
);

const first = statement('audit.recent.first', { at: 'timestamptz?' }, 'select min(at) as at from audit_event');

const NAME = /^recent-(\d{4}-\d\d-\d\d)\.ndjson$/;
const NO_ID = '00000000-0000-0000-0000-000000000000';
/**
 * Milliseconds for which a transaction may be open and still be found. Times of events come from the process that appends
 * them, so an event can appear after others that are later.
 */
const OVERLAP = minutes(5);
/**
 * Milliseconds of the log that one statement looks at. Changes may be rare among many reads, and statements have a time
 * limit.
 */
const WINDOW = hours(1);
/** Bytes of the newest file that are read to know which events it has. A longer overlap only repeats events. */
const TAIL = 4 * 1024 * 1024;

/** A file with the recent events of one day. */
export interface RecentFile {
  readonly path: string;
  /** Day of its events (UTC), as an ISO 8601 date. */
  readonly day: string;
}

/** Lists the files with recent events by day. Returns an empty list if the folder doesn't exist. */
export async function listRecentFiles(folder: string): Promise<readonly RecentFile[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.sort().flatMap((name) => {
    const day = NAME.exec(name)?.[1];
    return day === undefined ? [] : [{ path: path.join(folder, name), day }];
  });
}

/** Reads the lines of a file with recent events. */
export const readRecentLines = (file: RecentFile): AsyncIterable<string> => splitLines(createReadStream(file.path));

/**
 * Appends the latest changes to the files of the archive, so that they are known after a restore although their day isn't
 * sealed yet. Each run also adds the newest event of any kind, so that the files show how far the log went. Events may be
 * repeated.
 * @returns the events at the end of the files that the database doesn't have: it was restored to an earlier time
 */
export async function copyRecentEvents(db: Executor, folder: string): Promise<readonly EventReference[]> {
  const tail = await readTail(folder);
  const last = tail.at(-1);
  const lost = await listMissing(db, tail);
  const from = last === undefined ? await findBeginning(db) : later(new Date(last.at), -OVERLAP);
  const [mark] = from === undefined ? [] : await db.query(newest, [from]);
  if (from === undefined || mark === undefined) return lost;
  const known = new Set(tail.map(({ id }) => id));
  const end = new Date(mark.at);
  for (let start = from; start <= end; start = later(start, WINDOW))
    await copyPeriod(db, folder, { from: start, until: later(start, WINDOW), known });
  if (!known.has(mark.id)) await append(folder, [mark]);
  return lost;
}

/** Appends the changes of a period that the files don't have, a page at a time. */
async function copyPeriod(
  db: Executor,
  folder: string,
  { from, until, known }: { readonly from: Date; readonly until: Date; readonly known: Set<string> },
): Promise<void> {
  for (let after = { at: from.toISOString(), id: NO_ID }; ; ) {
    const events = await db.query(page, [after.at, after.id, until]);
    const end = events.at(-1);
    if (end === undefined) return;
    await append(
      folder,
      events.filter(({ id }) => !known.has(id)),
    );
    for (const { id } of events) known.add(id);
    after = end;
  }
}

/**
 * Reads the end of the files.
 * @returns the events that the database doesn't have
 */
export const findLostRecently = async (db: Executor, folder: string): Promise<readonly EventReference[]> =>
  listMissing(db, await readTail(folder));

/** Events before the end of the chain are in the archive, or will be. */
async function findBeginning(db: Executor): Promise<Date | undefined> {
  const sealed = (await findNewestSegment(db))?.to;
  return sealed ?? (await db.query(first))[0]?.at ?? undefined;
}

/** Deletes the file of a day. */
export const removeRecentFile = (file: RecentFile): Promise<void> => rm(file.path, { force: true });

async function append(folder: string, events: readonly { readonly at: string; readonly line: string }[]) {
  const days = Map.groupBy(events, ({ at }) => at.slice(0, 10));
  for (const [day, ofDay] of days) {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const handle = await open(path.join(folder, `recent-${day}.ndjson`), 'a+', FILE_MODE);
    try {
      // After a crash, the file may end with a part of a line.
      const start = (await endsInLine(handle)) ? '' : '\n';
      await handle.appendFile(`${start}${ofDay.map(({ line }) => `${line}\n`).join('')}`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

async function endsInLine(handle: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return true;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() === '\n';
}

/** Returns the last events of the two newest files, the oldest first. Skips lines that aren't complete. */
async function readTail(folder: string): Promise<readonly EventReference[]> {
  const files = (await listRecentFiles(folder)).slice(-2);
  const found: EventReference[] = [];
  for (const file of files) {
    const handle = await open(file.path);
    try {
      const { size } = await handle.stat();
      const start = Math.max(0, size - TAIL);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
      const lines = buffer.subarray(0, bytesRead).toString().split('\n');
      for (const line of start === 0 ? lines : lines.slice(1)) {
        const event = parseReference(line);
        if (event !== undefined) found.push(event);
      }
    } finally {
      await handle.close();
    }
  }
  const end = found.at(-1);
  if (end === undefined) return [];
  const from = later(new Date(end.at), -2 * OVERLAP);
  return found.filter(({ at }) => new Date(at) >= from);
}

function parseReference(line: string): EventReference | undefined {
  try {
    const { at, id } = JSON.parse(line) as EventReference;
    return { at, id };
  } catch {
    return undefined;
  }
}
