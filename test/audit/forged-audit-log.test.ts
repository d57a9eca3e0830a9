import { cpSync, readdirSync, rmSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeArchive } from '../../src/audit/archive/archive-files.ts';
import { initialState } from '../../src/audit/archive/canonical-event.ts';
import { type DigestProgress, hashNextPage, readLines } from '../../src/audit/archive/read-events.ts';
import { digestSegment } from '../../src/audit/archive/segment.ts';
import { listSegments } from '../../src/audit/archive/segment-store.ts';
import { copyRecentEvents, createAuditLog } from '../../src/audit/index.ts';
import { type AccountId, systemRandom } from '../../src/kernel/index.ts';
import { emptyTables } from '../support/database/empty-database.ts';
import { temporaryFolder } from '../support/database/folders.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { createKeeper, daysAgo, recordReads } from './audit-keeper.ts';

const { db, run } = cliDatabase();

/** The archive to which the server writes, and which the attacker can reach too. */
let archive: string;
/** A copy of the archive, on storage that the attacker can't reach. */
let copy: string;
/** The newest digest before the attack, which the operator keeps elsewhere. */
let digest: string;

beforeEach(async () => {
  await emptyTables(db());
  [archive, copy] = [temporaryFolder(), temporaryFolder()];
  await recordReads(db(), daysAgo(4), 2);
  await recordReads(db(), daysAgo(3), 3);
  await recordReads(db(), daysAgo(2), 2);
  await createKeeper(db(), archive).keep();
  cpSync(archive, copy, { recursive: true });
  digest = (await verify()).newest.digest;
});

const verify = async (...words: readonly string[]) => {
  const { code, answer } = await run('audit', 'verify', ...words);
  return { ...answer, code, problems: answer.problems.map(({ problem }: { problem: string }) => problem) };
};

/** Runs a statement as the owner of the tables, without the triggers that protect the log. */
const tamper = (sql: string, values: readonly unknown[] = []) =>
  db().transaction(async (tx) => {
    await tx.queryText('set local session_replication_role = replica', []);
    await tx.queryText(sql, values);
  });

const eventsOf = (day: Date): string => `at::date = '${day.toISOString().slice(0, 10)}'`;
const ATTACKS: Readonly<Record<string, string>> = {
  removed: `delete from audit_event where request_id = 'request-1' and ${eventsOf(daysAgo(3))}`,
  changed: `update audit_event set request_id = 'request-9' where request_id = 'request-1' and ${eventsOf(daysAgo(3))}`,
  added: `insert into audit_event (at, id, kind, outcome, resources)
    select max(at), gen_random_uuid(), 'read', 'success', 1 from audit_event where ${eventsOf(daysAgo(3))}`,
};

/** Computes all digests again from the events that the database has now. The code is public. */
async function computeChainAgain(): Promise<void> {
  let previousDigest: string | null = null;
  for (const segment of await listSegments(db())) {
    let found: DigestProgress = {
      events: 0,
      first: null,
      last: null,
      state: initialState(Buffer.from(segment.salt, 'hex')),
    };
    for (;;) {
      const next = await hashNextPage(db(), segment, found);
      if (next === undefined) break;
      found = next;
    }
    const { events, first, last } = found;
    const content = { ...segment, events, first, last, contentDigest: found.state.toString('hex'), previousDigest };
    const forged = digestSegment(content);
    const values = [events, first?.at, first?.id, last?.at, last?.id, content.contentDigest, previousDigest, forged];
    await tamper(
      `update audit_segment set events = $1, first_at = $2, first_id = $3, last_at = $4, last_id = $5,
         content_digest = decode($6, 'hex'), previous_digest = decode($7, 'hex'), digest = decode($8, 'hex')
       where segment = $9`,
      [...values.map((value) => value ?? null), segment.segment],
    );
    previousDigest = forged;
  }
}

/** Writes the archive again, so that it has the forged events, under the names of the forged digests. */
async function writeArchiveAgain(): Promise<void> {
  for (const name of readdirSync(archive)) rmSync(`${archive}/${name}`);
  for (const segment of await listSegments(db())) await writeArchive(archive, segment, readLines(db(), segment));
}

/** Options of `audit verify`, by the place that the log is compared with. */
const checks = (): Readonly<Record<string, readonly string[]>> => ({
  'the database alone': [],
  'a digest kept elsewhere': ['--digest', digest],
  'the archive of the server': ['--archive', archive],
  'a copy of the archive elsewhere': ['--archive', copy],
});
const FOUND = Object.fromEntries(Object.keys(checks()).map((name) => [name, true]));

async function findings(): Promise<Record<string, boolean>> {
  const found: Record<string, boolean> = {};
  for (const [name, words] of Object.entries(checks())) found[name] = (await verify(...words)).code === 1;
  return found;
}

/** Tells whether the nightly job of the server reports a problem. */
async function isReportedAtNight(): Promise<boolean> {
  const keeper = createKeeper(db(), archive);
  await keeper.keep();
  return keeper.logged.some((line) => 'auditProblem' in line);
}

it.each(Object.entries(ATTACKS))(
  'a sealed event that was %s by an attacker who owns the tables is found by what the attacker can’t reach',
  async (_what, sql) => {
    await tamper(sql);
    expect(await findings()).toEqual(FOUND);
    await computeChainAgain();
    expect(await findings()).toEqual({ ...FOUND, 'the database alone': false });
    expect(await isReportedAtNight()).toBe(true);
    await writeArchiveAgain();
    expect(await findings()).toEqual({
      ...FOUND,
      'the database alone': false,
      'the archive of the server': false,
    });
    expect(await isReportedAtNight()).toBe(false);
  },
);

describe('an event of today, which isn’t sealed yet, that an attacker who owns the tables removed', () => {
  const removeToday = () => tamper(`delete from audit_event where ${eventsOf(new Date())}`);

  it('isn’t found if it was a read', async () => {
    await recordReads(db(), new Date(), 1);
    await copyRecentEvents(db(), archive);
    await removeToday();
    expect(await verify('--archive', archive, '--digest', digest)).toMatchObject({ code: 0, problems: [] });
  });

  it('is found in the copies of the last minutes if it ended access', async () => {
    const log = createAuditLog({ db: db(), clock: { now: () => new Date() }, random: systemRandom });
    const accountId = systemRandom.uuid() as AccountId;
    await log.append({ kind: 'account', outcome: 'success', accountId, detail: { action: 'lock' } });
    await copyRecentEvents(db(), archive);
    await removeToday();
    expect(await verify('--archive', archive, '--digest', digest)).toMatchObject({ code: 0, problems: [] });
    const { answer } = await run('after-restore', '--archive', archive);
    expect(answer.revocations).toMatchObject([{ name: 'account/lock' }]);
  });
});
