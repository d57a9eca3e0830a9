import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { days, hours } from '../../../src/kernel/index.ts';
import type { UsageResponse } from '../../../src/portal-api/contract/activity.ts';
import { addApp, CALLBACK, type TestApp } from '../../support/apps/apps.ts';
import { attributeOf, linkIn } from '../../support/browser/html.ts';
import { type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';
import { addLivePatient, type LivePerson } from '../../support/people/live-patient.ts';
import {
  authorizationCode,
  connectApp,
  DSTU2,
  encodeForm,
  FORM,
  getFhir,
  OAUTH,
  PatientBrowser,
  R4,
  requestToken,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
let live: LivePerson;
let app: TestApp & { readonly client_secret: string };
beforeAll(async () => {
  server = await startServer();
  dev = await signInDeveloper(server, { role: 'developer' });
  live = await addLivePatient(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  app = await addApp(server, { organisationId: dev.organisationId });
});

async function usage(query = ''): Promise<UsageResponse> {
  await server.purgeExpired();
  const { status, body } = await dev.call<UsageResponse>('GET', `/developer/apps/${app.client_id}/usage${query}`);
  expect(status).toBe(200);
  return body;
}
const funnelOf = ({ funnel }: UsageResponse) => Object.fromEntries(funnel.map(({ step, count }) => [step, count]));
const NOTHING = { opened: 0, 'signed-in': 0, asked: 0, allowed: 0, denied: 0, exchanged: 0, data: 0 };
const authorizationQuery = (changes: Record<string, string> = {}) => ({
  response_type: 'code',
  client_id: app.client_id,
  redirect_uri: CALLBACK,
  scope: 'openid patient/*.rs',
  ...changes,
});
const exchanged = (code: string) => requestToken(server.app, { grant_type: 'authorization_code', code, ...app });

describe('the authorization funnel', () => {
  it('counts each step of an authorization once, from the first page to the first data', async () => {
    const browser = new PatientBrowser(server.app);
    const first = await browser.get(`${OAUTH}/authorize?${encodeForm(authorizationQuery())}`);
    expect(funnelOf(await usage())).toEqual({ ...NOTHING, opened: 1 });
    const back = await browser.signIn(first.location ?? '');
    expect(funnelOf(await usage())).toEqual({ ...NOTHING, opened: 1 });
    const page = await browser.get(back.location ?? '');
    expect(funnelOf(await usage())).toEqual({ ...NOTHING, opened: 1, 'signed-in': 1, asked: 1 });
    const code = authorizationCode(await browser.submitConsent(page));
    expect(funnelOf(await usage())).toEqual({ ...NOTHING, opened: 1, 'signed-in': 1, asked: 1, allowed: 1 });
    const { access_token } = await exchanged(code);
    for (let i = 0; i < 3; i++) await getFhir(server.app, `${R4}/Condition`, access_token);
    const all = { opened: 1, 'signed-in': 1, asked: 1, allowed: 1, denied: 0, exchanged: 1, data: 1 };
    expect(funnelOf(await usage())).toEqual(all);
  });

  it('counts the same for a signed-in user; a denial and prompt=none stop at their step', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in?return_to=/');
    await browser.submitConsent(await browser.authorize(authorizationQuery()), { decision: 'deny' });
    await browser.authorize(authorizationQuery({ prompt: 'none' }));
    expect(funnelOf(await usage())).toEqual({ ...NOTHING, opened: 2, 'signed-in': 1, asked: 1, denied: 1 });
  });

  it('counts no second authorization for a change of language or account', async () => {
    const browser = new PatientBrowser(server.app);
    const page = await browser.authorize(authorizationQuery());
    const turned = await browser.get(linkIn(page, '^/language\\?'));
    const spanish = await browser.get(turned.location ?? '');
    expect(attributeOf(spanish, 'html', 'lang')).toBe('es');
    await browser.submitConsent(spanish);
    expect(funnelOf(await usage())).toEqual({ ...NOTHING, opened: 1, 'signed-in': 1, asked: 1, allowed: 1 });
  });

  it('counts a pushed request of a public app with a refreshed token once', async () => {
    const pushed = await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/par`,
      headers: FORM,
      payload: encodeForm({ ...authorizationQuery({ scope: 'openid offline_access patient/*.rs' }), ...app }),
    });
    const browser = new PatientBrowser(server.app);
    const { request_uri } = pushed.json();
    const page = await browser.authorize({ client_id: app.client_id, request_uri });
    const token = await exchanged(authorizationCode(await browser.submitConsent(page)));
    await getFhir(server.app, `${R4}/Condition`, token.access_token);
    const fields = { grant_type: 'refresh_token', refresh_token: token.refresh_token ?? '', ...app };
    const { access_token } = await requestToken(server.app, fields);
    await getFhir(server.app, `${R4}/Condition`, access_token);
    const all = { opened: 1, 'signed-in': 1, asked: 1, allowed: 1, denied: 0, exchanged: 1, data: 1 };
    expect(funnelOf(await usage())).toEqual(all);
  });

  it('stores no person, and does not count a rejected request', async () => {
    await new PatientBrowser(server.app).authorize(authorizationQuery({ redirect_uri: 'https://evil.example/' }));
    expect(funnelOf(await usage())).toEqual(NOTHING);
    const columns = await server.db.queryText<{ column_name: string }>(
      "select column_name from information_schema.columns where table_name = 'app_usage'",
      [],
    );
    expect(columns.map(({ column_name }) => column_name).sort()).toEqual([
      'client_id',
      'count',
      'hour',
      'measure',
      'name',
    ]);
  });
});

describe('usage figures', () => {
  it('agree with the disclosures of the audit log: calls, types and rejections', async () => {
    const token = await connectApp(server.app, app, { scope: 'openid patient/Condition.rs patient/Patient.rs' });
    const other = await connectApp(server.app, app, {}, {}, live);
    await Promise.all([
      getFhir(server.app, `${R4}/Condition`, token.access_token),
      getFhir(server.app, `${DSTU2}/Condition`, token.access_token),
      getFhir(server.app, `${R4}/Patient/${token.patient}`, token.access_token),
      getFhir(server.app, `${R4}/Observation`, token.access_token),
      getFhir(server.app, `${R4}/Patient/nobody`, token.access_token),
      getFhir(server.app, `${R4}/Patient/${other.patient}`, other.access_token),
    ]);
    const { buckets, types, errors, totals } = await usage('?days=7');
    const auditRows = await server.db.queryText<{ type: string; outcome: string; count: number }>(
      `select type, outcome, count(*)::int as count from audit_event
       where client_id = $1 and kind in ('read', 'search', 'document') group by 1, 2`,
      [app.client_id],
    );
    const sum = (rows: typeof auditRows) => rows.reduce((total, { count }) => total + count, 0);
    expect(totals).toEqual({ calls: sum(auditRows), errors: 2, unproved: 0, lost: 0 });
    expect(sum(auditRows.filter(({ outcome }) => outcome === 'failure'))).toBe(2);
    const byType = Map.groupBy(auditRows, ({ type }) => type);
    expect(Object.fromEntries(types.map(({ type, count }) => [type, count]))).toEqual(
      Object.fromEntries([...byType].map(([type, rows]) => [type, sum(rows)])),
    );
    expect(errors).toEqual([
      { code: 'not-found', count: 1, unproved: 0 },
      { code: 'scope-denied', count: 1, unproved: 0 },
    ]);
    expect(buckets).toHaveLength(7);
    expect(buckets.at(-1)).toMatchObject({ calls: 6, errors: 2, patients: 2 });
    expect(
      buckets
        .slice(0, 6)
        .every(({ calls, errors: errorCount, patients }) => calls + errorCount + (patients ?? 0) === 0),
    ).toBe(true);
  });

  it('are hourly too, and for past days have patients as a number', async () => {
    const token = await connectApp(server.app, app, { scope: 'openid offline_access patient/*.rs' });
    await getFhir(server.app, `${R4}/Condition`, token.access_token);
    const today = server.clock.now().toISOString().slice(0, 10);
    const byHour = await usage(`?from=${today}&to=${today}&resolution=hour`);
    expect(byHour.buckets).toHaveLength(24);
    expect(byHour.buckets.filter(({ calls }) => calls === 1)).toHaveLength(1);
    expect(byHour.buckets[0]?.patients).toBeNull();
    server.clock.advance(days(3) + hours(1));
    dev = await signInDeveloper(server, { organisationId: dev.organisationId });
    const later = await usage(`?from=${today}&to=${today}`);
    expect(later.buckets).toEqual([{ at: `${today}T00:00:00.000Z`, calls: 1, errors: 0, patients: 1 }]);
    expect((await usage('?days=1')).totals.calls).toBe(0);
  });

  it('of an unused app are zeros', async () => {
    const answer = await usage();
    expect({ buckets: answer.buckets.length, calls: answer.totals.calls, firstCallAt: answer.firstCallAt }).toEqual({
      buckets: 30,
      calls: 0,
      firstCallAt: null,
    });
    expect(funnelOf(answer)).toEqual(NOTHING);
  });

  it.each([
    '?days=0',
    '?days=401',
    '?from=2026-02-30',
    '?from=2026-02-02&to=2026-02-01',
    '?from=2020-01-01&to=2026-01-01',
    '?days=8&resolution=hour',
    '?resolution=week',
    '?from=yesterday',
  ])('reject %s and name the field', async (query) => {
    const { status, body } = await dev.call('GET', `/developer/apps/${app.client_id}/usage${query}`);
    expect({ status, code: body.code, hasErrors: body.errors.length > 0 }).toEqual({
      status: 400,
      code: 'fields-invalid',
      hasErrors: true,
    });
  });
});

describe('the first data of an app', () => {
  const emails = () =>
    server.db.queryText<{ recipient: string; subject: string; content: string }>(
      "select recipient, subject, content from mail where subject like '%data%' or subject like '%datos%' order by recipient",
      [],
    );
  it('is reported to the developers once, each in their language, with the kind of patient', async () => {
    await server.db.queryText('delete from mail', []);
    const fresh = await signInDeveloper(server);
    const second = await signInDeveloper(server, { organisationId: fresh.organisationId, role: 'developer' });
    await signInDeveloper(server, { organisationId: fresh.organisationId, role: 'reader' });
    await server.db.queryText("update account set language = 'es' where account_id = $1", [second.accountId]);
    app = await addApp(server, { organisationId: fresh.organisationId, name: 'Heart <b>' });
    const token = await connectApp(server.app, app);
    await getFhir(server.app, `${R4}/Condition?onset-date=x`, token.access_token);
    await server.purgeExpired();
    expect(await emails()).toEqual([]);
    await Promise.all([1, 2, 3].map(() => getFhir(server.app, `${R4}/Condition`, token.access_token)));
    await server.purgeExpired();
    await getFhir(server.app, `${R4}/Condition`, token.access_token);
    await server.purgeExpired();
    const sent = new Map((await emails()).map(({ recipient, ...mail }) => [recipient, mail]));
    expect([...sent.keys()].sort()).toEqual([fresh.email, second.email].sort());
    expect(sent.get(fresh.email)?.subject).toBe('Heart <b> received its first data');
    expect(sent.get(fresh.email)?.content).toContain('a test patient’s, in the sandbox');
    expect(sent.get(second.email)?.content).toContain('de un paciente de prueba');
    expect(sent.get(second.email)?.content).toContain(`/developer/apps/${app.client_id}/log`);
  });
  it('is reported as a real patient’s, without identifying the patient', async () => {
    await server.db.queryText('delete from mail', []);
    const fresh = await signInDeveloper(server);
    app = await addApp(server, { organisationId: fresh.organisationId });
    const token = await connectApp(server.app, app, {}, {}, live);
    await getFhir(server.app, `${R4}/Patient`, token.access_token);
    await server.purgeExpired();
    const [mail] = await emails();
    expect(mail?.content).toContain('a real patient’s');
    expect(mail?.content).not.toContain(live.patientId);
  });
});

it.each(['from=0000-01-01&to=0000-01-02', 'from=9999-12-30&to=9999-12-31'])(
  'usage at the limits of the calendar, %s, is zero',
  async (query) => expect((await usage(`?${query}`)).totals.calls).toBe(0),
);
