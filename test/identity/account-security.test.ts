import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSession } from '../../src/identity/index.ts';
import { addApp as registerApp } from '../support/apps/apps.ts';
import { attributeOf, codeIn, hiddenFields, linksOf, textOf } from '../support/browser/html.ts';
import {
  addAuthenticatorApp,
  addPatientWithEmail,
  createRecoveryCodes,
  emailLink,
  listEmailsTo,
  SECURITY,
  signInWithPassword,
} from '../support/people/account-security.ts';
import { SoftAuthenticator } from '../support/people/authenticator.ts';
import type { LivePerson } from '../support/people/live-patient.ts';
import { connectApp, getFhir, PatientBrowser, R4, SANDBOX_PATIENT } from '../support/people/patient.ts';
import { formErrors, listAuditEvents, submitForm } from '../support/people/practice-portal.ts';
import { addPasskey, addStaffMember, SANDBOX_STAFF } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const NEW_PASSWORD = 'copper lantern orchard drizzle';
const FIVE_MINUTES = 5 * 60_000 + 1000;
const sessionIn = (browser: PatientBrowser) => findSession(server.db, server.clock, browser.cookie('session'));
const csrfIn = async (browser: PatientBrowser) => hiddenFields((await browser.get(SECURITY)).body)['csrf'] ?? '';

/** Pages that change something, with valid values for their forms. */
const ACTIONS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['password', { password: NEW_PASSWORD }],
  ['passkeys/add', { passkey: '{}' }],
  ['passkeys/remove', { id: 'AAAA' }],
  ['authenticator-app', { code: '123456' }],
  ['authenticator-app/remove', {}],
  ['recovery-codes', {}],
  ['email', { email: 'other@example.com' }],
  ['language', { language: 'es' }],
  ['sessions/end', { id: '00000000-0000-4000-8000-000000000000' }],
  ['sessions/end-others', {}],
  ['close', { sure: 'yes' }],
];

const everything = (accountId: string) =>
  server.db.queryText(
    `select a.username, a.password_hash, a.email, a.language, a.closed_at, a.locked_at,
       (select count(*)::int from passkey p where p.account_id = a.account_id) as passkeys,
       (select count(*)::int from totp t where t.account_id = a.account_id) as totp,
       (select count(*)::int from recovery_code c where c.account_id = a.account_id) as codes,
       (select count(*)::int from account_link l where l.account_id = a.account_id) as links
     from account a where a.account_id = $1`,
    [accountId],
  );

describe.each(ACTIONS)('/account/security/%s', (page, fields) => {
  const path = `${SECURITY}/${page}`;
  let person: LivePerson;
  beforeAll(async () => {
    person = await addPatientWithEmail(server, { email: `${page.replaceAll('/', '-')}@example.com` });
  });

  it('requires sign-in, and leads back', async () => {
    const browser = new PatientBrowser(server.app);
    const response = await browser.get(path);
    expect(response.location).toBe(`/sign-in?${new URLSearchParams({ return_to: path })}`);
    const csrf = hiddenFields((await browser.get('/sign-in')).body)['csrf'] ?? '';
    expect((await browser.post(path, { ...fields, csrf })).status).toBe(401);
  });

  it('requires the CSRF token of its form', async () => {
    const before = await everything(person.accountId);
    const browser = await signInWithPassword(server, person);
    expect((await browser.post(path, { ...fields, csrf: 'guess' })).status).toBe(403);
    expect((await browser.post(path, fields)).status).toBe(403);
    expect(await everything(person.accountId)).toEqual(before);
  });

  it('requires reauthentication after five minutes', async () => {
    const before = await everything(person.accountId);
    const browser = await signInWithPassword(server, person);
    const csrf = await csrfIn(browser);
    server.clock.advance(FIVE_MINUTES);
    const confirm = `${SECURITY}/confirm?`;
    expect((await browser.get(path)).location?.startsWith(confirm)).toBe(true);
    const response = await browser.post(path, { ...fields, csrf });
    expect({ status: response.status, leadsToConfirm: response.location?.startsWith(confirm) }).toEqual({
      status: 303,
      leadsToConfirm: true,
    });
    expect(await everything(person.accountId)).toEqual(before);
  });

  it('is closed for shared accounts, of patients and of staff', async () => {
    for (const published of [SANDBOX_PATIENT, SANDBOX_STAFF]) {
      const browser = await signInWithPassword(server, published);
      const { accountId = '' } = (await sessionIn(browser)) ?? {};
      const was = await everything(accountId);
      expect((await browser.get(path)).status).toBe(403);
      expect((await browser.post(path, { ...fields, csrf: await csrfIn(browser) })).status).toBe(403);
      expect(await everything(accountId)).toEqual(was);
    }
  });

  it('is never cached or framed', async () => {
    const { headers } = await (await signInWithPassword(server, person)).get(path);
    expect({ cacheControl: headers['cache-control'], xFrameOptions: headers['x-frame-options'] }).toEqual({
      cacheControl: 'no-store',
      xFrameOptions: 'DENY',
    });
  });

  it('treats repeated fields as absent, without a server error', async () => {
    const browser = await signInWithPassword(server, person);
    const twice = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value, value]]));
    const response = await browser.post(path, { ...twice, csrf: await csrfIn(browser) });
    expect(response.status).toBeLessThan(500);
  });
});

describe('the security overview', () => {
  it('exists for patients and for staff, in their language', async () => {
    const patient = await signInWithPassword(server, await addPatientWithEmail(server));
    const spanish = await patient.get('/language?to=es&return_to=%2Faccount%2Fsecurity');
    expect(spanish.location).toBe(SECURITY);
    expect((await patient.get(SECURITY)).body).toContain('<h1 id="main-title">Contraseña y seguridad</h1>');
    const staff = new PatientBrowser(server.app);
    await staff.get('/language?to=es&return_to=%2F');
    await staff.signIn('/sign-in', await addStaffMember(server));
    expect((await staff.get(SECURITY)).body).toContain('<h1 id="main-title">Contraseña y seguridad</h1>');
  });

  it('has the brand of the practice that has all records of the patient', async () => {
    const brandOf = async (person: Parameters<typeof signInWithPassword>[1]) =>
      textOf(await (await signInWithPassword(server, person)).get(SECURITY), 'header a.brand');
    expect(await brandOf(await addPatientWithEmail(server))).toBe('Live practice');
    expect(await brandOf({ username: 'patient23', password: 'Password1!' })).toBe('Patient Access');
  });

  it('displays only known notices', async () => {
    const browser = await signInWithPassword(server, await addPatientWithEmail(server));
    expect((await browser.get(`${SECURITY}?done=password`)).body).toContain('Your password was changed');
    for (const done of ['<script>alert(1)</script>', '__proto__', 'constructor', 'a&done=b'])
      expect((await browser.get(`${SECURITY}?done=${done}`)).body).not.toContain('role="status"');
  });

  it('of a shared account displays only this browser, and nothing to change', async () => {
    const [one, other] = [new PatientBrowser(server.app), new PatientBrowser(server.app)];
    for (const browser of [one, other]) await browser.signIn('/sign-in');
    await server.db.queryText(
      `insert into session (hash, session_id, account_id, signed_in_at, seen_at, expires_at)
       select sha256(n::text::bytea), gen_random_uuid(), account_id, now(), now() + interval '1 minute', now() + interval '1 hour'
       from account, generate_series(1, 120) n where username = $1`,
      [SANDBOX_PATIENT.username],
    );
    const { body } = await one.get(SECURITY);
    expect(body.match(/Signed in on/g)).toHaveLength(1);
    expect(body).toContain('You can look at this page, but you can’t change anything.');
    expect(linksOf(body).filter((link) => link.startsWith('/account/security/'))).toEqual([]);
  });
});

describe('reauthentication', () => {
  const confirm = `${SECURITY}/confirm`;

  it('accepts the password, and leads back to the requesting page', async () => {
    const person = await addPatientWithEmail(server);
    const browser = await signInWithPassword(server, person);
    server.clock.advance(FIVE_MINUTES);
    const response = await browser.get(`${SECURITY}/email`);
    const wrong = await submitForm(browser, response.location ?? '', { password: 'wrong' }, confirm);
    expect({ status: wrong.status, faultsOn: formErrors(wrong) }).toEqual({
      status: 400,
      faultsOn: ['password: That password isn’t right. Check it and try again.'],
    });
    const right = await submitForm(browser, response.location ?? '', { password: person.password }, confirm);
    expect(right.location).toBe(`${SECURITY}/email`);
    expect((await browser.get(`${SECURITY}/email`)).status).toBe(200);
  });

  it('replaces the cookie of the session, so that a copy of the old one opens nothing any longer', async () => {
    const person = await addPatientWithEmail(server);
    const browser = await signInWithPassword(server, person);
    const before = await sessionIn(browser);
    const copy = new PatientBrowser(server.app);
    copy.setCookie('session', browser.cookie('session') ?? '');
    const page = await browser.get(`${confirm}?return_to=${SECURITY}/email`);
    const fields = { ...hiddenFields(page.body), password: person.password };
    expect((await copy.get(SECURITY)).status).toBe(200);
    expect((await browser.post(confirm, fields)).location).toBe(`${SECURITY}/email`);
    // A form that is submitted twice leads on, although its cookie is the old one.
    expect((await copy.post(confirm, fields)).location).toBe(`${SECURITY}/email`);
    expect(await sessionIn(copy)).toBeUndefined();
    expect((await sessionIn(browser))?.sessionId).toBe(before?.sessionId);
    expect((await copy.get(SECURITY)).location).toMatch(/^\/sign-in\?/);
  });

  it('accepts a passkey of this account only', async () => {
    const [one, other] = [await addPatientWithEmail(server), await addPatientWithEmail(server)];
    const [mine, theirs] = [await addPasskey(server, one.accountId), await addPasskey(server, other.accountId)];
    const browser = new PatientBrowser(server.app);
    await browser.usePasskey('/sign-in', mine, '/sign-in');
    server.clock.advance(FIVE_MINUTES);
    const response = (await browser.get(`${SECURITY}/email`)).location ?? '';
    expect((await browser.usePasskey(response, theirs, confirm)).status).toBe(400);
    expect((await browser.usePasskey(response, mine, confirm)).location).toBe(`${SECURITY}/email`);
    expect((await browser.get(`${SECURITY}/email`)).status).toBe(200);
  });

  it('rejects the password of another account', async () => {
    const [one, other] = [await addPatientWithEmail(server), await addPatientWithEmail(server)];
    const browser = await signInWithPassword(server, one);
    server.clock.advance(FIVE_MINUTES);
    const response = await submitForm(browser, confirm, { password: other.password }, confirm);
    expect(response.status).toBe(400);
  });

  it('is rate-limited like a sign-in, and never redirects to another site', async () => {
    const person = await addPatientWithEmail(server);
    const browser = await signInWithPassword(server, person);
    const page = `${confirm}?return_to=${encodeURIComponent('https://evil.example')}`;
    expect((await submitForm(browser, page, { password: person.password }, confirm)).location).toBe(SECURITY);
    for (let i = 0; i < 10; i += 1) await submitForm(browser, confirm, { password: 'wrong' }, confirm);
    const rejected = await submitForm(browser, confirm, { password: person.password }, confirm);
    expect({ status: rejected.status, hasRetryAfter: Number(rejected.headers['retry-after']) > 0 }).toEqual({
      status: 429,
      hasRetryAfter: true,
    });
    server.clock.advance(16 * 60_000);
  });
});

describe('a new password', () => {
  it('signs out every other browser, ends open links, and is reported and recorded', async () => {
    const person = await addPatientWithEmail(server, { email: 'changed@example.com' });
    const [here, elsewhere] = [await signInWithPassword(server, person), await signInWithPassword(server, person)];
    await submitForm(here, '/forgot', { email: 'changed@example.com' });
    const done = await submitForm(here, `${SECURITY}/password`, { password: NEW_PASSWORD });
    expect(done.location).toBe(`${SECURITY}?done=password`);
    expect({ isHereSignedIn: (await sessionIn(here)) !== undefined, elsewhere: await sessionIn(elsewhere) }).toEqual({
      isHereSignedIn: true,
      elsewhere: undefined,
    });
    const emails = await listEmailsTo(server, 'changed@example.com');
    expect(emails.some(({ content }) => content?.includes('password of your account was changed'))).toBe(true);
    expect(await listAuditEvents(server, 'account')).toContainEqual({
      account_id: person.accountId,
      outcome: 'success',
      detail: { action: 'password' },
    });
    expect((await new PatientBrowser(server.app).signIn('/sign-in', person)).status).toBe(401);
    await signInWithPassword(server, { ...person, password: NEW_PASSWORD });
  });

  it('is rejected with the reason, and the input is not displayed again', async () => {
    const person = await addPatientWithEmail(server, { email: 'ina.way@example.com' });
    const browser = await signInWithPassword(server, person);
    const tried = async (password: string) => {
      const response = await submitForm(browser, `${SECURITY}/password`, { password });
      if (password !== '') expect(response.body).not.toContain(password);
      return formErrors(response)[0];
    };
    expect(await tried('')).toContain('at least 15 characters');
    expect(await tried('fourteen chars')).toContain('at least 15 characters');
    expect(await tried('passwordpassword1!')).toContain('too easy to guess');
    expect(await tried('ina.way@example.com')).toContain('contains your name');
    expect(await tried('x'.repeat(201))).toContain('at most 200 characters');
  });

  it('can be the first one, for an account with only a passkey', async () => {
    const person = await addPatientWithEmail(server);
    const key = await addPasskey(server, person.accountId);
    await server.db.queryText('update account set password_hash = null where account_id = $1', [person.accountId]);
    expect((await new PatientBrowser(server.app).signIn('/sign-in', { ...person, password: '' })).status).toBe(401);
    const browser = new PatientBrowser(server.app);
    await browser.usePasskey('/sign-in', key, '/sign-in');
    expect((await browser.get(SECURITY)).body).toContain('Add password');
    await submitForm(browser, `${SECURITY}/password`, { password: NEW_PASSWORD });
    const half = await new PatientBrowser(server.app).signIn('/sign-in', { ...person, password: NEW_PASSWORD });
    expect(half.location).toMatch(/^\/sign-in\/second-factor/);
  });

  it('is normalized, however the keyboard composes its characters (NIST SP 800-63B-4 §3.1.1.2)', async () => {
    const person = await addPatientWithEmail(server);
    const browser = await signInWithPassword(server, person);
    await submitForm(browser, `${SECURITY}/password`, { password: 'señor café orquídea'.normalize('NFD') });
    await signInWithPassword(server, { ...person, password: 'señor café orquídea'.normalize('NFC') });
  });
});

describe('a new email address', () => {
  const ask = (browser: PatientBrowser, email: string) => submitForm(browser, `${SECURITY}/email`, { email });
  const addressOf = async ({ accountId }: LivePerson) =>
    (await server.db.queryText<{ email: string }>('select email from account where account_id = $1', [accountId]))[0]
      ?.email;

  it('is stored after the link in the email is confirmed, and both addresses are notified', async () => {
    const person = await addPatientWithEmail(server, { email: 'old@example.com' });
    const browser = await signInWithPassword(server, person);
    expect((await ask(browser, ' New@Example.com ')).location).toBe(`${SECURITY}?done=email-asked`);
    expect(await addressOf(person)).toBe('old@example.com');
    expect((await listEmailsTo(server, 'old@example.com'))[0]?.content).toContain('new@example.com');
    const link = emailLink((await listEmailsTo(server, 'new@example.com'))[0], server);
    const phone = new PatientBrowser(server.app);
    expect((await phone.get(link)).body).toContain('new@example.com');
    expect(await addressOf(person)).toBe('old@example.com');
    expect((await submitForm(phone, link)).status).toBe(200);
    expect(await addressOf(person)).toBe('new@example.com');
    for (const address of ['old@example.com', 'new@example.com'])
      expect((await listEmailsTo(server, address))[0]?.subject).toContain('was changed');
    expect((await phone.get(link)).status).toBe(410);
    expect((await listAuditEvents(server, 'account'))[0]).toMatchObject({ detail: { action: 'email-changed' } });
  });

  it('that another account has gets the same response, is not stored, and its owner is notified', async () => {
    const owner = await addPatientWithEmail(server, { email: 'taken@example.com' });
    const person = await addPatientWithEmail(server, { email: 'wants@example.com' });
    const browser = await signInWithPassword(server, person);
    const [free, taken] = [await ask(browser, 'free@example.com'), await ask(browser, 'taken@example.com')];
    expect({ status: taken.status, location: taken.location, body: taken.body }).toEqual({
      status: free.status,
      location: free.location,
      body: free.body,
    });
    const [mail] = await listEmailsTo(server, 'taken@example.com');
    expect(mail?.subject).toBe('This address already belongs to an account');
    expect(mail?.content).not.toContain('http');
    expect(await addressOf(owner)).toBe('taken@example.com');
  });

  it('that two accounts confirm concurrently belongs to one of them', async () => {
    const people = [await addPatientWithEmail(server), await addPatientWithEmail(server)];
    const links: string[] = [];
    for (const person of people) {
      await ask(await signInWithPassword(server, person), 'both@example.com');
      links.push(
        emailLink(
          (await listEmailsTo(server, 'both@example.com')).find(
            (mail) => !links.some((link) => mail.content?.includes(link)),
          ),
          server,
        ),
      );
    }
    const shown = await Promise.all(links.map((link) => submitForm(new PatientBrowser(server.app), link)));
    expect(shown.map(({ status }) => status).sort()).toEqual([200, 410]);
  });

  it('must be valid, and can be requested five times an hour, so that the server cannot be used for spam', async () => {
    const browser = await signInWithPassword(server, await addPatientWithEmail(server, { email: 'many@example.com' }));
    for (const email of ['', 'a', 'a@', 'a@b@c', 'a\r\nBcc: b@example.com', `${'a'.repeat(250)}@example.com`])
      expect(formErrors(await ask(browser, email))[0]).toMatch(/^email: Enter an email address/);
    expect(formErrors(await ask(browser, 'MANY@example.com'))[0]).toMatch(/^email: That is your current address/);
    for (let i = 0; i < 5; i += 1) expect((await ask(browser, `m${i}@example.com`)).status).toBe(303);
    expect(formErrors(await ask(browser, 'm5@example.com'))[0]).toMatch(/too many emails/);
  });

  it('ends earlier links when it is requested again', async () => {
    const browser = await signInWithPassword(server, await addPatientWithEmail(server));
    await ask(browser, 'first@example.com');
    await ask(browser, 'second@example.com');
    const link = emailLink((await listEmailsTo(server, 'first@example.com'))[0], server);
    expect((await new PatientBrowser(server.app).get(link)).status).toBe(410);
  });
});

describe('the list of sessions', () => {
  const AGENTS = {
    phone: 'Mozilla/5.0 (Android 14; Mobile; rv:124.0) Gecko/124.0 Firefox/124.0',
    hostile: '<script>alert(1)</script>',
  };
  const signInFrom = async (person: LivePerson, agent: string) => {
    const browser = new PatientBrowser(server.app);
    const page = await browser.get('/sign-in');
    const { username, password } = person;
    await browser.post('/sign-in', { ...hiddenFields(page.body), username, password }, { 'user-agent': agent });
    return browser;
  };

  it('describes each, marks the current one, and can end each of them', async () => {
    const person = await addPatientWithEmail(server);
    const [here, phone] = [await signInWithPassword(server, person), await signInFrom(person, AGENTS.phone)];
    const { body } = await here.get(SECURITY);
    expect(body).toContain('Firefox on Android');
    expect(body.match(/This browser/g)).toHaveLength(1);
    const end = attributeOf(body, 'a[href*="sessions/end?"]', 'href') ?? '';
    expect((await here.get(end)).body).toContain('Firefox on Android');
    expect((await submitForm(here, end, {}, `${SECURITY}/sessions/end`)).location).toBe(`${SECURITY}?done=signed-out`);
    expect({ phone: await sessionIn(phone), isHereSignedIn: (await sessionIn(here)) !== undefined }).toEqual({
      phone: undefined,
      isHereSignedIn: true,
    });
  });

  it('does not contain another account’s session, which cannot be ended', async () => {
    const [one, other] = [await addPatientWithEmail(server), await addPatientWithEmail(server)];
    const [mine, theirs] = [await signInWithPassword(server, one), await signInWithPassword(server, other)];
    const id = (await sessionIn(theirs))?.sessionId ?? '';
    const path = `${SECURITY}/sessions/end`;
    expect((await mine.get(`${path}?id=${id}`)).status).toBe(404);
    for (const response of [id, 'x', "'; drop table session"])
      expect((await mine.post(path, { csrf: await csrfIn(mine), id: response })).status).toBe(404);
    expect(await sessionIn(theirs)).toBeDefined();
  });

  it('can end all others at once', async () => {
    const person = await addPatientWithEmail(server);
    const here = await signInWithPassword(server, person);
    const others = [await signInWithPassword(server, person), await signInWithPassword(server, person)];
    await submitForm(here, `${SECURITY}/sessions/end-others`);
    expect(await Promise.all(others.map(sessionIn))).toEqual([undefined, undefined]);
    expect(await sessionIn(here)).toBeDefined();
  });

  it('displays the User-Agent as text, however long', async () => {
    const person = await addPatientWithEmail(server);
    const browser = await signInFrom(person, `${AGENTS.hostile}${'x'.repeat(5000)}`);
    expect(codeIn(await browser.get(SECURITY))).toEqual([]);
  });
});

describe('the language', () => {
  it('applies to pages and email from then on', async () => {
    const person = await addPatientWithEmail(server, { email: 'idioma@example.com' });
    const browser = await signInWithPassword(server, person);
    const done = await submitForm(browser, `${SECURITY}/language`, { language: 'es' });
    expect((await browser.get(done.location ?? '')).body).toContain('Su idioma cambió');
    await submitForm(browser, `${SECURITY}/password`, { password: NEW_PASSWORD });
    const [mail] = await listEmailsTo(server, 'idioma@example.com');
    expect(mail?.subject).toBe('Su cuenta cambió');
    expect(mail?.content).toContain('Hola, Ina Way:');
    expect(formErrors(await submitForm(browser, `${SECURITY}/language`, { language: 'xx' }))).toEqual([
      'language: Elija una opción.',
    ]);
  });
});

describe('removing the second factor', () => {
  it('removes its recovery codes too, and then the password alone signs in', async () => {
    const person = await addPatientWithEmail(server, { email: 'fewer@example.com' });
    const browser = await signInWithPassword(server, person);
    await addAuthenticatorApp(server, browser);
    expect(await createRecoveryCodes(browser)).toHaveLength(10);
    const done = await submitForm(browser, `${SECURITY}/authenticator-app/remove`);
    expect(done.location).toBe(`${SECURITY}?done=app-removed`);
    expect(await everything(person.accountId)).toMatchObject([{ totp: 0, codes: 0 }]);
    expect((await new PatientBrowser(server.app).signIn('/sign-in', person)).location).toBe('/account');
    const emails = (await listEmailsTo(server, 'fewer@example.com')).map(({ content }) => content ?? '').join();
    for (const words of ['app was set up', 'New recovery codes', 'app was removed']) expect(emails).toContain(words);
    expect((await listAuditEvents(server, 'factor')).slice(0, 3).map(({ detail }) => detail['action'])).toEqual([
      'app-removed',
      'codes-made',
      'app-added',
    ]);
  });
});

describe('closing the account', () => {
  it('explains the effects, and requires a checked box', async () => {
    const browser = await signInWithPassword(server, await addPatientWithEmail(server));
    const page = await browser.get(`${SECURITY}/close`);
    for (const words of ['Apps lose access', 'Your practice keeps your health record'])
      expect(page.body).toContain(words);
    expect(formErrors(await submitForm(browser, `${SECURITY}/close`))).toEqual([
      'sure: Check the box to confirm that you want to close your account.',
    ]);
    expect(await sessionIn(browser)).toBeDefined();
  });

  it('ends apps’ access within a second, every session and credential, and frees username and email address', async () => {
    const person = await addPatientWithEmail(server, { email: 'leaving@example.com' });
    const key = await addPasskey(server, person.accountId, new SoftAuthenticator());
    const app = await registerApp(server);
    const login = { username: person.username, password: person.password, passkey: key };
    const token = await connectApp(server.app, app, { scope: 'patient/*.rs offline_access' }, {}, login);
    expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(200);
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in', login);
    const done = await submitForm(browser, `${SECURITY}/close`, { sure: 'yes' });
    expect({ status: done.status, location: done.location, cookie: browser.cookie('session') }).toEqual({
      status: 303,
      location: '/account-closed',
      cookie: undefined,
    });
    expect(done.headers['clear-site-data']).toBe('"storage"');
    expect((await browser.get('/account-closed')).body).toContain('Your account is closed');
    server.clock.advance(1001);
    expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(401);
    expect((await new PatientBrowser(server.app).signIn('/sign-in', person)).status).toBe(401);
    expect((await new PatientBrowser(server.app).usePasskey('/sign-in', key, '/sign-in')).status).toBe(401);
    expect(await everything(person.accountId)).toMatchObject([
      { username: `closed:${person.accountId}`, email: null, password_hash: null, passkeys: 0, totp: 0, codes: 0 },
    ]);
    const ended = await server.db.queryText('select from representation where account_id = $1 and ended_at is null', [
      person.accountId,
    ]);
    expect(ended).toEqual([]);
    expect((await listEmailsTo(server, 'leaving@example.com'))[0]?.subject).toBe('Your account is closed');
    expect((await listAuditEvents(server, 'account'))[0]).toMatchObject({
      account_id: person.accountId,
      detail: { action: 'close' },
    });
  });

  it('replaces the username with one that no one can choose', async () => {
    const person = await addPatientWithEmail(server);
    await submitForm(await signInWithPassword(server, person), `${SECURITY}/close`, { sure: 'yes' });
    const name = `closed:${person.accountId}`;
    expect((await new PatientBrowser(server.app).signIn('/sign-in', { username: name, password: '' })).status).toBe(
      401,
    );
  });

  it('twice concurrently closes it once', async () => {
    const person = await addPatientWithEmail(server, { email: 'twice@example.com' });
    const browser = await signInWithPassword(server, person);
    const { csrf = '' } = hiddenFields((await browser.get(`${SECURITY}/close`)).body);
    const close = () => browser.post(`${SECURITY}/close`, { csrf, sure: 'yes' });
    const shown = await Promise.all([close(), close(), close()]);
    expect(shown.every(({ status }) => status < 500)).toBe(true);
    const events = (await listAuditEvents(server, 'account')).filter(
      ({ account_id }) => account_id === person.accountId,
    );
    expect(events.filter(({ detail }) => detail['action'] === 'close')).toHaveLength(1);
  });
});
