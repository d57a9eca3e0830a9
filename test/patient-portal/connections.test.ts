import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { formatLongDateTime } from '../../src/i18n/index.ts';
import { addRepresentation } from '../../src/identity/index.ts';
import type { GrantId } from '../../src/kernel/index.ts';
import { listLatestEmails } from '../../src/mail/index.ts';
import { endGrant } from '../../src/oauth/index.ts';
import { addApp, setAppState, type TestApp } from '../support/apps/apps.ts';
import {
  attributeOf,
  countOf,
  hasElement,
  hiddenFields,
  linkIn,
  nextLink,
  textOf,
  textsOf,
} from '../support/browser/html.ts';
import { inClear } from '../support/in-clear.ts';
import { findRecordId, type LivePerson } from '../support/people/live-patient.ts';
import {
  authorizationCode,
  CHALLENGE,
  connectApp,
  encodeForm,
  FORM,
  getFhir,
  OAUTH,
  PatientBrowser,
  R4,
  requestToken,
  type TokenAnswer,
} from '../support/people/patient.ts';
import { until } from '../support/runs/until.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { addPatientWithRecord, addRepresentativeOf, signInBrowser } from './patients.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server, { metadata: { policy_uri: 'https://app.example/privacy' } });
});
afterAll(() => server.close());

const read = (token: TokenAnswer, what = 'Patient', process = server.app) =>
  getFhir(process, `${R4}/${what}`, token.access_token);

async function connected(query = {}, changes = {}, client: TestApp = app) {
  const person = await addPatientWithRecord(server);
  const token = await connectApp(server.app, client, query, changes, person);
  const browser = await signInBrowser(server, person);
  const base = `/account/${person.key}`;
  const list = await browser.get(`${base}/apps`);
  return { person, token, browser, base, list, page: linkIn(list, '/apps/[0-9a-f-]{36}$') };
}

/** Disconnects an app on the pages, like a person. */
async function disconnect({ browser, page }: Awaited<ReturnType<typeof connected>>) {
  const confirmation = await browser.get(`${page}/disconnect`);
  const done = await browser.post(`${page}/disconnect`, hiddenFields(confirmation.body));
  return { confirmation, done, proof: await browser.get(done.location ?? '') };
}

describe('the list of connected apps', () => {
  it('explains an empty list, and how to connect an app', async () => {
    const person = await addPatientWithRecord(server);
    const browser = await signInBrowser(server, person);
    const list = await browser.get(`/account/${person.key}/apps`);
    expect(list.status).toBe(200);
    expect(textOf(list)).toContain('No app is connected');
    expect(textOf(list)).toContain('To connect an app, open the app');
    expect(textOf(list, 'a[href="/apps"]')).toBe('Find apps to connect');
    expect(hasElement(list, 'a[href="/demo"]')).toBe(false);
  });

  it('says in plain words what each app can see, since when, until when, and when and how often it last read', async () => {
    const { token, browser, base } = await connected(
      { scope: 'launch/patient offline_access patient/*.rs' },
      {
        duration: 'P30D',
        offline: 'yes',
      },
    );
    await read(token);
    await read(token, 'Condition');
    const text = textOf(await browser.get(`${base}/apps`));
    expect(text).toContain('1 app can read your record now');
    expect(text).toContain('Test App');
    expect(text).toContain('Not verified.');
    expect(text).toContain('Medicines');
    expect(text).toContain('It keeps its access and can read the record without you.');
    expect(text).toMatch(/Access ends \w+ \d+, \d{4}/);
    expect(text).toContain('2 times');
    expect(text).not.toMatch(/patient\/|\.rs|scope|token/);
  });

  it('sums up what an app can see and what it can’t, and lists all of it when opened', async () => {
    const { list, browser, page } = await connected(
      { scope: 'launch/patient patient/*.rs' },
      { allow: ['MedicationRequest', 'Observation:laboratory', 'Observation:vital-signs'] },
    );
    for (const shown of [list, await browser.get(page)]) {
      const [sees, hidden] = textsOf(shown, '.data-summary > summary');
      expect(sees).toBe('Can see: About the person, Medications, and 1 more');
      expect(hidden).toBe('Can’t see: Conditions and care, parts of Medications, and 5 more');
      expect(textsOf(shown, '.data-summary li')).toEqual(
        expect.arrayContaining([
          'Medications: Medicines',
          'Medications: Dispensed medicines, Reported medicines, Medicines given during care',
        ]),
      );
      expect(hasElement(shown, '.data-summary[open]')).toBe(false);
    }
  });

  it('says that an app can’t see parts of a group if it can see entries of the group by their code', async () => {
    const inOtherGroups = [
      ...['Patient', 'Condition', 'Procedure', 'CarePlan', 'Goal', 'CareTeam', 'ServiceRequest', 'Device'],
      ...['Request', 'Dispense', 'Statement', 'Administration'].map((name) => `Medication${name}`),
      ...['AllergyIntolerance', 'Immunization', 'Encounter', 'Appointment', 'DocumentReference', 'Location'],
      ...['Coverage', 'ExplanationOfBenefit'],
    ].map((type) => `patient/${type}.rs`);
    const smoking = 'patient/Observation.rs?code=http://loinc.org|72166-2';
    const { list } = await connected({ scope: ['launch/patient', smoking, ...inOtherGroups].join(' ') });
    expect(textsOf(list, '.data-summary > summary')[1]).toBe(
      'Can’t see: parts of Lab results and vitals and parts of Daily life and family',
    );
    expect(textsOf(list, '.data-summary li').at(-1)).toMatch(
      /^Daily life and family: Some personal life, .*, Questionnaire answers, /,
    );
  });

  it('says nothing about what an app can’t see if it can see everything', async () => {
    const { list } = await connected({ scope: 'launch/patient patient/*.rs' });
    expect(textOf(list)).toContain('Can see: About the person, Conditions and care, and 6 more');
    expect(textOf(list)).not.toContain('Can’t see');
  });

  it('names the parts of a data category if only these were allowed', async () => {
    const { list } = await connected(
      { scope: 'launch/patient patient/Patient.rs patient/Observation.rs' },
      {
        allow: ['Observation:vital-signs', 'Observation:laboratory'],
      },
    );
    expect(textOf(list)).toMatch(/Lab results and vitals: Lab results, Vital signs /);
    expect(textsOf(list, '.data-summary:first-of-type').join()).not.toContain('Questionnaires');
  });

  it.each([
    [
      'offline_access',
      'No end date. You can stop access at any time.',
      'It keeps its access and can read the record without you.',
    ],
    [
      'no scope for a refresh token, and a secret',
      'No end date. You can stop access at any time.',
      'It keeps its access and can read the record without you.',
    ],
    ['no scope for a refresh token, and no secret', 'in one hour', 'It can’t renew its access without you.'],
    ['online_access', 'in twelve hours', 'It can’t renew its access without you.'],
  ])('says how long access by %s lasts: until %s', async (what, until, away) => {
    const isPublic = what.endsWith('no secret');
    const { client_id, redirect_uri, client_secret } = await addApp(server, {
      scope: 'launch/patient patient/*.rs offline_access online_access',
      ...(isPublic ? { auth: 'none' } : {}),
    });
    const client = { client_id, redirect_uri, ...(isPublic ? {} : { client_secret }) };
    const named = what.endsWith('_access') ? ` ${what}` : '';
    const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
    // The page shows the minute, which must not change during the test.
    server.clock.advance(60_000 - (server.clock.now().getTime() % 60_000));
    const { list, person, base } = await connected({ scope: `patient/*.rs${named}`, ...pkce }, {}, client);
    const ends = { 'in one hour': 3600 + 60, 'in twelve hours': 12 * 3600 }[until];
    const shown =
      ends === undefined
        ? until
        : formatLongDateTime('en', new Date(server.clock.now().getTime() + ends * 1000), 'America/New_York');
    expect(textOf(list)).toContain(`Access ends ${shown} `);
    expect(textOf(list)).toContain(away);
    if (ends === undefined) return;
    server.clock.advance(ends * 1000 + 1000);
    const later = await signInBrowser(server, person);
    expect(textOf(await later.get(`${base}/apps`))).toContain('Its access has expired.');
  });

  it('names the developer, and whether it was verified', async () => {
    const checked = await addApp(server, { name: 'Checked App' });
    await server.db.queryText('update app set developer = $2, verified_at = now() where client_id = $1', [
      checked.client_id,
      'Good Makers Inc.',
    ]);
    const { list } = await connected({}, {}, checked);
    expect(textOf(list)).toContain('Good Makers Inc. (verified)');
  });

  it('never looks empty because it could not be read', async () => {
    const { browser, base } = await connected();
    await server.db.queryText('alter table consent_grant rename to consent_grant_gone', []);
    try {
      const list = await browser.get(`${base}/apps`);
      expect(list.status).toBe(503);
      expect(textOf(list)).toContain('We couldn’t load the list of apps');
      expect(textOf(list)).not.toContain('No app');
      const overview = await browser.get(base);
      expect(overview.status).toBe(200);
      expect(textOf(overview)).toContain('We couldn’t load the list of apps.');
    } finally {
      await server.db.queryText('alter table consent_grant_gone rename to consent_grant', []);
    }
    expect(server.log.join('')).toContain('connections-unread');
  });

  it('says that the practice has turned its API off, or that an app was suspended', async () => {
    const other = await addApp(server, { name: 'Suspended App' });
    const { browser, base } = await connected({}, {}, other);
    await setAppState(server, other, 'suspended');
    expect(textOf(await browser.get(`${base}/apps`))).toContain('turned off for everyone. It may be turned on again.');
    await setAppState(server, other, 'active');
    await server.db.queryText("update practice set enabled = false where kind = 'live'", []);
    try {
      const list = await browser.get(`${base}/apps`);
      expect(list.status).toBe(200);
      expect(textOf(list)).toContain('The practice has turned off record sharing for now.');
    } finally {
      await server.db.queryText("update practice set enabled = true where kind = 'live'", []);
    }
  });
});

describe('disconnecting an app', () => {
  it('asks for confirmation once, with the app’s name, and explains the effect and its limits', async () => {
    const { browser, page } = await connected();
    const text = textOf(await browser.get(`${page}/disconnect`));
    expect(text).toContain('Disconnect Test App?');
    expect(text).toContain('Test App may keep the data it has already read.');
    expect(text).toContain('Yes, disconnect Test App');
  });

  it('makes its tokens fail immediately, refresh tokens included, and the page shows when it last read', async () => {
    const scope = 'launch/patient offline_access patient/*.rs';
    const all = await connected({ scope }, { offline: 'yes' });
    const { token } = all;
    expect((await read(token)).statusCode).toBe(200);
    const { done, proof } = await disconnect(all);
    expect((await read(token)).statusCode).toBe(401);
    const { client_id, client_secret } = app;
    const refreshed = await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/token`,
      headers: FORM,
      payload: encodeForm({
        grant_type: 'refresh_token',
        refresh_token: token.refresh_token ?? '',
        client_id,
        client_secret,
      }),
    });
    expect(refreshed.statusCode).toBe(400);
    expect(done.status).toBe(303);
    expect(textOf(proof)).toContain('Test App is disconnected');
    expect(textOf(proof)).toMatch(
      /Access ended at \d+:\d\d:\d\d [AP]M\. It last read your record at \d+:\d\d:\d\d [AP]M\./,
    );
    expect(textOf(proof)).toContain('Test App may keep the data it has already read.');
  });

  it('links to the app’s privacy policy, and only if that is https', async () => {
    const all = await connected();
    const { proof } = await disconnect(all);
    expect(attributeOf(proof, 'a[href="https://app.example/privacy"]', 'rel')).toBe('noopener noreferrer');
    const bad = await addApp(server, { metadata: { policy_uri: 'javascript:alert(1)' } });
    const other = await disconnect(await connected({}, {}, bad));
    expect(other.proof.body).not.toContain('javascript:');
    const plainHttp = await addApp(server, { metadata: { policy_uri: 'http://app.example/privacy' } });
    expect((await disconnect(await connected({}, {}, plainHttp))).proof.body).not.toContain('http://app.example');
  });

  it('says so if an app never read the record', async () => {
    const { proof } = await disconnect(await connected());
    expect(textOf(proof)).toContain('It never read the record.');
  });

  it('while the app reads as fast as it can, in two processes, leaves no read that is later than the time on the page', async () => {
    const { app: other } = await createApp(server.config, server.db, { clock: server.clock, logTo: { write() {} } });
    const all = await connected();
    let reading = true;
    let rejectedCount = 0;
    const reader = async (process: typeof other) => {
      while (reading) {
        const { statusCode } = await read(all.token, 'Patient', process);
        if (statusCode === 401) rejectedCount += 1;
      }
    };
    const readers = [reader(server.app), reader(server.app), reader(other)];
    const { proof } = await disconnect(all);
    expect({
      read: (await read(all.token)).statusCode,
      patient: (await read(all.token, 'Patient', other)).statusCode,
    }).toEqual({ read: 401, patient: 401 });
    reading = false;
    await Promise.all(readers);
    expect(rejectedCount).toBeGreaterThan(0);
    const [row] = await server.db.queryText<{ last: Date; ended: Date }>(
      `select max(e.at) as last, max(g.revoked_at) as ended from audit_event e join consent_grant g using (grant_id)
       where e.outcome = 'success' and e.kind = 'search' and g.account_id = $1`,
      [all.person.accountId],
    );
    const endedAt = /Access ended at (\d+:\d\d:\d\d [AP]M)/.exec(textOf(proof))?.[1];
    const zone = 'America/New_York';
    const second = (at: number) => new Intl.DateTimeFormat('en-US', { timeStyle: 'medium', timeZone: zone }).format(at);
    const last = row?.last.getTime() ?? 0;
    const ended = row?.ended.getTime() ?? 0;
    expect(endedAt).toBe(second(Math.max(last, ended)));
    await other.close();
  });

  it('twice, even at the same moment, ends access once and shows the same page', async () => {
    const all = await connected();
    const form = hiddenFields((await all.browser.get(`${all.page}/disconnect`)).body);
    const both = await Promise.all([1, 2].map(() => all.browser.post(`${all.page}/disconnect`, form)));
    expect(both.map(({ status, location }) => [status, location])).toEqual([
      [303, `${all.page}/ended`],
      [303, `${all.page}/ended`],
    ]);
    const events = await server.db.queryText<{ detail: object }>(
      "select detail from audit_event where kind = 'revocation' and account_id = $1",
      [all.person.accountId],
    );
    expect(events.map(({ detail }) => detail)).toEqual([{ action: 'end', asked: 'patient', by: 'account page' }]);
    expect((await all.browser.get(`${all.page}/disconnect`)).location).toBe(`${all.page}/ended`);
  });

  it('stays in effect for a suspended app when the app is resumed', async () => {
    const other = await addApp(server, { name: 'Comes Back' });
    const all = await connected({ scope: 'launch/patient offline_access patient/*.rs' }, { offline: 'yes' }, other);
    await setAppState(server, other, 'suspended');
    const { proof } = await disconnect(all);
    expect(textOf(proof)).toContain('Comes Back is disconnected');
    await setAppState(server, other, 'active');
    server.clock.advance(1001);
    expect((await read(all.token)).statusCode).toBe(401);
    const { client_id, client_secret } = other;
    const form = {
      grant_type: 'refresh_token',
      refresh_token: all.token.refresh_token ?? '',
      client_id,
      client_secret,
    };
    expect((await requestToken(server.app, form)).status).toBe(400);
    expect(textOf(await all.browser.get(`${all.base}/apps`))).toContain('Comes Back You disconnected it.');
  });

  it('while the app requests tokens as fast as it can leaves none of them valid', async () => {
    const scope = 'launch/patient offline_access patient/*.rs';
    const all = await connected({ scope }, { offline: 'yes' });
    const { client_id, client_secret } = app;
    const got: TokenAnswer[] = [all.token];
    let going = true;
    const refreshing = (async () => {
      while (going) {
        const form = { grant_type: 'refresh_token', refresh_token: got.at(-1)?.refresh_token ?? '', client_id };
        const answer = await requestToken(server.app, { ...form, client_secret });
        if (answer.status !== 200) return;
        got.push(answer);
      }
    })();
    await until(async () => got.length > 3);
    await disconnect(all);
    going = false;
    await refreshing;
    const reads = await Promise.all(got.map(async (token) => (await read(token)).statusCode));
    expect(new Set(reads)).toEqual(new Set([401]));
    for (const { refresh_token = '' } of got.slice(-2)) {
      const form = { grant_type: 'refresh_token', refresh_token, client_id, client_secret };
      expect((await requestToken(server.app, form)).status).toBe(400);
    }
  });

  it('after the app or the practice ended it shows that, and records nothing twice', async () => {
    const all = await connected();
    const form = hiddenFields((await all.browser.get(`${all.page}/disconnect`)).body);
    const [row] = await server.db.queryText<{ grant_id: GrantId }>(
      'select grant_id from consent_grant where account_id = $1',
      [all.person.accountId],
    );
    const grantId = row?.grant_id as GrantId;
    await server.db.transaction((tx) => endGrant(tx, server.clock.now(), grantId, 'staff'));
    const done = await all.browser.post(`${all.page}/disconnect`, form);
    expect({ status: done.status, location: done.location }).toEqual({ status: 303, location: `${all.page}/ended` });
    expect(textOf(await all.browser.get(`${all.base}/apps`))).toContain('The practice disconnected it.');
    expect(
      await server.db.queryText("select from audit_event where kind = 'revocation' and grant_id = $1", [grantId]),
    ).toEqual([]);
  });

  it('is not found for a former representative whose page is still open, and ends nothing', async () => {
    const child = await addPatientWithRecord(server);
    const representative = await addRepresentativeOf(server, child);
    const token = await connectApp(server.app, app, {}, {}, child);
    await connectApp(server.app, app, {}, {}, representative);
    const browser = await signInBrowser(server, representative);
    const page = linkIn(await browser.get(`/account/${child.key}/apps`), '/apps/[0-9a-f-]{36}$');
    const form = hiddenFields((await browser.get(`${page}/disconnect`)).body);
    await server.db.queryText('update representation set ended_at = now() where account_id = $1', [
      representative.accountId,
    ]);
    expect((await browser.post(`${page}/disconnect`, form)).status).toBe(404);
    expect((await read(token)).statusCode).toBe(200);
  });

  it('requires the CSRF token of the form', async () => {
    const all = await connected();
    for (const fields of [{}, { csrf: 'x' }, { csrf: ['a', 'b'] }]) {
      expect((await all.browser.post(`${all.page}/disconnect`, fields)).status).toBe(403);
    }
    server.clock.advance(1001);
    expect((await read(all.token)).statusCode).toBe(200);
  });

  it('is confirmed by email, in the person’s language, to the address of the account', async () => {
    const all = await connected();
    await server.db.queryText("update account set email = 'pat@example.org', language = 'es' where account_id = $1", [
      all.person.accountId,
    ]);
    await disconnect(all);
    const [mail] = await listLatestEmails(server.db, inClear, 1);
    expect(mail).toMatchObject({ recipient: 'pat@example.org', subject: 'Test App ya no puede leer el expediente' });
    expect(mail?.content).toContain('/account');
  });

  it('moves it to past connections with when and by whom, as does an end by the app or the practice', async () => {
    const all = await connected();
    await disconnect(all);
    expect(textOf(await all.browser.get(`${all.base}/apps`))).toMatch(
      /Past connections \(1\) Test App You disconnected it\. Access ended on /,
    );

    const byApp = await connected();
    const { client_id, client_secret } = app;
    const form = { token: byApp.token.access_token, client_id, client_secret };
    await server.app.inject({ method: 'POST', url: `${OAUTH}/token/revoke`, headers: FORM, payload: encodeForm(form) });
    const grantOf = async ({ accountId }: LivePerson) =>
      (
        await server.db.queryText<{ grant_id: string }>('select grant_id from consent_grant where account_id = $1', [
          accountId,
        ])
      )[0]?.grant_id as GrantId;
    await server.db.transaction(async (tx) => endGrant(tx, server.clock.now(), await grantOf(byApp.person), 'app'));
    expect(textOf(await byApp.browser.get(`${byApp.base}/apps`))).toContain(
      'The app ended its own access. Access ended on ',
    );

    const byStaff = await connected();
    await server.db.transaction(async (tx) => endGrant(tx, server.clock.now(), await grantOf(byStaff.person), 'staff'));
    const proof = await byStaff.browser.get(`${byStaff.page}/ended`);
    expect(textOf(await byStaff.browser.get(`${byStaff.base}/apps`))).toContain(
      'The practice disconnected it. Access ended on ',
    );
    expect(textOf(proof)).toContain('Access ended at ');
  });

  it('leaves past connections in pages of 20, which are closed until a page of them is opened', async () => {
    const all = await connected();
    await disconnect(all);
    for (let count = 0; count < 20; count += 1) {
      const { client_id } = await addApp(server, { name: `Past ${count}` });
      await server.db.queryText(
        `insert into consent_grant (grant_id, account_id, client_id, record_id, granted_at, revoked_at, ended_by)
         select gen_random_uuid(), account_id, $1, record_id, granted_at, revoked_at, ended_by
         from consent_grant where account_id = $2 and client_id = $3`,
        [client_id, all.person.accountId, app.client_id],
      );
    }
    const pastOn = async (query: string) => {
      const page = await all.browser.get(`${all.base}/apps${query}`);
      return { count: countOf(page, 'details.past li > a'), open: hasElement(page, 'details.past[open]') };
    };
    expect(await pastOn('')).toEqual({ count: 21, open: false });
    expect(nextLink(await all.browser.get(`${all.base}/apps`))).toBe(`${all.base}/apps?page=2`);
    expect(await pastOn('?page=2')).toEqual({ count: 2, open: true });
    expect(await pastOn('?page=99')).toEqual({ count: 2, open: true });
  });

  it('by the app itself, which revokes its refresh token, is displayed as that', async () => {
    const scope = 'launch/patient offline_access patient/*.rs';
    const all = await connected({ scope }, { offline: 'yes' });
    const { client_id, client_secret } = app;
    const form = { token: all.token.refresh_token ?? '', client_id, client_secret };
    await server.app.inject({ method: 'POST', url: `${OAUTH}/token/revoke`, headers: FORM, payload: encodeForm(form) });
    expect(textOf(await all.browser.get(`${all.base}/apps`))).toContain('The app ended its own access.');
  });

  it('happens automatically when the chosen duration has passed', async () => {
    const all = await connected({}, { duration: 'P1D' });
    server.clock.advance(25 * 3_600_000);
    const browser = await signInBrowser(server, all.person);
    expect(textOf(await browser.get(`${all.base}/apps`))).toContain('Its access has expired.');
  });

  it('is undone by connecting again', async () => {
    const all = await connected();
    await disconnect(all);
    const token = await connectApp(server.app, app, {}, {}, all.person);
    expect((await read(token)).statusCode).toBe(200);
    expect((await all.browser.get(`${all.page}/ended`)).location).toBe(all.page);
    expect((await read(all.token)).statusCode).toBe(401);
  });
});

describe('a representative', () => {
  it('sees on each page whose record it is, and can end only connections of that record', async () => {
    const [child, other] = [
      await addPatientWithRecord(server, [], { text: 'Milo Kind' }),
      await addPatientWithRecord(server, [], { text: 'June Kind' }),
    ];
    const representative = await addRepresentativeOf(server, child);
    const recordId = await findRecordId(server, other);
    await addRepresentation(server.db, {
      accountId: representative.accountId,
      recordId,
      relatedPersonId: crypto.randomUUID(),
    });
    const browser = new PatientBrowser(server.app);
    const ask = { response_type: 'code', client_id: app.client_id, redirect_uri: app.redirect_uri };
    const tokens: TokenAnswer[] = [];
    for (const { key } of [child, other]) {
      const choice = await browser.authorize(ask, representative);
      const done = await browser.submitConsent(await browser.chooseRecord(choice, key));
      tokens.push(
        await requestToken(server.app, { grant_type: 'authorization_code', code: authorizationCode(done), ...app }),
      );
    }
    const chooser = await browser.get('/account');
    expect(textOf(chooser)).toContain('Choose a record');
    for (const path of ['', '/apps', '/log', '/record', '/downloads', '/receipts', '/record/medicines']) {
      const page = await browser.get(`/account/${child.key}${path}`);
      expect({ path, status: page.status, hasNotice: textOf(page).includes('You act for Milo Kind.') }).toEqual({
        path,
        status: 200,
        hasNotice: true,
      });
    }
    const list = await browser.get(`/account/${child.key}/apps`);
    expect(textOf(list)).toContain('Milo Kind’s connected apps');
    const page = linkIn(list, '/apps/[0-9a-f-]{36}$');
    const confirmation = await browser.get(`${page}/disconnect`);
    expect(textOf(confirmation)).toContain('Test App still has access to these records.');
    expect(textOf(confirmation)).toContain('June Kind');
    const done = await browser.post(`${page}/disconnect`, hiddenFields(confirmation.body));
    expect(textOf(await browser.get(done.location ?? ''))).toContain('June Kind');
    expect(await Promise.all(tokens.map(async (token) => (await read(token)).statusCode))).toEqual([401, 200]);
  });

  it('is notified that another person connected the app too, and cannot end that connection', async () => {
    const child = await addPatientWithRecord(server);
    const representative = await addRepresentativeOf(server, child);
    const own = await connectApp(server.app, app, {}, {}, child);
    await connectApp(server.app, app, {}, {}, representative);
    const browser = await signInBrowser(server, representative);
    const page = linkIn(await browser.get(`/account/${child.key}/apps`), '/apps/[0-9a-f-]{36}$');
    const confirmation = await browser.get(`${page}/disconnect`);
    expect(textOf(confirmation)).toContain('Another person has also connected Test App to this record.');
    await browser.post(`${page}/disconnect`, hiddenFields(confirmation.body));
    expect((await read(own)).statusCode).toBe(200);
  });
});

describe('sensitive data categories', () => {
  it('are listed among what an app can see if they were allowed, and else among what it can’t see', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-account-'));
    const file = path.join(folder, 'labels.json');
    const system = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
    const label = (code: string, display: string) => ({
      system,
      code,
      label: { en: display, es: display },
      basis: { en: 'a law', es: 'una ley' },
    });
    writeFileSync(file, JSON.stringify([label('ETH', 'Substance use'), label('PSY', 'Mental health')]));
    const other = await startServer({ SENSITIVE_LABELS: file });
    const person = await addPatientWithRecord(other);
    await connectApp(
      other.app,
      await addApp(other),
      {},
      { allow: ['Condition:problem-list-item', `sensitive:${system}|PSY`] },
      person,
    );
    const list = await (await signInBrowser(other, person)).get(`/account/${person.key}/apps`);
    const [sees = '', hidden = ''] = textsOf(list, '.data-summary');
    expect({ mentalHealth: sees.includes('Mental health'), substanceUse: sees.includes('Substance use') }).toEqual({
      mentalHealth: true,
      substanceUse: false,
    });
    expect({ mentalHealth: hidden.includes('Mental health'), substanceUse: hidden.includes('Substance use') }).toEqual({
      mentalHealth: false,
      substanceUse: true,
    });
    await other.close();
    rmSync(folder, { recursive: true });
  });
});
