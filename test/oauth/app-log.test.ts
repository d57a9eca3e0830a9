import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../src/database/index.ts';
import { type ClientId, days, later, minutes, systemRandom as random, seconds } from '../../src/kernel/index.ts';
import { listLog, openAppLog, sweepAppLog } from '../../src/registry/index.ts';
import { type EmptyDatabase, emptyDatabase } from '../support/empty-database.ts';
import { testDatabase } from '../support/test-database.ts';

let database: EmptyDatabase;
let now = new Date('2026-04-01T12:00:00Z');
const clock = { now: () => now };
const pass = (milliseconds: number) => {
  now = later(now, milliseconds);
};
beforeAll(async () => {
  database = await emptyDatabase(testDatabase());
});
afterAll(() => database.close());

const app = () => random.uuid() as ClientId;
const refusal = (clientId: ClientId, cause = 'redirect_uri differs at character 31') =>
  ({ clientId, endpoint: 'authorize', error: 'redirect-mismatch', cause, requestId: 'r-1' }) as const;
const open = (db: Executor = database.db) => openAppLog({ db, clock, random });

describe('why an app was refused', () => {
  it('is kept for that app, the newest first', async () => {
    const [mine, other] = [app(), app()];
    const log = open();
    log.refused(refusal(mine, 'first'));
    pass(seconds(1));
    log.refused({ ...refusal(mine, 'second'), endpoint: 'token', error: 'invalid_grant' });
    log.refused(refusal(other, 'of another'));
    await log.close();
    const rows = await listLog(database.db, mine, 10);
    expect(rows).toEqual([
      { at: now, endpoint: 'token', error: 'invalid_grant', cause: 'second', requestId: 'r-1' },
      { at: later(now, -1000), endpoint: 'authorize', error: 'redirect-mismatch', cause: 'first', requestId: 'r-1' },
    ]);
    expect((await listLog(database.db, mine, 1)).map(({ cause }) => cause)).toEqual(['second']);
  });
  it('is kept for thirty days', async () => {
    const [mine, log] = [app(), open()];
    log.refused(refusal(mine));
    await log.close();
    await sweepAppLog(database.db, now);
    expect(await listLog(database.db, mine, 10)).toHaveLength(1);
    await sweepAppLog(database.db, later(now, days(30)));
    expect(await listLog(database.db, mine, 10)).toEqual([]);
  });
  it('may hold any text: what is no text is replaced, what is long is cut', async () => {
    const [mine, log] = [app(), open()];
    log.refused(refusal(mine, `a\u0000b\ud800 "{},\\ ’ ${'x'.repeat(10_000)}`));
    await log.close();
    const [row] = await listLog(database.db, mine, 10);
    expect(row?.cause).toMatch(/^a\ufffdb\ufffd "\{\},\\ ’ x+$/);
    expect(row?.cause).toHaveLength(500);
  });
  it('holds nothing that a terminal obeys, nothing that begins a line or turns the direction of text', async () => {
    const [mine, log] = [app(), open()];
    for (const sign of ['\u001b[2J', '\u009b2J', '\n', '\r', '\u2028', '\u202e', '\u200b', '\ue000', '\u{e0041}']) {
      log.refused(refusal(mine, `a${sign}b`));
    }
    await log.close();
    const causes = (await listLog(database.db, mine, 20)).map(({ cause }) => cause);
    expect(new Set(causes)).toEqual(new Set(['a\ufffdb', 'a\ufffd[2Jb', 'a\ufffd2Jb']));
    expect(causes).toHaveLength(9);
  });
});

describe('what anybody can cause to be written is bounded', () => {
  it('to 120 rows of an app in a minute, whatever other apps do', async () => {
    const [busy, other, log] = [app(), app(), open()];
    for (let i = 0; i < 500; i++) log.refused(refusal(busy, `${i}`));
    log.refused(refusal(other));
    await log.close();
    expect(await listLog(database.db, busy, 1000)).toHaveLength(120);
    expect(await listLog(database.db, other, 10)).toHaveLength(1);
    pass(minutes(1));
    log.refused(refusal(busy, 'later'));
    await log.close();
    expect(await listLog(database.db, busy, 1000)).toHaveLength(121);
  });
  it('to a thousand that wait, while the database is slow; and they go together', async () => {
    const groups: number[] = [];
    const { promise: answers, resolve: answer } = Promise.withResolvers<void>();
    const slow: Executor = {
      ...database.db,
      async query(statement, parameters = []) {
        groups.push((parameters[0] as unknown[]).length);
        await answers;
        return database.db.query(statement, parameters);
      },
    };
    const log = open(slow);
    for (let i = 0; i < 3000; i++) log.refused(refusal(app()));
    answer();
    await log.close();
    expect(groups).toEqual([1, 200, 200, 200, 200, 200]);
  });
});

it('a database that fails loses rows, never an answer; and what comes later is kept', async () => {
  const mine = app();
  const told: unknown[] = [];
  let down = true;
  const failing: Executor = {
    ...database.db,
    query: (statement, parameters) =>
      down ? Promise.reject(new Error('gone')) : database.db.query(statement, parameters),
  };
  const log = openAppLog({ db: failing, clock, random, failed: (error) => told.push(error) });
  expect(log.refused(refusal(mine, 'lost'))).toBeUndefined();
  await log.close();
  expect(told).toHaveLength(1);
  down = false;
  log.refused(refusal(mine, 'kept'));
  await log.close();
  expect((await listLog(database.db, mine, 10)).map(({ cause }) => cause)).toEqual(['kept']);
});
