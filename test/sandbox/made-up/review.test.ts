import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_VISITORS } from '../../../src/apps/index.ts';
import { days, hours } from '../../../src/kernel/index.ts';
import { type ApiCaller, apiCaller } from '../../support/people/developer-portal.ts';
import { PatientBrowser } from '../../support/people/patient.ts';
import {
  type ListedApp,
  listVisitorApps,
  SANDBOX_ADMINISTRATOR,
  signInVisitor,
} from '../../support/people/sandbox-administrator.ts';
import { SANDBOX_DEVELOPER, signInSandboxDeveloper } from '../../support/people/sandbox-developer.ts';
import { startSandboxSession } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let visitor: ApiCaller;
let apps: readonly ListedApp[];
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  // The limit of visitors in an hour doesn't carry over from one test to the next.
  server.clock.advance(hours(1) + 1);
  visitor = await signInVisitor(server);
  apps = await listVisitorApps(visitor);
});

const appNamed = (wanted: string, of = apps): ListedApp => {
  const found = of.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`no app is called ${wanted}`);
  return found;
};
const decide = (name: string, what: string, body: object, who = visitor) =>
  who.call('POST', `/review/apps/${appNamed(name).clientId}/${what}`, body);
const read = async (name: string) => (await visitor.call('GET', `/review/apps/${appNamed(name).clientId}`)).body;

describe('the made-up review queue', () => {
  it('has apps at every stage of their deadlines', async () => {
    const { body } = await visitor.call('GET', '/review/queue');
    expect(body.counts).toEqual({ waiting: 5, verified: 1, asked: 1, soon: 1, late: 1 });
    const stages = body.items.map(
      ({ name, clock }: { name: string; clock: { step: string; standing: string } }) =>
        `${name}: ${clock.step}, ${clock.standing}`,
    );
    expect(stages).toEqual([
      'Stride Tracker: verify, late',
      'Visit Notes: verify, soon',
      'Chart Bridge: enable, in-time',
      'Pollen Diary: verify, in-time',
      'Rhythm: verify, in-time',
      'Meadow Meds: verify, in-time',
    ]);
  });

  it('has approved, suspended and rejected apps beside the pending ones', () => {
    const states = Object.fromEntries(apps.map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({
      'Heartline Companion': 'active',
      'Lab Lens': 'suspended',
      'Fast Chart Download': 'rejected',
      'Meadow Meds': 'provisional',
    });
  });

  it('shows the history of an app with the names of made-up people', async () => {
    const { history, people, differences } = await read('Rhythm');
    expect(people).toEqual([{ name: 'Maya Torres', email: null, role: 'administrator' }]);
    expect(history.map(({ kind, who }: { kind: string; who: string }) => [kind, who])).toEqual([
      ['submitted', 'Maya Torres'],
      ['approved', 'Jordan Reyes'],
      ['verified', 'Jordan Reyes'],
      ['submitted', 'Maya Torres'],
      ['registered', 'Maya Torres'],
    ]);
    expect(differences.map(({ field }: { field: string }) => field).sort()).toEqual(['redirectUris', 'scope']);
  });

  it('offers only practices of the sandbox for a backend app', async () => {
    const { practices } = await read('Chart Bridge');
    expect(new Set(practices.map(({ kind }: { kind: string }) => kind))).toEqual(new Set(['sandbox']));
    const live = await server.db.queryText<{ id: number }>(
      "select practice_id as id from practice where kind = 'live'",
      [],
    );
    const approval = { version: 1, practiceIds: live.map(({ id }) => id) };
    expect((await decide('Chart Bridge', 'approve', approval)).status).toBe(400);
  });
});

describe('decisions in the made-up review', () => {
  it('approve an app, after the visitor verified its developer', async () => {
    const verified = await decide('Meadow Meds', 'verify', { version: 1, organisation: 'Juniper & Finch' });
    expect(verified.body).toMatchObject({ outcome: 'verified' });
    expect((await decide('Meadow Meds', 'approve', { version: 1 })).body).toMatchObject({ state: 'active' });
    const { organisations } = (await visitor.call('GET', '/review/organisations?text=juniper')).body;
    expect(organisations[0]).toMatchObject({
      name: 'Juniper & Finch',
      verifiedBy: 'Sandbox Admin',
      people: 1,
      apps: 4,
    });
  });

  it('give the second of two approvals to a backend app that a made-up administrator approved first', async () => {
    expect(await read('Chart Bridge')).toMatchObject({ needsTwo: true, approvedFirstBy: 'Jordan Reyes' });
    expect((await decide('Chart Bridge', 'approve', { version: 1 })).body).toMatchObject({ outcome: 'approved' });
  });

  it('reject, ask, suspend, resume, retire and note as real ones do', async () => {
    const reason = { ground: 'security-risk', text: 'Made up.' };
    const outcomes = [
      await decide('Stride Tracker', 'reject', { version: 1, ...reason }),
      await decide('Visit Notes', 'ask', { version: 1, question: 'Who uses it?' }),
      await decide('Heartline Companion', 'suspend', reason),
      await decide('Lab Lens', 'resume', {}),
      await decide('Lab Lens', 'retire', { ground: 'asked-by-developer', text: 'Made up.' }),
    ].map(({ body }) => body.outcome);
    expect(outcomes).toEqual(['rejected', 'asked', 'suspended', 'resumed', 'retired']);
    const noted = await decide('Visit Notes', 'notes', { content: 'Looks fine.' });
    expect(noted.body.notes).toMatchObject([{ who: 'Sandbox Admin', content: 'Looks fine.' }]);
  });

  it('send no email, not even one that stays in the outbox', async () => {
    await decide('Pollen Diary', 'reject', { version: 1, ground: 'authenticity', text: 'Made up.' });
    expect(await server.db.queryText('select from mail', [])).toEqual([]);
  });

  it('are in the audit log of the installation as made up, and in no patient’s or practice’s log', async () => {
    const { clientId } = appNamed('Visit Notes');
    await decide('Visit Notes', 'verify', { version: 1, organisation: 'Northbeam Health' });
    const events = await server.db.queryText(
      `select e.kind, a.username, e.record_id, e.detail ->> 'madeUp' as made_up from audit_event e
       join account a on a.account_id = e.account_id where e.client_id = $1`,
      [clientId],
    );
    expect(events).toEqual([{ kind: 'review', username: 'adminapitest', record_id: null, made_up: 'true' }]);
  });

  it('need a recent confirmation of the published password', async () => {
    server.clock.advance(60_000 * 6);
    expect((await decide('Meadow Meds', 'verify', { version: 1 })).body.code).toBe('proof-needed');
  });
});

describe('the made-up brands of practices', () => {
  const readBrands = async (of = visitor) => (await of.call('GET', '/review/brands')).body;
  const practiceNamed = async (wanted: string, of = visitor) =>
    (await readBrands(of)).practices.find(({ name }: { name: string }) => name === wanted);
  const save = async (name: string, changes: object, of = visitor) => {
    const { practiceId, npi, category, aliases, locations, partOf } = await practiceNamed(name, of);
    const fields = { npi, category, aliases, locations, partOf, ...changes };
    return of.call('PUT', `/review/brands/practices/${practiceId}`, fields);
  };

  it('have two published versions, a practice that can’t be listed and one to publish', async () => {
    const { addresses, published, practices, changes, findings, history } = await readBrands();
    expect(addresses).toBeNull();
    expect(published).toMatchObject({ version: 2, organizations: 3, endpoints: 2 });
    expect(practices.map(({ name, missing }: { name: string; missing: string[] }) => [name, missing])).toEqual([
      ['Riverbend Family Medicine', []],
      ['Riverbend Express Care', []],
      ['Lakeview Women’s Health', ['identifier']],
      ['Harbor Point Orthopedics', []],
    ]);
    expect(changes).toEqual([
      { what: 'added', type: 'Organization', name: 'Harbor Point Orthopedics', fields: expect.anything() },
    ]);
    expect(findings.filter(({ severity }: { severity: string }) => severity === 'fault')).toEqual([]);
    expect(history.map(({ version, by }: { version: number; by: string | null }) => [version, by])).toEqual([
      [2, null],
      [1, 'Jordan Reyes'],
    ]);
    expect(history[0].changes).toMatchObject([{ what: 'changed', name: 'Riverbend Family Medicine' }]);
  });

  it('are published by the visitor, for that visitor only', async () => {
    const other = await signInVisitor(server);
    const before = await readBrands(other);
    expect((await visitor.call('POST', '/review/brands/publish', {})).body).toEqual({ version: 3 });
    const after = await readBrands();
    expect(after).toMatchObject({ published: { version: 3, organizations: 4 }, changes: [] });
    expect(after.history[0]).toMatchObject({ version: 3, by: 'Sandbox Admin' });
    const { body } = await visitor.call('GET', '/review/brands/versions/3');
    expect(JSON.stringify(body.bundle)).toContain('Harbor Point Orthopedics');
    expect((await other.call('GET', '/review/brands/versions/3')).status).toBe(404);
    expect(await readBrands(other)).toEqual(before);
  });

  it('are changed by the visitor, with the checks of real ones', async () => {
    const other = await signInVisitor(server);
    const before = await readBrands(other);
    expect((await save('Lakeview Women’s Health', { npi: '2000900039' })).status).toBe(400);
    const { body } = await save('Lakeview Women’s Health', { npi: '1234567893', aliases: ['Lakeview OB'] });
    expect(body).toMatchObject({ npi: '1234567893', aliases: ['Lakeview OB'], missing: [] });
    expect((await readBrands()).published).toMatchObject({ version: 3, organizations: 5 });
    expect(await readBrands(other)).toEqual(before);
    const { practiceId } = await practiceNamed('Lakeview Women’s Health');
    expect((await other.call('PUT', `/review/brands/practices/${practiceId}`, body)).status).toBe(400);
    const { npi, category, aliases, locations, partOf } = body;
    const fields = { npi, category, aliases, locations, partOf };
    expect((await other.call('PUT', `/review/brands/practices/${practiceId}`, fields)).status).toBe(404);
    const long = await save('Lakeview Women’s Health', { aliases: Array.from({ length: 11 }, () => 'x'.repeat(100)) });
    expect(long.body).toMatchObject({ status: 400, errors: [{ field: 'aliases' }] });
  });

  it('are in the audit log of the installation as made up', async () => {
    await save('Harbor Point Orthopedics', { aliases: ['Harbor Ortho'] });
    const events = await server.db.queryText<{ kind: string; made_up: string }>(
      `select e.kind, e.detail ->> 'madeUp' as made_up from audit_event e
       join account a on a.account_id = e.account_id
       where a.username = 'adminapitest' and e.kind in ('brands', 'practice')`,
      [],
    );
    expect(events).toContainEqual({ kind: 'practice', made_up: 'true' });
    expect(events.filter(({ made_up }) => made_up !== 'true')).toEqual([]);
  });

  it('are as new after starting over', async () => {
    await visitor.call('POST', '/review/brands/publish', {});
    await visitor.call('POST', '/review/made-up/start-over');
    expect((await readBrands()).published).toMatchObject({ version: 2 });
  });

  it('keep the last 50 versions of a visitor', async () => {
    await server.db.queryText(
      `update stored_brands_version set version = version + 60 where visitor_id is not null`,
      [],
    );
    await visitor.call('POST', '/review/brands/publish', {});
    const { history } = await readBrands();
    expect(history.map(({ version }: { version: number }) => version)).toEqual([63, 62, 61]);
    await server.db.queryText(`update stored_brands_version set version = 1 where version = 61`, []);
    await save('Harbor Point Orthopedics', { aliases: ['Harbor Ortho'] });
    expect((await readBrands()).history.map(({ version }: { version: number }) => version)).toEqual([64, 63, 62]);
  });
});

describe('each visitor has their own copy', () => {
  it('which no other visitor sees or can decide about', async () => {
    const other = await signInVisitor(server);
    const theirs = await listVisitorApps(other);
    expect(theirs.map(({ name }) => name).sort()).toEqual(apps.map(({ name }) => name).sort());
    expect(theirs.filter(({ clientId }) => apps.some((app) => app.clientId === clientId))).toEqual([]);
    await decide('Meadow Meds', 'verify', { version: 1 });
    await decide('Meadow Meds', 'approve', { version: 1 });
    const { clientId } = appNamed('Meadow Meds', theirs);
    expect((await other.call('GET', `/review/apps/${clientId}`)).body.app.state).toBe('provisional');
    for (const what of ['verify', 'approve', 'notes'])
      expect((await decide('Stride Tracker', what, { version: 1, content: 'x' }, other)).status).toBeGreaterThan(399);
    expect((await decide('Stride Tracker', 'verify', { version: 1 }, other)).status).toBe(404);
  });

  it('which stays when the same browser signs in again', async () => {
    await decide('Heartline Companion', 'suspend', { ground: 'security-risk', text: 'Made up.' });
    const browser = new PatientBrowser(server.app);
    const signIn = async () => {
      await browser.signIn('/sign-in?return_to=/review', SANDBOX_ADMINISTRATOR);
      return apiCaller(server, browser.cookie('session'));
    };
    const first = await listVisitorApps(await signIn());
    expect(first.map(({ clientId }) => clientId)).not.toContain(apps[0]?.clientId);
    expect(await listVisitorApps(await signIn())).toEqual(first);
  });

  it('which two first requests at the same time make once', async () => {
    const caller = await signInVisitor(server);
    const [one, other] = await Promise.all([listVisitorApps(caller), listVisitorApps(caller)]);
    expect(one).toEqual(other);
    expect(one).toHaveLength(9);
  });

  it('which starts over when the visitor asks for it', async () => {
    await decide('Heartline Companion', 'suspend', { ground: 'security-risk', text: 'Made up.' });
    expect((await visitor.call('POST', '/review/made-up/start-over')).status).toBe(204);
    const fresh = await listVisitorApps(visitor);
    expect(appNamed('Heartline Companion', fresh).state).toBe('active');
    expect((await decide('Heartline Companion', 'resume', {})).status).toBe(404);
  });
});

describe('the copies of visitors', () => {
  const countRows = async () =>
    (
      await server.db.queryText<{ rows: number }>(
        `select ((select count(*) from stored_app where space <> '') + (select count(*) from stored_organisation where space <> '')
           + (select count(*) from app_version) + (select count(*) from app_event) + (select count(*) from review_note)
           + (select count(*) from made_up_practice)
           + (select count(*) from stored_practice_brand where visitor_id is not null)
           + (select count(*) from stored_brands_version where visitor_id is not null)
           + (select count(*) from made_up_request) + (select count(*) from made_up_usage)
           + (select count(*) from sandbox_visitor) + (select count(*) from membership) + (select count(*) from notification)
           + (select count(*) from app_secret where client_id in (select client_id from stored_app where space <> '')))::int
           as rows`,
        [],
      )
    )[0]?.rows;

  it('are deleted with everything in them after a day without use', async () => {
    await decide('Visit Notes', 'notes', { content: 'Looks fine.' });
    await (await signInSandboxDeveloper(server)).call('POST', '/developer/notifications/read', {});
    expect(await server.db.queryText('select from made_up_usage limit 1', [])).toHaveLength(1);
    server.clock.advance(hours(23));
    const late = await signInVisitor(server);
    await listVisitorApps(late);
    server.clock.advance(hours(2));
    await server.purgeExpired();
    expect(await server.db.queryText('select from sandbox_visitor', [])).toHaveLength(1);
    server.clock.advance(days(2));
    await server.purgeExpired();
    expect(await countRows()).toBe(0);
  });

  it('are limited in number: the one that was idle for the longest time is deleted first', async () => {
    await server.db.queryText(
      `insert into sandbox_visitor (visitor_id, account_id, browser, created_at, used_at)
       select gen_random_uuid(), gen_random_uuid(), 'x', $1, $1::timestamptz + make_interval(secs => n)
       from generate_series(1, $2) as n`,
      [server.clock.now(), MAX_VISITORS],
    );
    server.clock.advance(hours(1));
    await listVisitorApps(await signInVisitor(server));
    const left = await server.db.queryText<{ oldest: number }>(
      'select extract(epoch from min(used_at) - $1::timestamptz)::int4 as oldest from sandbox_visitor having count(*) = $2',
      [server.clock.now(), MAX_VISITORS],
    );
    expect(left).toHaveLength(1);
  });

  it('are limited per network and hour', async () => {
    const openQueue = async () => (await (await signInVisitor(server)).call('GET', '/review/queue')).status;
    // Stands for 29 more visitors, because each copy takes a while.
    await server.db.queryText('update throttle set failures = 29 where window_ends > $1', [server.clock.now()]);
    expect({ first: await openQueue(), second: await openQueue() }).toEqual({ first: 200, second: 429 });
    expect((await visitor.call('GET', '/review/queue')).status).toBe(200);
  });
});

it('with SANDBOX=off there is no sandbox administrator and no sandbox developer', async () => {
  const strict = await startServer({ SANDBOX: 'off' });
  try {
    const caller = apiCaller(strict, await startSandboxSession(strict, SANDBOX_ADMINISTRATOR));
    for (const path of ['/review/queue', '/review/brands', '/review/brands/draft']) {
      const { body } = await caller.call('GET', path);
      expect(body).toMatchObject({ code: 'wrong-account', status: 403 });
    }
    expect((await caller.call('POST', '/review/made-up/start-over')).status).toBe(404);
    expect((await caller.call('GET', '/session')).body.person.sandboxAdministrator).toBe(false);
    const developer = await signInSandboxDeveloper(strict);
    expect((await developer.call('GET', '/developer/apps')).body).toMatchObject({ code: 'wrong-account', status: 403 });
    expect((await developer.call('POST', '/developer/made-up/start-over')).status).toBe(404);
    expect((await developer.call('GET', '/session')).body.person).toMatchObject({
      sandboxDeveloper: false,
      memberships: [],
    });
    for (const account of [SANDBOX_ADMINISTRATOR, SANDBOX_DEVELOPER]) {
      const browser = new PatientBrowser(strict.app);
      await browser.signIn('/sign-in?return_to=/review', account).catch(() => {});
      expect((await apiCaller(strict, browser.cookie('session')).call('GET', '/session')).body.person).toBeNull();
    }
  } finally {
    await strict.close();
  }
});
