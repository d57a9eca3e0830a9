import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config/index.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { attributeOf, codeIn, hasElement, hiddenFields } from '../../support/browser/html.ts';
import { addLivePatient, type LivePerson } from '../../support/people/live-patient.ts';
import {
  authorizationCode,
  type BrowserResponse,
  CHALLENGE,
  encodeForm,
  type Fields,
  FORM,
  getFhir,
  OAUTH,
  PatientBrowser,
  R4,
  redirectParameters,
  requestToken,
  VERIFIER,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

type App = TestApp & { readonly client_secret: string };

let server: TestServer;
let lou: LivePerson;
beforeAll(async () => {
  server = await startServer({ DYNAMIC_REGISTRATION: 'open' });
  lou = await addLivePatient(server);
  await server.db.queryText("update account set email = 'lou@home.example' where account_id = $1", [lou.accountId]);
});
afterAll(() => server.close());

const authorizationQuery = ({ client_id, redirect_uri }: TestApp, more: Fields = {}): Fields => ({
  response_type: 'code',
  client_id,
  redirect_uri,
  ...more,
});
const open = async (app: TestApp, more: Fields = {}, browser = new PatientBrowser(server.app)) => ({
  browser,
  page: await browser.authorize(authorizationQuery(app, more), lou),
});
const isConsent = ({ body }: BrowserResponse): boolean => hasElement(body, '[name=offered]');
const redeem = ({ client_id, client_secret, redirect_uri }: App, code: string, more: Fields = {}) =>
  requestToken(server.app, { grant_type: 'authorization_code', code, client_id, client_secret, redirect_uri, ...more });
const storedFor = async ({ client_id }: TestApp) => {
  const receipts = await server.db.queryText<{ content: string; family_id: string }>(
    `select r.content, r.family_id from receipt r join consent_grant g on g.grant_id = r.grant_id
     where g.client_id = $1 order by r.at`,
    [client_id],
  );
  return { receipts };
};
const emailCount = async (name: string) =>
  (await server.db.queryText('select from mail where subject = $1', [`You connected ${name} to your record`])).length;

describe('a consent form that is submitted twice, by a double tap or a retry', () => {
  let app: App;
  let named: string;
  let count = 0;
  const fresh = async () => {
    named = `Twice ${++count}`;
    app = await addApp(server, { name: named });
    return open(app, { state: 's', code_challenge: CHALLENGE, code_challenge_method: 'S256' });
  };

  it('is one consent: both codes work, with one receipt and one email', async () => {
    const { browser, page } = await fresh();
    const answers = await Promise.all([
      browser.submitConsent(page),
      browser.submitConsent(page),
      browser.submitConsent(page),
    ]);
    const codes = answers.map(authorizationCode);
    expect(new Set(codes).size).toBe(3);
    expect(answers.map((answer) => redirectParameters(answer).get('state'))).toEqual(['s', 's', 's']);
    expect({ receipts: (await storedFor(app)).receipts.length, mailsAbout: await emailCount(named) }).toEqual({
      receipts: 1,
      mailsAbout: 1,
    });
    for (const code of codes) {
      const token = await redeem(app, code, { code_verifier: VERIFIER });
      expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(200);
    }
    const events = await server.db.queryText<{ repeated: string | null }>(
      `select detail ->> 'repeated' as repeated from audit_event
       where kind = 'consent' and client_id = $1 order by at, repeated nulls first`,
      [app.client_id],
    );
    expect(events.map(({ repeated }) => repeated)).toEqual([null, 'true', 'true']);
  });

  it('with a different choice is another consent', async () => {
    const { browser, page } = await fresh();
    await browser.submitConsent(page, { allow: ['Immunization'] });
    await browser.submitConsent(page, { allow: ['Encounter'] });
    await browser.submitConsent(page, { allow: ['Encounter'], duration: 'P1D' });
    expect((await storedFor(app)).receipts).toHaveLength(3);
  });

  it('is another consent after a minute, after a different choice, and after the access ended', async () => {
    const { browser, page } = await fresh();
    await browser.submitConsent(page);
    server.clock.advance(61_000);
    await browser.submitConsent(page);
    expect((await storedFor(app)).receipts).toHaveLength(2);
    await browser.submitConsent(page, { allow: ['Immunization'], earlier: 'yes' });
    await browser.submitConsent(page);
    expect((await storedFor(app)).receipts).toHaveLength(4);
    await server.db.queryText('update token_family set revoked_at = now() where family_id = $1', [
      (await storedFor(app)).receipts.at(-1)?.family_id,
    ]);
    const again = await redeem(app, authorizationCode(await browser.submitConsent(page)), { code_verifier: VERIFIER });
    expect({ status: again.status, receipts: (await storedFor(app)).receipts.length }).toEqual({
      status: 200,
      receipts: 5,
    });
  });

  it('from another browser of the same person is another consent', async () => {
    const { browser, page } = await fresh();
    await browser.submitConsent(page);
    const other = await open(app, { state: 's', code_challenge: CHALLENGE, code_challenge_method: 'S256' });
    await other.browser.submitConsent(other.page);
    expect((await storedFor(app)).receipts).toHaveLength(2);
  });
});

describe('a consent page that is outdated when it is submitted', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-form-'));
  const file = path.join(folder, 'labels.json');
  const text = { en: 'Substance use', es: 'Sustancias' };
  writeFileSync(file, JSON.stringify([{ system: 'urn:x', code: 'ETH', label: text, basis: text }]));
  const withLabels = () =>
    createApp(readConfig({ SENSITIVE_LABELS: file, LOG_LEVEL: 'silent' }), server.db, { clock: server.clock });
  afterAll(() => rmSync(folder, { recursive: true }));
  const expectAskedAgain = (answer: BrowserResponse) => {
    expect({ status: answer.status, location: answer.location, isConsent: isConsent(answer) }).toEqual({
      status: 200,
      location: undefined,
      isConsent: true,
    });
    expect(answer.body).toMatch(/role="alert"[\s\S]*Nothing has been shared yet/);
  };

  it('is displayed again when another process knows a sensitivity label that the page lacked', async () => {
    const app = await addApp(server);
    const { browser, page } = await open(app);
    const other = await withLabels();
    const elsewhere = new PatientBrowser(other.app);
    for (const name of ['session', 'browser']) elsewhere.setCookie(name, browser.cookie(name) ?? '');
    const answer = await elsewhere.submitConsent(page);
    expectAskedAgain(answer);
    expect(answer.body).toContain('Substance use');
    expect((await storedFor(app)).receipts).toEqual([]);
    expectAskedAgain(await browser.submitConsent(answer));
    expect(redirectParameters(await elsewhere.submitConsent(answer)).has('code')).toBe(true);
    await other.app.close();
  });

  it('is displayed again when the app changed its name or its description', async () => {
    const terms = { client_name: 'Walks', redirect_uris: ['https://walks.example/cb'] };
    const registration = await server.app.inject({ method: 'POST', url: `${OAUTH}/register`, payload: terms });
    const { client_id, registration_access_token, registration_client_uri } = registration.json();
    await server.db.queryText("update app set state = 'active' where client_id = $1", [client_id]);
    const app = { client_id, redirect_uri: 'https://walks.example/cb' };
    const rewrite = (more: object) =>
      server.app.inject({
        method: 'PUT',
        url: new URL(registration_client_uri).pathname,
        headers: { authorization: `Bearer ${registration_access_token}` },
        payload: { client_id, ...terms, ...more },
      });
    const { browser, page } = await open(app);
    expect((await rewrite({ client_name: 'Your Practice' })).statusCode).toBe(200);
    const answer = await browser.submitConsent(page);
    expectAskedAgain(answer);
    expect(answer.body).toContain('About “Your Practice”');
    await rewrite({ client_name: 'Your Practice', policy_uri: 'https://other.example/' });
    expectAskedAgain(await browser.submitConsent(answer));
    await server.db.queryText(`update app set data_use = '{"sold":"yes"}' where client_id = $1`, [client_id]);
    const last = await browser.submitConsent((await open(app, {}, browser)).page);
    expect(redirectParameters(last).has('code')).toBe(true);
  });
});

describe('a consent form that was tampered with', () => {
  it('a repeated field counts as absent, so it never grants more than intended', async () => {
    const app = await addApp(server);
    const { browser, page } = await open(app);
    const twice = await browser.submitConsent(page, { duration: ['P1D', 'P1Y'] });
    expect({ status: twice.status, location: twice.location }).toEqual({ status: 400, location: undefined });
    expect(twice.body).toContain('Choose a time from the list');
    const both = await browser.submitConsent(page, { decision: ['allow', 'deny'] });
    expect(redirectParameters(both).get('error')).toBe('access_denied');
    expect((await browser.submitConsent(page, { csrf: ['x', hiddenFields(page.body)['csrf'] ?? ''] })).status).toBe(
      403,
    );
    expect((await browser.submitConsent(page, { record: ['1-x', lou.key] })).status).toBe(400);
    expect((await storedFor(app)).receipts).toEqual([]);
  });

  it('keys that were not offered add nothing, and unknown fields are ignored', async () => {
    const app = await addApp(server);
    const { browser, page } = await open(app, { scope: 'patient/Immunization.rs' });
    const more = ['Immunization', 'Encounter', 'Observation:laboratory', 'sensitive:x|y', '__proto__', ''];
    const done = await browser.submitConsent(page, {
      allow: more,
      scope: 'patient/*.rs',
      offline: 'yes',
      client_id: 'other',
    });
    const token = await redeem(app, authorizationCode(done));
    expect(token).toMatchObject({ scope: 'patient/Immunization.rs', refresh_expires_in: 48 * 3600 });
    const [receipt] = (await storedFor(app)).receipts;
    expect(receipt?.content).not.toMatch(/Visits|Lab results|93 days|sensitive|__proto__/);
  });

  it('applying the choice to earlier access leaves no trace in the receipt when there is no earlier access', async () => {
    const app = await addApp(server);
    const { browser, page } = await open(app);
    await browser.submitConsent(page, { earlier: 'yes' });
    await browser.submitConsent(page, { earlier: 'yes', allow: ['Encounter'] });
    const receipts = (await storedFor(app)).receipts.map(({ content }) =>
      content.includes('the access the app already had'),
    );
    expect(receipts).toEqual([false, true]);
  });
});

describe('the consent page and third parties', () => {
  it('RFC 9700 §4.16, §4.7: no other site can frame it, and no form of another browser or site can decide', async () => {
    const app = await addApp(server);
    const mine = await open(app);
    expect(mine.page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(mine.page.headers['x-frame-options']).toMatch(/deny/i);
    expect(mine.page.headers['cache-control']).toBe('no-store');
    const theirs = await open(app);
    const fields = { ...hiddenFields(mine.page.body), decision: 'allow', allow: ['Encounter'] };
    const path = `${OAUTH}/authorize/decision`;
    expect((await theirs.browser.post(path, fields)).status).toBe(403);
    expect((await mine.browser.post(path, { ...fields, csrf: '' })).status).toBe(403);
    expect((await new PatientBrowser(server.app).post(path, fields)).status).toBe(403);
    expect([404, 405]).toContain((await mine.browser.get(`${path}?${encodeForm(fields)}`)).status);
    expect((await storedFor(app)).receipts).toEqual([]);
  });

  it('two tabs with two requests are decided independently, in any order', async () => {
    const [one, two] = [await addApp(server, { name: 'One' }), await addApp(server, { name: 'Two' })];
    const first = await open(one, { state: 'first', scope: 'patient/Immunization.rs' });
    const second = await open(two, { state: 'second', scope: 'patient/Encounter.rs' }, first.browser);
    const done = await first.browser.submitConsent(second.page);
    const doneFirst = await first.browser.submitConsent(first.page);
    expect({
      first: redirectParameters(doneFirst).get('state'),
      second: redirectParameters(done).get('state'),
    }).toEqual({ first: 'first', second: 'second' });
    expect((await redeem(one, authorizationCode(doneFirst))).scope).toBe('patient/Immunization.rs');
    expect((await redeem(two, authorizationCode(done))).scope).toBe('patient/Encounter.rs');
    expect((await redeem(two, authorizationCode(await first.browser.submitConsent(first.page)))).error).toBe(
      'invalid_grant',
    );
  });

  it('after Deny and Back the page still decides; only Allow consumes a pushed request', async () => {
    const app = await addApp(server);
    const { client_id, client_secret } = app;
    const pushed = await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/par`,
      headers: FORM,
      payload: encodeForm({ ...authorizationQuery(app, { state: 'p' }), client_id, client_secret }),
    });
    const browser = new PatientBrowser(server.app);
    const page = await browser.authorize({ client_id, request_uri: pushed.json().request_uri }, lou);
    expect(redirectParameters(await browser.submitConsent(page, { decision: 'deny' })).get('error')).toBe(
      'access_denied',
    );
    const codes = [
      authorizationCode(await browser.submitConsent(page)),
      authorizationCode(await browser.submitConsent(page)),
    ];
    expect((await storedFor(app)).receipts).toHaveLength(1);
    for (const code of codes) expect((await redeem(app, code)).status).toBe(200);
    server.clock.advance(11_000);
    const late = redirectParameters(await browser.submitConsent(page));
    expect({ error: late.get('error'), code: late.get('code') }).toEqual({ error: 'invalid_request', code: null });
  });

  it('switching the language retains the request: state, nonce, PKCE, and pushed parameters', async () => {
    const app = await addApp(server);
    const { client_id, client_secret } = app;
    const sent = {
      state: 'a&b="<',
      nonce: 'n&=+ 1',
      scope: 'openid patient/Immunization.rs',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
      ui_locales: 'xx "><script> es-\u202e en',
    };
    const pushed = await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/par`,
      headers: FORM,
      payload: encodeForm({ ...authorizationQuery(app, sent), client_id, client_secret }),
    });
    for (const query of [authorizationQuery(app, sent), { client_id, request_uri: pushed.json().request_uri }]) {
      const browser = new PatientBrowser(server.app);
      const english = await browser.authorize(query, lou);
      expect(codeIn(english)).toEqual([]);
      expect(english.body).not.toContain('\u202e');
      const back = await browser.get(attributeOf(english, 'a[hreflang=es]', 'href') ?? '');
      const page = await browser.get(back.location ?? '');
      expect(attributeOf(page, 'html', 'lang')).toBe('es');
      const done = await browser.submitConsent(page);
      expect(redirectParameters(done).get('state')).toBe(sent.state);
      expect((await redeem(app, authorizationCode(done))).error).toBe('invalid_grant');
      const token = await redeem(app, authorizationCode(await browser.submitConsent(page)), {
        code_verifier: VERIFIER,
      });
      const [, claims = ''] = (token.id_token ?? '').split('.');
      expect(JSON.parse(Buffer.from(claims, 'base64url').toString()).nonce).toBe(sent.nonce);
    }
  });
});

describe('unusual patient names', () => {
  const nameLou = (name: string) =>
    server.db.queryText(
      'update demographics set name = $1 where record_id in (select record_id from representation where account_id = $2)',
      [name, lou.accountId],
    );

  it('a name that is very long, reverses the text direction or injects a header stays on one line of the receipt and email', async () => {
    const name = `L\u202eou\u2066 \u200b${'Very '.repeat(400)}\r\nBcc: a@b.example\u2028x`;
    await nameLou(name);
    const app = await addApp(server, { name: 'Plain' });
    const { browser, page } = await open(app);
    await browser.submitConsent(page, { duration: 'P1D' });
    const [receipt] = (await storedFor(app)).receipts;
    expect(receipt?.content).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u2028\r]/);
    expect(receipt?.content).toContain('Lou');
    const [email] = await server.db.queryText<{ subject: string; content: string }>(
      'select subject, content from mail order by created_at desc limit 1',
      [],
    );
    expect(email?.subject).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028]/u);
    await nameLou('Lou Live');
  });
});
