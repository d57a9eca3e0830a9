import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { keepAuditLog } from '../../src/audit/archive/keep-audit-log.ts';
import { lastDay } from '../../src/audit/archive/segment.ts';
import { listSegments } from '../../src/audit/archive/segment-store.ts';
import { createAuditLog } from '../../src/audit/index.ts';
import { days, later, systemRandom as random, systemClock } from '../../src/kernel/index.ts';
import { daysAgo } from '../audit/audit-keeper.ts';
import { makeFolder } from '../support/database/folders.ts';
import { until } from '../support/runs/until.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { COMPILE_CACHE } from '../support/servers/processes.ts';

vi.setConfig({ testTimeout: 600_000 });

/** Days of a month whose retention of six years is over, and days of the last two weeks, with the events of each day. */
const OLD_DAYS = { count: 20, events: 75_000 };
const RECENT_DAYS = { count: 10, events: 50_000 };
const EVENTS = OLD_DAYS.count * OLD_DAYS.events + RECENT_DAYS.count * RECENT_DAYS.events;
const OLD_MONTH = `${new Date().getUTCFullYear() - 7}-05`;
const oldDay = (day: number): string => `${OLD_MONTH}-${String(day).padStart(2, '0')}`;
const recentDay = (count: number): string => daysAgo(count).toISOString().slice(0, 10);
/** Milliseconds between two inserts of the writer. */
const PACE = 10;
/** Number of an event in the middle of its day. */
const MIDDLE = 30_000;

const PROGRAM = fileURLToPath(new URL('../support/database/keep-audit-log-program.ts', import.meta.url));
const { db, url, run } = cliDatabase();

/** Adds the reads of a day by many apps, about many records. */
async function addDay(day: string, events: number): Promise<void> {
  await db().queryText(`select create_audit_partition('${day}')`, []);
  await db().transaction(async (tx) => {
    // The trigger for late events isn't the subject here.
    await tx.queryText('set local session_replication_role = replica', []);
    await tx.queryText(
      `insert into audit_event (at, id, kind, outcome, request_id, record_id, client_id, grant_id, type, resources, detail, family_id)
       select $1::date::timestamp at time zone 'UTC' + n * (interval '1 day' / $2), gen_random_uuid(), 'search', 'success',
         $3 || '-' || n, 1 + n % 20000, 'app-' || n % 50, gen_random_uuid(), 'Observation', n % 40,
         '{"api": "r4", "parameters": ["category", "date", "_count"], "status": 200}', 'family-' || n % 9000
       from generate_series(0, $2::int - 1) n`,
      [day, events, day],
    );
  });
}

const tamper = (sql: string) =>
  db().transaction(async (tx) => {
    await tx.queryText('set local session_replication_role = replica', []);
    await tx.queryText(sql, []);
  });

/** Appends an event after the other, as the server does. @returns the milliseconds of each append, since it was called last */
function startWriter() {
  const log = createAuditLog({ db: db(), clock: systemClock, random });
  let took: number[] = [];
  let isStopping = false;
  const writing = (async () => {
    while (!isStopping) {
      const before = performance.now();
      await log.append({ kind: 'read', outcome: 'success' });
      took.push(performance.now() - before);
      await pause(PACE);
    }
  })();
  onTestFinished(() => {
    isStopping = true;
    return writing;
  });
  return {
    latencies() {
      const sorted = took.toSorted((one, other) => one - other);
      took = [];
      const at = (share: number) => Number((sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1));
      return { inserts: sorted.length, median: at(0.5), p99: at(0.99), max: at(1) };
    },
    async stop() {
      isStopping = true;
      await writing;
    },
  };
}

/** Starts the nightly work in a process of its own. */
function startKeeper(folder: string) {
  const running = promisify(execFile)(process.execPath, [PROGRAM, url, folder], { env: COMPILE_CACHE });
  onTestFinished(() => void running.child.kill('SIGKILL'));
  return {
    /** Ends it with SIGKILL when a condition is true. */
    async killWhen(condition: () => boolean | Promise<boolean>) {
      await until(condition);
      running.child.kill('SIGKILL');
      await expect(running).rejects.toMatchObject({ signal: 'SIGKILL' });
    },
    async finish(): Promise<readonly Record<string, unknown>[]> {
      const { stdout } = await running;
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    },
  };
}

const count = async (sql: string): Promise<number> =>
  Number((await db().queryText<{ count: string }>(`select count(*) from ${sql}`, []))[0]?.count);
const verify = async (...words: readonly string[]) => (await run('audit', 'verify', ...words)).answer;
const search = async (folder: string, from: string, ...words: readonly string[]) => {
  const { answer, err } = await run('audit', 'search', '--from', from, ...words, '--limit', '50', '--archive', folder);
  if (answer === undefined) throw new Error(err);
  return answer;
};
const seconds = (since: number): number => Number(((performance.now() - since) / 1000).toFixed(1));

// The tests keep their order: they follow one audit log.
describe(`an audit log of ${EVENTS / 1_000_000} million events`, { shuffle: false }, () => {
  const { folder, remove } = makeFolder();
  afterAll(remove);
  const fileOf = (day: string, extension: string): string =>
    path.join(
      folder,
      readdirSync(folder).find((name) => name.startsWith(`audit-${day}-`) && name.endsWith(extension)) ?? '',
    );
  const leftovers = () => readdirSync(folder).filter((name) => name.endsWith('.tmp'));
  const searches = [
    [oldDay(1), '--request', `${oldDay(7)}-${MIDDLE}`],
    [oldDay(1), '--request', `${recentDay(5)}-${MIDDLE}`],
    [oldDay(1), '--client', 'app-7', '--to', oldDay(12)],
  ] as const;
  const searchAll = async () => {
    const found = [];
    for (const [from, ...words] of searches) found.push(await search(folder, from, ...words));
    return found;
  };

  it('is sealed, archived and dropped, though the work is killed three times', async () => {
    let since = performance.now();
    for (let day = 1; day <= OLD_DAYS.count; day++) await addDay(oldDay(day), OLD_DAYS.events);
    for (let day = 2; day < 2 + RECENT_DAYS.count; day++) await addDay(recentDay(day), RECENT_DAYS.events);
    const fill = seconds(since);
    since = performance.now();
    const before = await searchAll();
    const searchDatabase = seconds(since);
    expect(before.map((found) => found.length)).toEqual([1, 1, 50]);

    const writer = startWriter();
    await until(async () => (await count("audit_event where at > now() - interval '1 hour'")) > 200);
    const alone = writer.latencies();
    since = performance.now();
    await startKeeper(folder).killWhen(
      async () => (await count('audit_segment')) >= 5 && (await count('audit_sealing where events > 0')) > 0,
    );
    await startKeeper(folder).killWhen(async () => (await count('audit_archived')) >= 3 && leftovers().length === 1);
    await startKeeper(folder).killWhen(async () => (await count('audit_archived')) >= 6 && leftovers().length === 2);
    const logged = await startKeeper(folder).finish();
    const keep = seconds(since);
    const beside = writer.latencies();
    await writer.stop();
    expect(logged).toContainEqual(expect.objectContaining({ auditDropped: [OLD_MONTH] }));
    const last = logged.at(-1);
    expect(last).toMatchObject({ result: 'done' });
    // Uncompressed, the lines of the events have more than 700 MiB.
    expect(last?.['growthMiB']).toBeLessThan(200);
    expect(await count(`pg_class where relname = 'audit_event_${OLD_MONTH.replace('-', '_')}'`)).toBe(0);

    since = performance.now();
    const verified = await verify('--archive', folder);
    const verification = seconds(since);
    expect(verified).toMatchObject({ events: EVENTS, problems: [], lost_segments: [] });
    expect(verified.archived_segments).toBe(verified.segments);
    since = performance.now();
    expect(await searchAll()).toEqual(before);
    const searchArchive = seconds(since);
    console.log(
      JSON.stringify({
        fill,
        keep,
        verification,
        searchDatabase,
        searchArchive,
        last,
        alone,
        beside,
      }),
    );
  });

  it('keeps no temporary file of the killed processes after an hour', async () => {
    expect(leftovers()).toHaveLength(2);
    const old = new Date(Date.now() - 2 * 60 * 60 * 1000);
    for (const name of leftovers()) utimesSync(path.join(folder, name), old, old);
    await startKeeper(folder).finish();
    expect(leftovers()).toEqual([]);
  });

  it('shows the removal of its newest segment and files to an operator who kept the digest', async () => {
    const newest = (await listSegments(db())).at(-1);
    if (newest === undefined) throw new Error('no segment');
    const digest = ['--since', recentDay(0), '--digest', newest.digest, '--archive', folder];
    expect(await verify(...digest)).toMatchObject({ has_digest: true, problems: [] });
    const files = ['.json', '.ndjson.zst'].map((extension) => {
      const file = fileOf(lastDay(newest), extension);
      return { file, bytes: readFileSync(file) };
    });
    for (const { file } of files) rmSync(file);
    await tamper(
      `create table kept_segment as select * from audit_segment where segment = ${newest.segment};
       delete from audit_archived where segment = ${newest.segment};
       delete from audit_segment where segment = ${newest.segment}`,
    );
    expect(await verify(...digest)).toMatchObject({ has_digest: false, problems: [] });
    for (const { file, bytes } of files) writeFileSync(file, bytes);
    // With its files, the archive alone shows that the segment was removed.
    expect(await verify(...digest)).toMatchObject({
      problems: [{ segment: newest.segment, day: null, problem: 'segment-missing' }],
    });
    await tamper('insert into audit_segment select * from kept_segment; drop table kept_segment');
    await tamper(`insert into audit_archived values (${newest.segment}, now())`);
  });

  it('shows each change of a single event, segment and file, among all others', async () => {
    const partition = (day: string) => `audit_event_${day.slice(0, 7).replace('-', '_')}`;
    const segments = await listSegments(db());
    const segmentOf = (day: string) => {
      const found = segments.find(({ from, to }) => from.slice(0, 10) <= day && day < to.slice(0, 10));
      return found?.segment ?? 0;
    };
    const [changed, removed, damaged] = [recentDay(5), recentDay(6), recentDay(7)];
    const [shortened, missing, unlinked] = [oldDay(7), oldDay(9), oldDay(11)];
    await tamper(
      `update ${partition(changed)} set resources = resources + 1 where request_id = '${changed}-${MIDDLE}';
       delete from ${partition(removed)} where request_id = '${removed}-${MIDDLE}';
       delete from audit_segment where segment = ${segmentOf(unlinked)}`,
    );
    const bytes = readFileSync(fileOf(damaged, '.zst'));
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(fileOf(damaged, '.zst'), bytes);
    const lines = zstdDecompressSync(readFileSync(fileOf(shortened, '.zst')))
      .toString()
      .split('\n');
    writeFileSync(fileOf(shortened, '.zst'), zstdCompressSync(lines.toSpliced(MIDDLE, 1).join('\n')));
    rmSync(fileOf(missing, '.zst'));
    const expected = [
      { day: shortened, problem: 'file-changed' },
      { day: missing, problem: 'file-missing' },
      { day: null, problem: 'segment-missing' },
      { day: damaged, problem: 'file-changed' },
      { day: removed, problem: 'events-missing' },
      { day: changed, problem: 'events-changed' },
    ];
    const { problems } = await verify('--archive', folder);
    expect(problems.map(({ day, problem }: (typeof expected)[number]) => ({ day, problem }))).toEqual(expected);

    const logged: object[] = [];
    const write = (fields: object): void => void logged.push(fields);
    await keepAuditLog({
      ...{ db: db(), random, folder, retentionYears: 6, isStopping: () => false },
      clock: { now: () => later(new Date(), days(31)) },
      log: { info: write, error: write },
    });
    for (const { day, problem } of expected)
      expect(logged).toContainEqual({
        auditProblem: { segment: expect.any(Number), ...(day === null ? {} : { day }), problem },
      });
    expect(logged).toHaveLength(expected.length);
  });
});
