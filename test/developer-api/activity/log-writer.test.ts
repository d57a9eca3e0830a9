import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDeveloperActivityLog, listAppLog, purgeActivity, readUsage } from '../../../src/apps/index.ts';
import type { Database } from '../../../src/database/index.ts';
import {
  type ClientId,
  days,
  hours,
  later,
  minutes,
  type RecordId,
  systemRandom as random,
  seconds,
} from '../../../src/kernel/index.ts';
import { addApp } from '../../support/apps/apps.ts';
import { type EmptyDatabase, emptyDatabase } from '../../support/database/empty-database.ts';
import { testDatabase } from '../../support/database/test-database.ts';

let database: EmptyDatabase;
let now = new Date('2026-04-01T12:00:00Z');
const clock = { now: () => now, advance: () => {} };
const pass = (milliseconds: number) => {
  now = later(now, milliseconds);
};
beforeAll(async () => {
  database = await emptyDatabase(testDatabase());
  await database.db.queryText(
    "insert into practice (practice_id, kind, name) values (1, 'sandbox', 'Sandbox'), (2, 'live', 'Live')",
    [],
  );
  await database.db.queryText(
    'insert into record (record_id, practice_id, patient_id) values (1, 1, gen_random_uuid()), (2, 2, gen_random_uuid())',
    [],
  );
});
afterAll(() => database.close());

let mine: ClientId;
let other: ClientId;
beforeEach(async () => {
  const apps = await Promise.all([1, 2].map(() => addApp({ db: database.db, clock })));
  [mine, other] = apps.map(({ client_id }) => client_id) as [ClientId, ClientId];
});

const rejection = (clientId: ClientId, cause = 'redirect_uri differs at character 31') =>
  ({
    clientId,
    endpoint: 'authorize',
    error: 'redirect-mismatch',
    cause,
    requestId: 'r-1',
    status: 400,
    proved: false,
  }) as const;
const grant = (clientId: ClientId) =>
  ({
    clientId,
    grantType: 'refresh_token',
    auth: 'secret',
    scope: 'patient/*.rs',
    requestId: 'r-1',
    milliseconds: 3,
  }) as const;
const [SANDBOX, LIVE] = [1, 2] as RecordId[];
const request = (clientId: ClientId, records: readonly (RecordId | undefined)[] = [SANDBOX]) =>
  ({
    clientId,
    api: 'r4',
    interaction: 'search',
    type: 'Observation',
    parameters: ['category'],
    unknownParameters: 0,
    contextRecordId: undefined,
    disclosedRecordIds: records.filter((one) => one !== undefined),
    resources: 3,
    status: 200,
    milliseconds: 4.4,
    rejection: undefined,
    requestId: 'r-2',
    familyId: random.uuid(),
    authorizedByPerson: true,
  }) as const;

const open = (db: Database = database.db) => createDeveloperActivityLog({ db, clock, random });
const rowsOf = (clientId: ClientId, limit = 10_000) => listAppLog(database.db, clientId, { limit });
const countOf = async (clientId: ClientId, measure: string) => {
  const span = { from: later(now, -days(400)), to: later(now, days(1)), resolution: 'day' } as const;
  const all = await readUsage(database.db, clientId, span);
  return all.filter((one) => one.measure === measure).reduce((sum, { count }) => sum + count, 0);
};

describe('the log of an app', () => {
  it('has its rejected and successful requests, the newest first, and nothing of others', async () => {
    const log = open();
    log.logError(rejection(mine));
    pass(seconds(1));
    log.logResponse(request(mine));
    log.logError(rejection(other));
    await log.close();
    const [first, second, ...rest] = await rowsOf(mine);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({
      endpoint: 'fhir-r4',
      type: 'Observation',
      parameters: ['category'],
      status: 200,
      milliseconds: 4,
      patients: 1,
    });
    expect(second).toMatchObject({ endpoint: 'authorize', error: 'redirect-mismatch', status: 400, requestId: 'r-1' });
  });

  it('orders requests of the same millisecond as they were answered', async () => {
    const log = open();
    const causes = Array.from({ length: 20 }, (_, index) => `cause ${index}`);
    for (const cause of causes) log.logError(rejection(mine, cause));
    await log.close();
    expect((await rowsOf(mine)).map(({ cause }) => cause)).toEqual(causes.toReversed());
  });

  it('accepts any text: terminal control codes, line breaks and invalid characters are replaced, and long text is cut', async () => {
    const log = open();
    const signs = ['\u001b[2J', '\u009b2J', '\n', '\r', '\u2028', '\u202e', '\u200b', '\ue000', '\u0000', '\ud800'];
    for (const sign of signs) log.logError(rejection(mine, `a${sign}b`));
    log.logError(rejection(mine, `"{},\\ ’ ${'x'.repeat(10_000)}`));
    await log.close();
    const causes = (await rowsOf(mine)).map(({ cause }) => cause ?? '');
    expect(causes).toHaveLength(signs.length + 1);
    expect(causes.join('')).not.toMatch(/(?!\ufffd)[\p{C}\p{Zl}\p{Zp}]/u);
    expect(Math.max(...causes.map((cause) => cause.length))).toBe(500);
  });

  it('is paged by keyset: no row is repeated or skipped, whatever is added meanwhile', async () => {
    const log = open();
    for (let i = 0; i < 25; i++) log.logResponse({ ...request(mine), requestId: `r-${i}` });
    await log.flush();
    const seen: string[] = [];
    let before: { at: Date; id: string } | undefined;
    for (let page = await listAppLog(database.db, mine, { limit: 10 }); page.length > 0; ) {
      seen.push(...page.map(({ requestId }) => requestId));
      before = page.at(-1);
      pass(1);
      log.logResponse({ ...request(mine), requestId: 'newer' });
      await log.flush();
      page = await listAppLog(database.db, mine, { limit: 10, before });
    }
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
    await log.close();
  });
});

describe('the pseudonym of a patient', () => {
  it('is stable in one app, differs between apps, and is not derived from public data of the record', async () => {
    const [one, two] = [open(), open()];
    one.logResponse(request(mine, [LIVE]));
    two.logResponse(request(mine, [LIVE]));
    one.logResponse(request(mine, [SANDBOX]));
    two.logResponse(request(other, [LIVE]));
    await Promise.all([one.close(), two.close()]);
    const named = (await rowsOf(mine)).map(({ pseudonym, live }) => `${live} ${pseudonym}`);
    expect(new Set(named).size).toBe(2);
    const [elsewhere] = await rowsOf(other);
    expect(named).not.toContain(`true ${elsewhere?.pseudonym}`);
    expect(elsewhere?.pseudonym).toMatch(/^[0-9a-z]{12}$/);
  });
  it('is all that is stored about a live patient; for a test patient the id is stored too', async () => {
    const log = open();
    log.logResponse(request(mine, [LIVE]));
    pass(1);
    log.logResponse(request(mine, [SANDBOX]));
    pass(1);
    log.logResponse(request(mine, [SANDBOX, LIVE]));
    await log.close();
    const [several, sandbox, live] = await rowsOf(mine);
    expect(live).toMatchObject({ live: true, patient: undefined, patients: 1 });
    expect(sandbox).toMatchObject({ live: false, patient: expect.any(String) });
    expect(several).toMatchObject({ pseudonym: undefined, patient: undefined, patients: 2 });
  });
  it('needs the key of the app, and each app has its own random key', async () => {
    const keys = await database.db.queryText<{ key: string }>(
      "select encode(pseudonym_key, 'hex') as key from app",
      [],
    );
    expect(new Set(keys.map(({ key }) => key)).size).toBe(keys.length);
    expect(keys.every(({ key }) => key.length === 64)).toBe(true);
  });
});

describe('writes that anyone can cause are limited', () => {
  it('to 60 rows a minute for each kind of rejection; a flood of one kind displaces no other, and is counted', async () => {
    const log = open();
    for (let i = 0; i < 500; i++) log.logError(rejection(mine, `${i}`));
    log.logError({ ...rejection(mine), endpoint: 'token', error: 'invalid_grant' });
    log.logResponse(request(mine));
    log.logError(rejection(other));
    await log.flush();
    expect(await rowsOf(mine)).toHaveLength(62);
    expect(await rowsOf(other)).toHaveLength(1);
    expect({ error: await countOf(mine, 'error'), lost: await countOf(mine, 'lost') }).toEqual({
      error: 501,
      lost: 440,
    });
    pass(minutes(1));
    log.logError(rejection(mine, 'later'));
    await log.close();
    expect(await rowsOf(mine)).toHaveLength(63);
  });
  it('to 240 responses a minute for an app and 6000 rows for all apps; all are counted', async () => {
    pass(minutes(1));
    const log = open();
    for (let i = 0; i < 600; i++) log.logResponse(request(mine));
    await log.close();
    expect(await rowsOf(mine)).toHaveLength(240);
    expect({ call: await countOf(mine, 'call'), lost: await countOf(mine, 'lost') }).toEqual({ call: 600, lost: 360 });
  });
  it('so that rejections for many known client_ids do not displace responses of any app', async () => {
    const log = open();
    const ids = Array.from({ length: 120 }, () => random.uuid() as ClientId);
    for (const clientId of ids) for (let i = 0; i < 60; i += 1) log.logError(rejection(clientId));
    for (let i = 0; i < 10; i += 1) log.logResponse(request(mine));
    log.logResponse({
      ...request(mine),
      resources: 0,
      rejection: { error: 'scope-denied', cause: 'scopes' },
      status: 403,
    });
    await log.close();
    expect(await rowsOf(mine)).toHaveLength(11);
    expect(await countOf(mine, 'lost')).toBe(0);
  });

  it('to 60 tokens a minute for each grant type, so an app that refreshes all the time still sees each rejection', async () => {
    pass(minutes(1));
    const log = open();
    const ids = [mine, ...Array.from({ length: 60 }, () => random.uuid() as ClientId)];
    for (const clientId of ids) for (let i = 0; i < 100; i += 1) log.logToken(grant(clientId));
    for (let i = 0; i < 10; i += 1) log.logError({ ...rejection(mine), endpoint: 'token', proved: true });
    log.logResponse(request(mine));
    await log.close();
    const rows = await rowsOf(mine, 200);
    expect(rows.filter(({ granted }) => granted !== undefined)).toHaveLength(60);
    expect(rows.filter(({ error }) => error !== undefined)).toHaveLength(10);
    expect(rows).toHaveLength(71);
    expect({ error: await countOf(mine, 'error'), lost: await countOf(mine, 'lost') }).toEqual({ error: 10, lost: 40 });
  });

  it('to the newest 10,000 tokens of each app, which displace nothing else', async () => {
    const rows = `insert into app_request (client_id, at, id, endpoint, interaction, type, parameters, error, request_id)
       select $1, $2::timestamptz + make_interval(secs => n), gen_random_uuid(), 'token', 'refresh_token', 'secret',
         '{client_id}', $4, 'r' from generate_series(1, $3::int) n`;
    await database.db.queryText(rows, [mine, later(now, -days(1)), 20, 'invalid_grant']);
    await database.db.queryText(rows, [mine, later(now, -hours(20)), 10_100, null]);
    await purgeActivity(database.db, now);
    const stored = await database.db.queryText<{ tokens: number; errors: number }>(
      `select (count(*) filter (where error is null))::int as tokens, count(error)::int as errors
       from app_request where client_id = $1`,
      [mine],
    );
    expect(stored).toEqual([{ tokens: 10_000, errors: 20 }]);
  });

  it('so that a minute full of rejections still has room for responses', async () => {
    const log = open();
    const ids = Array.from({ length: 120 }, () => random.uuid() as ClientId);
    for (const clientId of ids) {
      for (let i = 0; i < 60; i += 1) log.logError(rejection(clientId));
      await log.flush();
    }
    log.logResponse(request(mine));
    await log.close();
    expect(await rowsOf(mine)).toHaveLength(1);
  });

  it('to a thousand pending rows while the database is slow', async () => {
    pass(minutes(1));
    const { promise: answers, resolve: answer } = Promise.withResolvers<void>();
    const slow: Database = { ...database.db, transaction: (work) => answers.then(() => database.db.transaction(work)) };
    const log = open(slow);
    const kinds = Array.from({ length: 40 }, (_, i) => `kind-${i}`);
    for (const error of kinds) for (let i = 0; i < 60; i++) log.logError({ ...rejection(mine), error });
    answer();
    await log.close();
    const stored = await rowsOf(mine);
    expect(stored.length).toBeLessThanOrEqual(1001);
    expect((await countOf(mine, 'lost')) + stored.length).toBe(2400);
  });
  it('to the newest of each app; unauthenticated rows displace none of the app’s own requests', async () => {
    await database.db.queryText(
      `insert into app_request (client_id, at, id, endpoint, request_id)
       select $1, $2::timestamptz + make_interval(secs => n), gen_random_uuid(), 'authorize', 'r' from generate_series(1, 20100) n`,
      [mine, later(now, -days(1))],
    );
    const log = open();
    log.logResponse(request(mine));
    await log.close();
    await purgeActivity(database.db, now);
    const [stored] = await database.db.queryText<{ count: number }>(
      "select count(*)::int as count from app_request where client_id = $1 and endpoint = 'authorize'",
      [mine],
    );
    expect(stored?.count).toBe(20_000);
    expect((await rowsOf(mine, 1))[0]?.endpoint).toBe('fhir-r4');
  });
});

describe('retention', () => {
  it('is thirty days for rows and thirteen months for counts', async () => {
    const log = open();
    log.logResponse(request(mine));
    await log.close();
    await purgeActivity(database.db, later(now, days(29)));
    expect(await rowsOf(mine)).toHaveLength(1);
    await purgeActivity(database.db, later(now, days(30)));
    expect(await rowsOf(mine)).toEqual([]);
    expect(await countOf(mine, 'call')).toBe(1);
    await purgeActivity(database.db, later(now, days(395)));
    expect(await countOf(mine, 'call')).toBe(1);
    await purgeActivity(database.db, later(now, days(397)));
    expect(await countOf(mine, 'call')).toBe(0);
  });
  it('is one more day for which patients were read, and then only for their number', async () => {
    const log = open();
    for (const record of [SANDBOX, LIVE, LIVE]) log.logResponse(request(mine, [record]));
    await log.close();
    const held = () => database.db.queryText('select from app_usage_patient where client_id = $1', [mine]);
    expect({ held: (await held()).length, count: await countOf(mine, 'patients') }).toEqual({ held: 2, count: 2 });
    await purgeActivity(database.db, later(now, days(2)));
    await purgeActivity(database.db, later(now, days(2)));
    expect({ held: (await held()).length, count: await countOf(mine, 'patients') }).toEqual({ held: 0, count: 2 });
  });
});

describe('a database failure', () => {
  it('loses rows but never a response or a count, and later rows are stored', async () => {
    const results: unknown[] = [];
    let down = true;
    const failing: Database = {
      ...database.db,
      transaction: (work) => (down ? Promise.reject(new Error('gone')) : database.db.transaction(work)),
    };
    const log = createDeveloperActivityLog({ db: failing, clock, random, failed: (error) => results.push(error) });
    const first = request(mine);
    expect(log.logResponse(first)).toBeUndefined();
    log.countStep(mine, 'opened');
    await log.flush();
    await log.flush();
    expect(results.length).toBeGreaterThan(0);
    down = false;
    log.logResponse({ ...request(mine), familyId: first.familyId, requestId: 'kept' });
    await log.close();
    expect((await rowsOf(mine)).map(({ requestId }) => requestId)).toEqual(['kept']);
    expect({
      call: await countOf(mine, 'call'),
      lost: await countOf(mine, 'lost'),
      funnel: await countOf(mine, 'funnel'),
    }).toEqual({ call: 2, lost: 1, funnel: 2 });
  });
  it('before a restart loses nothing that was written, and pending rows are written at shutdown', async () => {
    const log = open();
    log.logResponse(request(mine));
    log.logResponse(request(mine));
    await log.close();
    expect(await rowsOf(mine)).toHaveLength(2);
  });
});

it('does not make several processes count the first data of an authorization twice', async () => {
  const [one, two] = [open(), open()];
  const first = request(mine);
  for (const log of [one, two, one]) log.logResponse(first);
  await Promise.all([one.close(), two.close()]);
  expect(await countOf(mine, 'funnel')).toBe(1);
  // The app is a backend app, so no user authorizes it.
  const log = open();
  log.logResponse({ ...request(mine), authorizedByPerson: false });
  await log.close();
  expect(await countOf(mine, 'funnel')).toBe(1);
});

it('does not make concurrent processes set the first call twice', async () => {
  await database.db.queryText('update app set organisation_id = $2 where client_id = $1', [mine, random.uuid()]);
  const results: boolean[] = [];
  const logs = [1, 2, 3].map(() =>
    createDeveloperActivityLog({
      db: database.db,
      clock,
      random,
      firstCall: async (_tx, { live }) => void results.push(live),
    }),
  );
  for (const log of logs) log.logResponse(request(mine, [LIVE]));
  await Promise.all(logs.map((log) => log.close()));
  expect(results).toEqual([true]);
  pass(hours(1));
});
