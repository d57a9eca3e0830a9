import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { digestSegment } from '../../src/audit/archive/segment.ts';
import { listSegments } from '../../src/audit/archive/segment-store.ts';
import { dailyReadTasks } from '../../src/audit/daily-reads.ts';
import { copyRecentEvents, createAuditLog } from '../../src/audit/index.ts';
import { openDatabase } from '../../src/database/index.ts';
import { projections } from '../../src/fhir/index.ts';
import { importFiles, textInput } from '../../src/intake/index.ts';
import {
  type AccountId,
  type ClientId,
  later,
  type PracticeId,
  type RecordId,
  seconds,
  systemClock,
  systemRandom,
} from '../../src/kernel/index.ts';
import { listActiveRecords } from '../../src/practices/index.ts';
import { emptyTables } from '../support/database/empty-database.ts';
import { temporaryFolder } from '../support/database/folders.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { createKeeper, daysAgo, recordReads } from './audit-keeper.ts';

const { db, url, run, print } = cliDatabase();
beforeEach(() => emptyTables(db()));

async function runDailyReadTasks(): Promise<void> {
  for (const task of dailyReadTasks(db(), () => false)) await task.run(new Date());
}

const DAY = daysAgo(3).toISOString().slice(0, 10);
const PARTITION = `audit_event_${DAY.slice(0, 7).replace('-', '_')}`;
const verify = async (...words: readonly string[]) => {
  const { code, answer } = await run('audit', 'verify', ...words);
  return { ...answer, code, problems: answer.problems.map(({ problem }: { problem: string }) => problem) };
};
/** Runs SQL as an attacker does who has all rights on the database. */
const tamper = (sql: string) =>
  db().transaction(async (tx) => {
    await tx.queryText('set local session_replication_role = replica', []);
    await tx.queryText(sql, []);
  });
/** Name of a file of the archive, and its path. */
const fileOf = (folder: string, day: string, extension: string): string => {
  const name = readdirSync(folder).find((one) => one.startsWith(`audit-${day}-`) && one.endsWith(extension));
  return path.join(folder, name ?? '');
};

describe('a day of the audit log that is over', () => {
  it('is sealed once, and its digest is logged', async () => {
    await recordReads(db(), daysAgo(3), 5);
    await recordReads(db(), daysAgo(2), 2);
    await recordReads(db(), new Date(), 1);
    const keeper = createKeeper(db(), undefined);
    await keeper.keep();
    const sealed = await listSegments(db());
    expect(sealed.map(({ events }) => events).filter((events) => events > 0)).toEqual([5, 2]);
    expect(keeper.logged).toContainEqual({
      auditSealed: {
        segment: expect.any(Number),
        day: DAY,
        events: 5,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    await keeper.keep();
    expect(await listSegments(db())).toEqual(sealed);
    const newest = sealed.at(-1)?.digest ?? '';
    expect(await verify('--digest', newest)).toMatchObject({
      code: 0,
      events: 7,
      has_digest: true,
      newest: { digest: newest },
      problems: [],
    });
    expect(
      (
        await verify(
          '--digest',
          newest.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
        )
      ).code,
    ).toBe(1);
  });

  it('rejects later events, whatever clock they come from, and stores the other events of the insert', async () => {
    await recordReads(db(), daysAgo(3), 1);
    await createKeeper(db(), undefined).keep();
    let time = new Date();
    const log = createAuditLog({ db: db(), clock: { now: () => time }, random: systemRandom });
    const append = (at: Date) => {
      time = at;
      return log.append({ kind: 'read', outcome: 'success' });
    };
    // The first event is inserted alone; the others wait for it and are inserted together.
    const [late, recent, early] = await Promise.allSettled([daysAgo(3), new Date(), daysAgo(4)].map(append));
    expect(late).toMatchObject({ status: 'rejected', reason: { code: '22008' } });
    expect(early).toMatchObject({ status: 'rejected', reason: { code: '22008' } });
    expect(recent).toMatchObject({ status: 'fulfilled' });
    expect(await verify()).toMatchObject({ code: 0, problems: [] });
  });

  it('is sealed when no transaction that wrote to the log is open any more', async () => {
    await recordReads(db(), daysAgo(3), 1);
    const [inserted, committing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const writing = db().transaction(async (tx) => {
      const log = createAuditLog({ db: db(), clock: { now: () => daysAgo(3) }, random: systemRandom });
      await log.appendInTransaction(tx, { kind: 'consent', outcome: 'success' });
      inserted.resolve();
      await committing.promise;
    });
    await inserted.promise;
    const keeper = createKeeper(db(), undefined);
    await keeper.keep();
    expect(await listSegments(db())).toEqual([]);
    committing.resolve();
    await writing;
    await keeper.keep();
    expect(await verify()).toMatchObject({ code: 0, events: 2, problems: [] });
  });

  it('is sealed once by two servers at the same time, and archived once', async () => {
    for (const day of [5, 4, 3, 2]) await recordReads(db(), daysAgo(day), 3);
    const other = openDatabase({ connectionString: url }, 2);
    const folder = temporaryFolder();
    const keepers = [createKeeper(db(), folder), createKeeper(other, folder)];
    await Promise.all(keepers.map((keeper) => keeper.keep()));
    await keepers[0]?.keep();
    await other.close();
    expect(await verify('--archive', folder)).toMatchObject({ code: 0, events: 12, problems: [] });
    const segments = (await listSegments(db())).length;
    expect(readdirSync(folder)).toHaveLength(2 * segments);
  });

  it('is sealed from where a server stopped', async () => {
    await recordReads(db(), daysAgo(3), 1);
    await db().queryText(
      `insert into audit_event (at, id, kind, outcome, resources)
       select $1::timestamptz + n * interval '1 second', gen_random_uuid(), 'read', 'success', n
       from generate_series(1, 4500) n`,
      [daysAgo(3)],
    );
    let pages = 0;
    const stopping = createKeeper(db(), undefined, { isStopping: () => pages++ > 2 });
    await stopping.keep();
    const [half] = await db().queryText<{ events: number }>('select events from audit_sealing', []);
    expect(half?.events).toBeGreaterThan(0);
    expect(half?.events).toBeLessThan(4501);
    const folder = temporaryFolder();
    // The archive computes the digest of its lines from the start.
    await createKeeper(db(), folder).keep();
    expect(await verify('--archive', folder)).toMatchObject({ code: 0, events: 4501, problems: [] });
  });
});

describe('a change of the rows that find an event about several patients', () => {
  /** More events than one step of the check compares. */
  const EVENTS = 120;
  /** Appends events about two patients, a second apart. */
  async function recordPages(at: Date): Promise<void> {
    let time = at;
    const log = createAuditLog({ db: db(), clock: { now: () => time }, random: systemRandom });
    const records = new Map([1, 2].map((id) => [id as RecordId, id]));
    for (let n = 0; n < EVENTS; n++) {
      await log.append({ kind: 'search', outcome: 'success', type: 'Patient', practiceId: 1 as PracticeId, records });
      time = later(time, seconds(1));
    }
  }
  const [START, OTHER_DAY] = [daysAgo(3), daysAgo(2)];
  const isRow = (n: number, record = 2): string =>
    `record_id = ${record} and at = timestamptz '${START.toISOString()}' + interval '${n} seconds'`;
  const copyRow = (values: string) =>
    `insert into disclosed_record select ${values} from disclosed_record where ${isRow(60)}`;

  it.each([
    ['the first row was removed', `delete from disclosed_record where ${isRow(0, 1)}`, 'patients-missing'],
    ['the last row was removed', `delete from disclosed_record where ${isRow(EVENTS - 1)}`, 'patients-missing'],
    ['all were removed', 'delete from disclosed_record', 'patients-missing'],
    ['another patient was added', copyRow('3, at, id, 1'), 'patients-added'],
    ['a row was repeated', copyRow('record_id, at, id, resources'), 'patients-added'],
    ['a row without an event was added', copyRow("1, at + interval '5 hours', id, 1"), 'patients-added'],
    [
      'the number of resources was changed',
      `update disclosed_record set resources = 9 where ${isRow(50)}`,
      'patients-changed',
    ],
    [
      'an event was given another patient',
      `update disclosed_record set record_id = 9 where ${isRow(51)}`,
      'patients-changed',
    ],
  ])('is found if %s', async (_what, sql, problem) => {
    await recordPages(START);
    const keeper = createKeeper(db(), undefined);
    await keeper.keep();
    expect(await verify()).toMatchObject({ code: 0, problems: [] });
    await tamper(sql);
    expect(await verify()).toMatchObject({ code: 1, problems: [problem] });
    await db().queryText("update audit_check set checked_at = checked_at - interval '31 days'", []);
    await keeper.keep();
    expect(keeper.logged).toContainEqual({ auditProblem: { segment: expect.any(Number), day: DAY, problem } });
  });

  it('is found on each day, in a log that is archived too', async () => {
    await recordPages(START);
    await recordPages(OTHER_DAY);
    const folder = temporaryFolder();
    await createKeeper(db(), folder).keep();
    await tamper(`delete from disclosed_record where ${isRow(7)}`);
    await tamper(
      `insert into disclosed_record select 5, at, id, 1 from disclosed_record where at >= '${OTHER_DAY.toISOString()}' limit 1`,
    );
    expect(await verify('--archive', folder)).toMatchObject({
      code: 1,
      problems: ['patients-missing', 'patients-added'],
    });
    const { out } = await print(['audit', 'verify', '--archive', folder]);
    expect(out).toContain(`(${DAY}): patients-missing`);
  });
});

describe('a change of sealed events', () => {
  it.each([
    ['changed', `update ${PARTITION} set detail = '{"id": "other"}' where request_id = 'request-1'`, 'events-changed'],
    ['removed', `delete from ${PARTITION} where request_id = 'request-1'`, 'events-missing'],
    [
      'added',
      `insert into ${PARTITION} (at, id, kind, outcome) select min(at), gen_random_uuid(), 'read', 'success' from ${PARTITION}`,
      'events-added',
    ],
    [
      'reordered',
      `update ${PARTITION} e set at = (select sum(extract(epoch from o.at)) from ${PARTITION} o where o.request_id in ('request-0', 'request-1')) * interval '1 second' - (e.at - timestamptz 'epoch') + timestamptz 'epoch' where request_id in ('request-0', 'request-1')`,
      'events-changed',
    ],
  ])('is found if an event was %s', async (what, sql, problem) => {
    await recordReads(db(), daysAgo(3), 3);
    const keeper = createKeeper(db(), undefined);
    await keeper.keep();
    await tamper(sql);
    expect(await verify()).toMatchObject({ code: 1, problems: [problem] });
    await db().queryText("update audit_check set checked_at = checked_at - interval '31 days'", []);
    await keeper.keep();
    expect(keeper.logged).toContainEqual({ auditProblem: { segment: expect.any(Number), day: DAY, problem } });
    if (what !== 'changed') return;
    const { answer } = await run('doctor');
    expect(answer).toContainEqual(
      expect.objectContaining({ about: 'audit', state: 'broken', says: expect.stringContaining(problem) }),
    );
  });

  it('isn’t archived, and stays in the archive as it was', async () => {
    await recordReads(db(), daysAgo(3), 3);
    await createKeeper(db(), undefined).keep();
    const change = `update ${PARTITION} set kind = 'search' where request_id = 'request-1'`;
    await tamper(change);
    const folder = temporaryFolder();
    const keeper = createKeeper(db(), folder);
    await keeper.keep();
    expect(keeper.logged).toContainEqual({
      auditProblem: { segment: expect.any(Number), day: DAY, problem: 'events-changed' },
    });
    // No file is left, temporary or not.
    expect(readdirSync(folder).filter((name) => name.includes(DAY))).toEqual([]);
    await tamper(change.replace('search', 'read'));
    await keeper.keep();
    expect(await verify('--archive', folder)).toMatchObject({ code: 0, problems: [] });
    await tamper(change);
    const lines = zstdDecompressSync(readFileSync(fileOf(folder, DAY, '.ndjson.zst'))).toString();
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).kind),
    ).toEqual(['read', 'read', 'read']);
  });
});

describe('a change of the chain', () => {
  const segmentOfDay = async () => (await listSegments(db())).find(({ events }) => events === 3)?.segment ?? 0;
  const prepare = async (folder?: string) => {
    await recordReads(db(), daysAgo(3), 3);
    await recordReads(db(), daysAgo(2), 2);
    await createKeeper(db(), folder).keep();
  };

  it.each([
    ['a segment was removed', 'delete from audit_segment where segment = $1', ['segment-missing']],
    [
      'a segment was changed',
      'update audit_segment set sealed_at = now(), events = 2 where segment = $1',
      ['segment-changed'],
    ],
  ])('is found if %s', async (_what, sql, problems) => {
    await prepare();
    await tamper(sql.replace('$1', String(await segmentOfDay())));
    expect(await verify()).toMatchObject({ code: 1, problems });
  });

  it('is found if a segment was computed again, because the next one has the digest of the first version', async () => {
    await prepare();
    const [changed] = (await listSegments(db())).filter(({ events }) => events === 3);
    if (changed === undefined) throw new Error('no segment');
    const { salt, digest: _digest, ...content } = changed;
    const contentDigest = Buffer.alloc(32, 7).toString('hex');
    const digest = digestSegment({ ...content, contentDigest });
    await tamper(
      `update audit_segment set content_digest = '\\x${contentDigest}', digest = '\\x${digest}' where salt = '\\x${salt}'`,
    );
    expect(await verify()).toMatchObject({ code: 1, problems: ['events-changed', 'chain-broken'] });
  });

  it('is found by the archive if the last segments were removed', async () => {
    const folder = temporaryFolder();
    await prepare(folder);
    const last = (await listSegments(db())).at(-1)?.segment;
    await tamper(
      `delete from audit_archived where segment = ${last}; delete from audit_segment where segment = ${last}`,
    );
    expect(await verify('--archive', folder)).toMatchObject({ code: 1, problems: ['segment-missing'] });
  });
});

describe('a database that was restored to an earlier time', () => {
  it('has a chain without the last segments of the archive, whose files stay, until an operator accepts that', async () => {
    const folder = temporaryFolder();
    const keeper = createKeeper(db(), folder);
    await recordReads(db(), daysAgo(4), 2);
    await recordReads(db(), daysAgo(3), 3);
    const log = createAuditLog({ db: db(), clock: { now: () => daysAgo(3) }, random: systemRandom });
    const accountId = systemRandom.uuid() as AccountId;
    await log.append({ kind: 'account', outcome: 'success', accountId, detail: { action: 'lock' } });
    await copyRecentEvents(db(), folder);
    const recent = path.join(folder, `recent-${DAY}.ndjson`);
    const copied = readFileSync(recent, 'utf8');
    expect(copied).toContain(accountId);
    await keeper.keep();
    const files = readdirSync(folder);
    // The archive has the copied events.
    expect(files.filter((name) => name.startsWith('recent-'))).toEqual([]);
    const restored = `'${daysAgo(3).toISOString().slice(0, 10)}'`;
    await tamper(
      `delete from audit_archived a using audit_segment s where s.segment = a.segment and s.to_at > ${restored};
       delete from audit_segment where to_at > ${restored}; delete from audit_event where at > ${restored}`,
    );
    const shortened = await verify('--archive', folder);
    expect(shortened).toMatchObject({
      code: 1,
      lost_segments: expect.arrayContaining([{ segment: expect.any(Number), day: DAY, accepted: false }]),
    });
    expect(new Set(shortened.problems)).toEqual(new Set(['segment-missing']));

    // The server seals the same day again, with other events. A copy with a lost event stays.
    writeFileSync(recent, copied);
    await recordReads(db(), daysAgo(3), 1);
    await keeper.keep();
    expect(readFileSync(recent, 'utf8')).toBe(copied);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(files));
    const continued = await verify('--archive', folder);
    expect(continued.code).toBe(1);
    expect(new Set(continued.problems)).toEqual(new Set(['segment-replaced']));
    const { answer: found } = await run('after-restore', '--archive', folder);
    expect(found.revocations).toMatchObject([{ name: 'account/lock', result: 'open' }]);

    const { answer: handled } = await run('after-restore', '--reapply', '--archive', folder);
    // The account doesn't exist in the restored database.
    expect(handled).toMatchObject({ lost_segments: [], revocations: [{ result: 'not-needed' }] });
    await keeper.keep();
    expect(await verify('--archive', folder)).toMatchObject({
      code: 0,
      problems: [],
      lost_segments: expect.arrayContaining([{ segment: expect.any(Number), day: DAY, accepted: true }]),
    });
    const { out } = await print(['audit', 'verify', '--archive', folder]);
    expect(out).toContain('Lost in a restore, and only in the archive');
    const { answer: findings } = await run('doctor');
    expect(findings).toContainEqual(expect.objectContaining({ about: 'audit', state: 'fine' }));
  });
});

describe('a file of the archive', () => {
  const archive = async () => {
    const folder = temporaryFolder();
    await recordReads(db(), daysAgo(3), 3);
    await createKeeper(db(), folder).keep();
    return folder;
  };

  it.each([
    ['removed', (events: string) => rmSync(events), 'file-missing'],
    ['cut off', (events: string) => writeFileSync(events, readFileSync(events).subarray(0, 40)), 'file-changed'],
    [
      'written again with another event',
      (events: string) =>
        writeFileSync(
          events,
          zstdCompressSync(zstdDecompressSync(readFileSync(events)).toString().replace('request-1', 'request-9')),
        ),
      'file-changed',
    ],
    [
      'given another manifest',
      (_: string, manifest: string) => writeFileSync(manifest, '{"segment":1}'),
      'manifest-changed',
    ],
    [
      'given a manifest that isn’t JSON',
      (_: string, manifest: string) => appendFileSync(manifest, '}'),
      'file-missing',
    ],
  ])('that was %s is found', async (_what, change, problem) => {
    const folder = await archive();
    change(fileOf(folder, DAY, '.ndjson.zst'), fileOf(folder, DAY, '.json'));
    expect(await verify('--archive', folder)).toMatchObject({ code: 1, problems: [problem] });
  });

  it('that was removed is written again while the database has its events', async () => {
    const folder = await archive();
    const file = fileOf(folder, DAY, '.ndjson.zst');
    rmSync(file);
    await createKeeper(db(), folder).keep();
    expect(fileOf(folder, DAY, '.ndjson.zst')).toBe(file);
    expect(await verify('--archive', folder)).toMatchObject({ code: 0, problems: [] });
  });

  it('loses what a killed process left, but no file that another process is writing', async () => {
    const folder = await archive();
    const file = fileOf(folder, DAY, '.json').replace('.json', '');
    const [left, writing] = [randomUUID(), randomUUID()].map((id) => `${file}.${id}.tmp`) as [string, string];
    for (const one of [left, writing]) writeFileSync(one, '');
    const old = new Date(Date.now() - 2 * 60 * 60 * 1000);
    utimesSync(left, old, old);
    await createKeeper(db(), folder).keep();
    expect([left, writing].map(existsSync)).toEqual([false, true]);
  });

  it('can be read by the server only', async () => {
    expect(statSync(fileOf(await archive(), DAY, '.ndjson.zst')).mode & 0o777).toBe(0o600);
  });
});

/** A month whose retention of six years is over. */
const OLD = new Date(Date.UTC(new Date().getUTCFullYear() - 7, 4, 10, 12));
const OLD_MONTH = OLD.toISOString().slice(0, 7);
const OLD_PARTITION = `audit_event_${OLD_MONTH.replace('-', '_')}`;
const oldMonthExists = async (): Promise<boolean> => {
  const [row] = await db().queryText<{ there: boolean }>(
    `select to_regclass('${OLD_PARTITION}') is not null as there`,
    [],
  );
  return row?.there === true;
};

/** Appends an event about two patients with one and two resources. Returns their FHIR ids. */
async function recordPage(at: Date): Promise<readonly string[]> {
  await db().queryText("insert into practice (practice_id, kind, name) values (1, 'live', 'One')", []);
  const patients = ['one', 'two'].map((id) => JSON.stringify({ resourceType: 'Patient', id, name: [{ text: id }] }));
  await importFiles(
    db(),
    { practiceId: 1 as PracticeId, source: 'load', projections, clock: systemClock, random: systemRandom },
    [textInput('patients.ndjson', patients.join('\n'))],
  );
  const loaded = await listActiveRecords(db());
  const log = createAuditLog({ db: db(), clock: { now: () => at }, random: systemRandom });
  const records = new Map(loaded.map(({ recordId }, n) => [recordId, n + 1]));
  await log.append({ kind: 'search', outcome: 'success', clientId: 'page-app' as ClientId, type: 'Patient', records });
  return loaded.map(({ patientId }) => patientId);
}

describe('a month of the audit log after its retention', () => {
  it('is dropped when it is archived, and a search finds the same events', async () => {
    const folder = temporaryFolder();
    await recordReads(db(), OLD, 5);
    const patients = await recordPage(OLD);
    const search = async (...words: readonly string[]) => {
      const days = ['--from', `${OLD_MONTH}-01`, '--to', `${OLD_MONTH}-20`];
      const { code, answer } = await run('audit', 'search', ...days, ...words, '--archive', folder);
      return { code, events: answer };
    };
    const searches = [
      ...[[], ['--limit', '2'], ['--kind', 'all-reads'], ['--kind', 'sign-in'], ['--request', 'request-3']],
      ...patients.map((id) => ['--patient', id]),
    ];
    const before = [];
    for (const words of searches) before.push(await search(...words));
    expect(before.map(({ events }) => events.length)).toEqual([6, 2, 6, 0, 1, 1, 1]);
    expect(before.slice(-2).map(({ events }) => events[0].resources)).toEqual([1, 2]);
    await runDailyReadTasks();
    const keeper = createKeeper(db(), folder);
    await keeper.keep();
    expect(keeper.logged).toContainEqual({ auditDropped: [OLD_MONTH] });
    expect(await oldMonthExists()).toBe(false);
    expect(await db().queryText('select from disclosed_record', [])).toEqual([]);
    expect(await db().queryText('select from daily_read', [])).toHaveLength(2);
    await runDailyReadTasks();
    expect(await db().queryText('select from daily_read', [])).toEqual([]);
    const after = [];
    for (const words of searches) after.push(await search(...words));
    expect(after).toEqual(before);
    expect(await verify('--archive', folder)).toMatchObject({ code: 0, problems: [] });
    // Without its archive, a search says what it can't find.
    const { code, err } = await print(['audit', 'search', '--from', `${OLD_MONTH}-01`, '--to', `${OLD_MONTH}-20`]);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('AUDIT_ARCHIVE_DIR') });
    rmSync(fileOf(folder, OLD.toISOString().slice(0, 10), '.ndjson.zst'));
    expect(await verify('--archive', folder)).toMatchObject({ code: 1, problems: ['file-missing'] });
    expect(
      (await print(['audit', 'search', '--from', `${OLD_MONTH}-01`, '--to', `${OLD_MONTH}-20`, '--archive', folder]))
        .code,
    ).toBe(1);
  });

  it('is searched together with imported events, which stay in the database, the newest event first', async () => {
    const folder = temporaryFolder();
    await recordReads(db(), OLD, 3);
    await createKeeper(db(), folder).keep();
    await db().queryText(
      `insert into imported_audit_event (at, id, kind, outcome, request_id, import_id)
       select $1::timestamptz + n * interval '20 minutes' - interval '30 minutes', gen_random_uuid(), 'read', 'success',
         'imported-' || n, gen_random_uuid() from generate_series(0, 2) n`,
      [OLD],
    );
    const search = async (limit: number) => {
      const days = ['--from', `${OLD_MONTH}-01`, '--to', `${OLD_MONTH}-20`];
      const { answer } = await run('audit', 'search', ...days, '--limit', String(limit), '--archive', folder);
      return answer.map((event: { request_id: string }) => event.request_id);
    };
    const newestFirst = ['request-2', 'request-1', 'imported-2', 'request-0', 'imported-1', 'imported-0'];
    for (const limit of [1, 2, 3, 4, 10])
      expect({ limit, found: await search(limit) }).toEqual({ limit, found: newestFirst.slice(0, limit) });
  });

  it('stays without an archive, before its retention is over, and if a file of it was changed', async () => {
    const folder = temporaryFolder();
    await recordReads(db(), OLD, 2);
    await createKeeper(db(), undefined).keep();
    const drop = `select drop_audit_partition('${OLD_MONTH}-01')`;
    await expect(db().queryText(drop, [])).rejects.toMatchObject({ code: '55000' });
    await createKeeper(db(), folder, { retentionYears: 8 }).keep();
    expect(await oldMonthExists()).toBe(true);
    const manifest = fileOf(folder, OLD.toISOString().slice(0, 10), '.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace('"events": 2', '"events": 1'));
    const keeper = createKeeper(db(), folder);
    await keeper.keep();
    expect(await oldMonthExists()).toBe(true);
    writeFileSync(manifest, text);
    await keeper.keep();
    expect(await oldMonthExists()).toBe(false);
  });

  it('stays while a transaction uses it, so that no event waits behind the drop', async () => {
    await recordReads(db(), OLD, 1);
    const [reading, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const transaction = db().transaction(async (tx) => {
      await tx.queryText(`select count(*) from ${OLD_PARTITION}`, []);
      reading.resolve();
      await ended.promise;
    });
    await reading.promise;
    const keeper = createKeeper(db(), temporaryFolder());
    await keeper.keep();
    expect(await oldMonthExists()).toBe(true);
    ended.resolve();
    await transaction;
    await keeper.keep();
    expect(await oldMonthExists()).toBe(false);
  });

  it('stays if it is younger than six years, whatever the server says', async () => {
    await recordReads(db(), daysAgo(3), 1);
    await createKeeper(db(), temporaryFolder()).keep();
    await expect(db().queryText(`select drop_audit_partition('${DAY}')`, [])).rejects.toMatchObject({ code: '55000' });
    const recent = new Date(Date.UTC(new Date().getUTCFullYear() - 6, new Date().getUTCMonth(), 1));
    await expect(
      db().queryText(`select drop_audit_partition('${recent.toISOString().slice(0, 10)}')`, []),
    ).rejects.toMatchObject({ code: '55000' });
  });

  it('stays, with all others, if the archive can’t be written, and the log says why', async () => {
    await recordReads(db(), OLD, 1);
    const file = path.join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const keeper = createKeeper(db(), file);
    await expect(keeper.keep()).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(keeper.logged).toContainEqual({ auditArchive: { failed: 'ENOTDIR', folder: file } });
    expect(await oldMonthExists()).toBe(true);
  });
});

it('a search of the audit log is recorded in it', async () => {
  const { answer } = await run('audit', 'search', '--outcome', 'failure');
  expect(answer).toEqual([]);
  const { answer: searches } = await run('audit', 'search', '--kind', 'audit-query');
  expect(searches).toMatchObject([
    { kind: 'audit-query', detail: { action: 'search', asked: { outcome: 'failure' }, by: 'command line' } },
  ]);
  for (const words of [
    ['--kind', 'other'],
    ['--from', 'yesterday'],
    ['--from', '2026-02-01', '--to', '2026-01-01'],
    ['--limit', '0'],
  ])
    expect((await print(['audit', 'search', ...words])).code, words.join(' ')).toBe(1);
});
