import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findAccountByUsername, findDeveloperProfileByEmail, findProfileByEmail } from '../../src/identity/index.ts';
import { clientNetwork, hours, sha256 } from '../../src/kernel/index.ts';
import {
  attributeOf,
  attributesOf,
  codeIn,
  hasElement,
  hiddenFields,
  linksOf,
  textsOf,
  titleOf,
} from '../support/browser/html.ts';
import {
  addPatientWithEmail,
  emailLink,
  listEmailsTo,
  signInWithPassword,
} from '../support/people/account-security.ts';
import { SoftAuthenticator } from '../support/people/authenticator.ts';
import { apiCaller } from '../support/people/developer-portal.ts';
import { type BrowserResponse, PatientBrowser } from '../support/people/patient.ts';
import { formErrors, listAuditEvents, signInStaff, submitForm } from '../support/people/practice-portal.ts';
import { FIRST_APP, PASSWORD, requestSignUpLink, SIGN_UP, signUp } from '../support/people/sign-up.ts';
import { until } from '../support/runs/until.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
// Requests of earlier tests don't count toward the hourly limit of the network.
beforeEach(() => server.clock.advance(hours(1) + 1));

const browserOf = () => new PatientBrowser(server.app);
const api = (browser: PatientBrowser) => apiCaller(server, browser.cookie('session'));
const organisationsOf = async (browser: PatientBrowser) =>
  (await api(browser).call('GET', '/developer/organisations')).body;
const membersOf = (email: string) =>
  server.db.queryText<{ name: string; role: string; domain: string | null }>(
    `select o.name, m.role, o.domain from membership m join organisation o using (organisation_id)
     join account a using (account_id) where a.email = $1 and a.kind = 'developer'`,
    [email],
  );
/** Waits until this many requests are counted, because the server counts a request after its response. */
const counted = (key: string, times: number) =>
  until(
    async () =>
      (await server.db.queryText('select from throttle where key = $1 and failures = $2', [sha256(key), times]))
        .length === 1,
  );
/** Submits the form of a sign-up link in several browsers at the same time. Each has opened its page before. */
async function submitAtOnce(links: readonly string[], organisation: string): Promise<readonly BrowserResponse[]> {
  const opened = await Promise.all(
    links.map(async (link) => {
      const browser = browserOf();
      return { link, browser, hidden: hiddenFields((await browser.get(link)).body) };
    }),
  );
  return Promise.all(
    opened.map(({ link, browser, hidden }) =>
      browser.post(link, { ...hidden, name: 'At Once', organisation, password: PASSWORD }),
    ),
  );
}
/** Returns the passkey options in a page. */
const optionsOn = (response: BrowserResponse) =>
  JSON.parse(attributeOf(response, '[data-options]', 'data-options') ?? '');
/** Parts of a response that must be the same whether or not an account has the email address. */
const observable = ({ status, location, body, headers }: BrowserResponse) => ({
  status,
  location,
  body,
  names: Object.keys(headers).sort(),
});

describe('a request for a sign-up link', () => {
  it('sends it to the address, in the language of the page, and stores only a hash', async () => {
    const browser = browserOf();
    await browser.get('/language?to=es&return_to=%2Fdeveloper%2Fsign-up');
    const link = await requestSignUpLink(server, 'ana@primera.example', browser);
    const [mail] = await listEmailsTo(server, 'ana@primera.example');
    expect(mail?.subject).toBe('Su enlace para registrarse como desarrollador');
    const rows = await server.db.queryText<{ row: string }>('select sign_up::text as row from sign_up', []);
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) expect(row).not.toContain(link.split('/').at(-1));
    expect(server.log.join('')).not.toContain(link.split('/').at(-1));
  });

  it('says where to find the email on a server that sends none', async () => {
    await requestSignUpLink(server, 'sent@sent.example');
    const response = await browserOf().get(`${SIGN_UP}/sent`);
    expect(linksOf(response)).toContain('/outbox');
    const outbox = await server.app.inject({ url: '/outbox', headers: { host: 'localhost:8080' } });
    expect(outbox.body).toContain('sent@sent.example');
  });

  it('gets the same response whether an account exists or not; its owner is notified by email', async () => {
    const { response } = await signUp(server, 'has@taken.example', { organisation: 'Taken' });
    expect(response.location).toBe(FIRST_APP);
    const answers: BrowserResponse[] = [];
    for (const email of ['has@taken.example', 'has-not@taken.example'])
      answers.push(await submitForm(browserOf(), SIGN_UP, { email }));
    expect(observable(answers[0] as BrowserResponse)).toEqual(observable(answers[1] as BrowserResponse));
    await until(async () => (await listEmailsTo(server, 'has-not@taken.example')).length === 1);
    const findMail = async () =>
      (await listEmailsTo(server, 'has@taken.example')).find(
        ({ subject }) => subject === 'You already have a developer account',
      );
    // The server writes an email after its response, so the two emails come in any order.
    await until(async () => (await findMail()) !== undefined);
    const mail = await findMail();
    expect(mail?.content).toContain('/forgot');
    expect(mail?.content).not.toContain(SIGN_UP);
  });

  it.each([
    'no address',
    'two@x.example, three@x.example',
    'a@x.example\r\nBcc: b@x.example',
    '"q q"@x.example',
    'a@müller.example',
    '',
  ])('rejects %j', async (email) => {
    const response = await submitForm(browserOf(), SIGN_UP, { email });
    expect({ status: response.status, faultsOn: formErrors(response) }).toEqual({
      status: 400,
      faultsOn: [expect.stringContaining('email: Enter an email address')],
    });
  });

  it('sends at most three emails an hour to one mailbox, whatever follows the plus, and does not reveal it', async () => {
    for (const tag of ['', '+a', '+b', '+c', '.', '+d']) {
      const email = tag === '.' ? 'f.lood@flood.example' : `flood${tag}@flood.example`;
      expect((await submitForm(browserOf(), SIGN_UP, { email })).location).toBe(`${SIGN_UP}/sent`);
    }
    await counted('sign-up\u0000flood@flood.example', 6);
    const count = async () =>
      (await server.db.queryText(`select from sign_up where email like '%@flood.example'`, [])).length;
    await until(async () => (await count()) === 3);
    server.clock.advance(hours(1) + 1);
    await requestSignUpLink(server, 'flood@flood.example');
  });

  it('sends at most twenty an hour for one network', async () => {
    for (let number = 0; number < 24; number += 1)
      await submitForm(browserOf(), SIGN_UP, { email: `n${number}@network-${number}.example` });
    await counted(`sign-up-from\u0000${clientNetwork('127.0.0.1')}`, 24);
    const count = async () =>
      (await server.db.queryText(`select from sign_up where email like '%@network-%'`, [])).length;
    await until(async () => (await count()) === 20);
  });

  it('requires the CSRF token of the page', async () => {
    const browser = browserOf();
    await browser.get(SIGN_UP);
    expect((await browser.post(SIGN_UP, { email: 'csrf@x.example' })).status).toBe(403);
    expect(await listEmailsTo(server, 'csrf@x.example')).toEqual([]);
  });
});

describe('the sign-up link', () => {
  it('creates an account and its organization, signs in, and welcomes the user', async () => {
    const link = await requestSignUpLink(server, 'Ada@Acme-Health.example');
    const browser = browserOf();
    const page = await browser.get(link);
    expect({ status: page.status, cacheControl: page.headers['cache-control'] }).toEqual({
      status: 200,
      cacheControl: 'no-store',
    });
    expect(attributesOf(page, 'input', 'value')).toContain('Acme Health');
    expect(page.body).toContain('ada@acme-health.example');
    const response = await submitForm(browser, link, {
      name: ' Ada  Lovelace ',
      organisation: 'Acme',
      password: PASSWORD,
    });
    expect({ status: response.status, location: response.location }).toEqual({ status: 303, location: FIRST_APP });
    expect(await membersOf('ada@acme-health.example')).toEqual([
      { name: 'Acme', role: 'administrator', domain: 'acme-health.example' },
    ]);
    expect(await findAccountByUsername(server.db, 'ada@acme-health.example')).toMatchObject({
      kind: 'developer',
      displayName: 'Ada Lovelace',
      email: 'ada@acme-health.example',
    });
    expect((await api(browser).call('GET', '/session')).body.person).toMatchObject({
      kind: 'developer',
      name: 'Ada Lovelace',
    });
    const [mail] = await listEmailsTo(server, 'ada@acme-health.example');
    expect(mail?.subject).toContain('Welcome');
    expect((await listAuditEvents(server, 'account'))[0]?.detail).toMatchObject({
      action: 'add',
      as: 'developer',
      how: 'founds',
    });
  });

  it('works once: used, expired and invented links look the same', async () => {
    const { link, browser } = await signUp(server, 'once@once.example', { organisation: 'Once' });
    const old = await requestSignUpLink(server, 'old@old.example');
    server.clock.advance(hours(24) + 1);
    const pages = await Promise.all([link, old, `${SIGN_UP}/${'x'.repeat(43)}`].map((path) => browserOf().get(path)));
    for (const page of pages)
      expect({ status: page.status, title: titleOf(page) }).toEqual({
        status: 404,
        title: 'This link no longer works',
      });
    expect(new Set(pages.map(({ body }) => body)).size).toBe(1);
    // The session of that browser has ended too.
    expect((await browser.get(link)).status).toBe(404);
  });

  it('lets the person who used it in this browser go on to the portal', async () => {
    const { link, browser } = await signUp(server, 'again@again.example', { organisation: 'Again' });
    expect((await browser.get(link)).location).toBe('/developer');
  });

  it('admits one of two concurrent uses', async () => {
    const link = await requestSignUpLink(server, 'race@race.example');
    const shown = await submitAtOnce([link, link, link, link], 'Race');
    expect(shown.filter(({ location }) => location === FIRST_APP)).toHaveLength(1);
    expect(shown.filter(({ status }) => status === 404)).toHaveLength(3);
    expect(await membersOf('race@race.example')).toHaveLength(1);
  });

  it('creates one account, even from two links for the same address', async () => {
    const links = [
      await requestSignUpLink(server, 'two@two.example'),
      await requestSignUpLink(server, 'two@two.example'),
    ];
    const shown = await submitAtOnce(links, 'Two');
    expect(shown.map(({ location, status }) => location ?? status).sort()).toEqual([FIRST_APP, 404].sort());
    for (const link of links) expect((await browserOf().get(link)).status).toBe(404);
  });

  it('is not consumed by viewing, and requires the CSRF token of the page', async () => {
    const link = await requestSignUpLink(server, 'look@look.example');
    const browser = browserOf();
    for (let time = 0; time < 3; time += 1) expect((await browser.get(link)).status).toBe(200);
    const forged = await browser.post(link, { name: 'For Ged', organisation: 'Forged', password: PASSWORD });
    expect(forged.status).toBe(403);
    expect(await findDeveloperProfileByEmail(server.db, 'look@look.example')).toBeUndefined();
  });

  it('creates an account only for its own address, whatever the form contains', async () => {
    const link = await requestSignUpLink(server, 'mine@mine.example');
    await submitForm(browserOf(), link, {
      name: 'Mi Ne',
      organisation: 'Mine',
      password: PASSWORD,
      username: 'victim@mine.example',
      email: 'victim@mine.example',
    });
    expect(await findDeveloperProfileByEmail(server.db, 'mine@mine.example')).toBeDefined();
    expect(await findDeveloperProfileByEmail(server.db, 'victim@mine.example')).toBeUndefined();
  });

  it('explains the error of each field, and retains the input', async () => {
    const link = await requestSignUpLink(server, 'faults@faults.example');
    const response = await submitForm(browserOf(), link, { name: '', organisation: '‮evil', password: 'short' });
    expect(formErrors(response).map((error) => error.split(':')[0])).toEqual(['name', 'organisation', 'password']);
    const own = await submitForm(browserOf(), link, {
      name: 'F A',
      organisation: 'F',
      password: 'faults@faults.example',
    });
    expect(formErrors(own)).toHaveLength(1);
  });

  it('displays names as text, and lets no line break into an email', async () => {
    const link = await requestSignUpLink(server, 'html@html.example');
    const browser = browserOf();
    const name = '<img src=x onerror=alert(1)>';
    const again = await submitForm(browser, link, { name, organisation: '<b>B</b>', password: 'short' });
    expect(codeIn(again)).toEqual([]);
    expect(hasElement(again, 'img[src=x]')).toBe(false);
    expect(textsOf(again, 'b')).not.toContain('B');
    const broken = { name: 'Eve\r\nBcc: all@x.example', organisation: 'E\nvil', password: PASSWORD };
    expect((await submitForm(browser, link, broken)).location).toBe(FIRST_APP);
    expect(await membersOf('html@html.example')).toMatchObject([{ name: 'E vil' }]);
    expect((await findDeveloperProfileByEmail(server.db, 'html@html.example'))?.displayName).toBe(
      'Eve Bcc: all@x.example',
    );
  });

  it('can create a passkey instead of a password', async () => {
    const link = await requestSignUpLink(server, 'key@key.example');
    const browser = browserOf();
    const fields = { name: 'K Ey', organisation: 'Key' };
    const page = await submitForm(browser, link, { ...fields, password: '', with: 'passkey' });
    expect({ status: page.status, title: titleOf(page) }).toEqual({ status: 200, title: 'Create a passkey' });
    const options = optionsOn(page);
    expect(options.user.name).toBe('key@key.example');
    const key = new SoftAuthenticator();
    const wrong = await browser.post(link, { ...hiddenFields(page.body), passkey: '{"id":"x"}' });
    expect(wrong.status).toBe(400);
    const fresh = hiddenFields(wrong.body);
    const nextOptions = optionsOn(wrong);
    const response = await browser.post(link, { ...fresh, passkey: key.create(nextOptions) });
    expect(response.location).toBe(FIRST_APP);
    expect(await findDeveloperProfileByEmail(server.db, 'key@key.example')).toMatchObject({ hasPassword: false });
    expect((await organisationsOf(browser)).account.secondFactor).toBe(true);
  });
});

describe('the organization of a new account', () => {
  it('is asked for access by the next user of its domain or a subdomain', async () => {
    await signUp(server, 'first@dept.maker.example', { organisation: 'Maker' });
    const { browser, response } = await signUp(server, 'second+apps@MAKER.example');
    expect(response.location).toBe('/developer');
    const own = await organisationsOf(browser);
    expect(own.organisations).toEqual([]);
    expect(own.requests).toMatchObject([{ organisationName: 'Maker', declinedAt: null }]);
    const [request] = await listEmailsTo(server, 'first@dept.maker.example');
    expect(request?.subject).toBe('Someone asks to join Maker');
    expect(request?.content).toContain('second+apps@maker.example');
    expect((await listEmailsTo(server, 'second+apps@maker.example'))[0]?.subject).toContain(
      'we asked Maker to approve you',
    );
  });

  it('is created once by two concurrent first users of a domain, and one asks the other', async () => {
    const links = await Promise.all(
      ['one@tie.example', 'other@tie.example'].map((email) => requestSignUpLink(server, email)),
    );
    const shown = await submitAtOnce(links, 'Tie');
    expect(shown.map(({ location }) => location).sort()).toEqual(['/developer', FIRST_APP]);
    expect(await server.db.queryText(`select from organisation where domain = 'tie.example'`, [])).toHaveLength(1);
    const asks = await server.db.queryText(
      `select from join_request j join organisation o using (organisation_id) where o.domain = 'tie.example'`,
      [],
    );
    expect(asks).toHaveLength(1);
  });

  it.each([
    ['me@gmail.com', null],
    ['me@GoogleMail.com', null],
    ['me@yahoo.co.uk', null],
    ['me@hotmail.es', null],
    ['x@privaterelay.appleid.com', null],
    ['me@co.uk', null],
    ['me@github.io', null],
    ['me@localhost', null],
    ['me@127.0.0.1', null],
    ['me@pages.github.io', 'pages.github.io'],
    ['evil@gmail.com.example', 'com.example'],
    ['me@a.b.acme.co.uk', 'acme.co.uk'],
    ['me@xn--gmal-5va.com', 'xn--gmal-5va.com'],
  ])('%s has the domain %s', async (email, domain) => {
    await signUp(server, email, { organisation: 'Whose' });
    expect(await membersOf(email.toLowerCase())).toEqual([{ name: 'Whose', role: 'administrator', domain }]);
  });

  it('is not shared by two users of a public email provider', async () => {
    await signUp(server, 'one.person@outlook.com', { organisation: 'One' });
    const { browser } = await signUp(server, 'another.person@outlook.com', { organisation: 'Another' });
    const own = await organisationsOf(browser);
    expect(own).toMatchObject({ organisations: [{ name: 'Another' }], requests: [], mayAsk: null });
  });
});

describe('a patient or staff member can have a second account with the same address', () => {
  it('and signs in to either with it, and can switch to either', async () => {
    const email = 'both@both.example';
    const patient = await addPatientWithEmail(server, { email });
    const { response } = await signUp(server, email, { organisation: 'Both' });
    expect(response.location).toBe(FIRST_APP);
    expect((await findProfileByEmail(server.db, email))?.accountId).toBe(patient.accountId);
    const signedIn = await browserOf().signIn('/sign-in', { username: email, password: PASSWORD });
    expect(signedIn.location).toBe('/developer');
    const asPatient = await browserOf().signIn('/sign-in', { username: email, password: patient.password });
    expect(asPatient.location).toBe('/account');
    const before = (await listEmailsTo(server, email)).length;
    await submitForm(browserOf(), '/forgot', { email });
    await until(async () => (await listEmailsTo(server, email)).length === before + 2);
    const names = (await listEmailsTo(server, email))
      .slice(0, 2)
      .map(({ content }) => /username: (\S+)/.exec(content ?? '')?.[1]);
    expect(names.sort()).toEqual([email, patient.username].sort());
  });

  it('even if the address is the username of another account', async () => {
    const email = 'named@named.example';
    const patient = await addPatientWithEmail(server, {});
    await server.db.queryText('update account set username = $2, email = $2 where account_id = $1', [
      patient.accountId,
      email,
    ]);
    const { response } = await signUp(server, email, { organisation: 'Named' });
    expect(response.location).toBe(FIRST_APP);
    expect(await findDeveloperProfileByEmail(server.db, email)).toMatchObject({
      username: expect.stringMatching(/^developer-/),
    });
    expect((await browserOf().signIn('/sign-in', { username: email, password: PASSWORD })).location).toBe('/developer');
  });

  it('a patient may use the address of a developer, and another developer may not', async () => {
    const email = 'later@later.example';
    await signUp(server, email, { organisation: 'Later' });
    const patient = await addPatientWithEmail(server, {});
    const browser = await signInWithPassword(server, patient);
    await submitForm(browser, '/account/security/email', { email });
    const [mail] = await listEmailsTo(server, email);
    expect(mail?.subject).toBe('Confirm your email address');
    expect((await submitForm(browser, emailLink(mail, server))).status).toBe(200);
    expect((await findProfileByEmail(server.db, email))?.accountId).toBe(patient.accountId);
    expect((await findDeveloperProfileByEmail(server.db, email))?.username).toBe(email);
    const { browser: developer } = await signUp(server, 'first-address@later.example');
    await submitForm(developer, '/account/security/email', { email });
    expect((await listEmailsTo(server, email))[0]?.subject).toBe('This address already belongs to an account');
  });

  it('an address that isn’t a valid username can be used to sign in', async () => {
    const { response } = await signUp(server, "o'brien@brien.example", { organisation: 'Brien' });
    expect(response.location).toBe(FIRST_APP);
    const signedIn = await browserOf().signIn('/sign-in', { username: "O'Brien@brien.example", password: PASSWORD });
    expect(signedIn.location).toBe('/developer');
  });
});

describe('a developer’s account', () => {
  it('has security pages that lead to the portal, and no pages of a patient or a practice', async () => {
    const { browser } = await signUp(server, 'pages@pages.example', { organisation: 'Pages' });
    const security = await browser.get('/account/security');
    expect({ status: security.status, hasLink: linksOf(security).includes('/developer') }).toEqual({
      status: 200,
      hasLink: true,
    });
    const account = await browser.get('/account');
    expect(account.status).toBe(403);
    expect(account.body).toContain(
      'This page is for patients and their representatives. You are signed in as Dev Eloper',
    );
    expect((await browser.get('/practice')).status).toBe(403);
    const { browser: staff } = await signInStaff(server, ['front-desk']);
    expect((await api(staff).call('GET', '/developer/organisations')).status).toBe(403);
  });

  it('can be closed, and its address used again', async () => {
    const { browser } = await signUp(server, 'close@close.example', { organisation: 'Close' });
    const page = await browser.get('/account/security/close');
    expect(page.body).toContain('You leave your organization');
    expect(page.body).not.toContain('practice');
    expect((await submitForm(browser, '/account/security/close', { sure: 'yes' })).location).toBe('/account-closed');
    expect((await listEmailsTo(server, 'close@close.example'))[0]?.content).not.toContain('practice');
    const { browser: anew } = await signUp(server, 'close@close.example', { organisation: 'Anew' });
    expect(await organisationsOf(anew)).toMatchObject({ organisations: [{ name: 'Anew', domain: 'close.example' }] });
  });

  it('cannot be closed while it is the last administrator of an organization with other members', async () => {
    const { browser } = await signUp(server, 'boss@strand.example', { organisation: 'Strand' });
    const { browser: second } = await signUp(server, 'second@strand.example');
    const [{ organisationId }] = (await organisationsOf(browser)).organisations;
    const { accountId } = (await api(second).call('GET', '/session')).body.person;
    const path = `/developer/organisations/${organisationId}/join-requests/${accountId}/accept`;
    expect((await api(browser).call('POST', path, { role: 'developer' })).status).toBe(204);
    const response = await submitForm(browser, '/account/security/close', { sure: 'yes' });
    expect(formErrors(response)).toEqual([expect.stringContaining('You are the only administrator of Strand')]);
    expect((await organisationsOf(browser)).organisations).toHaveLength(1);
    expect((await submitForm(second, '/account/security/close', { sure: 'yes' })).location).toBe('/account-closed');
    expect((await submitForm(browser, '/account/security/close', { sure: 'yes' })).location).toBe('/account-closed');
  });

  it('has no record for an app: the page says so, and leads to sign-in and back to the app’s request', async () => {
    const { browser } = await signUp(server, 'app@no-record.example', { organisation: 'No record' });
    const [client] = await server.db.queryText<{ client_id: string; redirect_uris: string[] }>(
      `select client_id, redirect_uris from app where name like '%demo%' or name like '%Demo%' limit 1`,
      [],
    );
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: client?.client_id ?? '',
      redirect_uri: client?.redirect_uris[0] ?? '',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
    const response = await browser.get(`/nge/prod/patient-oauth/authorize?${query}`);
    expect({ status: response.status, title: titleOf(response) }).toEqual({
      status: 403,
      title: 'This account has no health record',
    });
    const path = attributeOf(response, 'a.button', 'href') ?? '';
    expect(path).toMatch(/^\/sign-in\?return_to=/);
    const back = await browser.signIn(path);
    expect(back.location).toMatch(/^\/nge\/prod\/patient-oauth\/authorize\?/);
    expect((await browser.get(back.location ?? '')).status).toBe(200);
  });
});

it('unused sign-up links are deleted', async () => {
  await requestSignUpLink(server, 'sweep@sweep.example');
  server.clock.advance(hours(49));
  await server.purgeExpired();
  expect(await server.db.queryText(`select from sign_up where email = 'sweep@sweep.example'`, [])).toEqual([]);
});
