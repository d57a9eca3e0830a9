import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPasskeys, findSession, lockAccount, unlockAccount } from '../../src/identity/index.ts';
import { systemRandom as random } from '../../src/kernel/index.ts';
import { attributeOf, attributesOf, hasElement, hiddenFields } from '../support/browser/html.ts';
import { addPatientWithEmail, SECURITY, signInWithPassword } from '../support/people/account-security.ts';
import { type Deviation, SoftAuthenticator } from '../support/people/authenticator.ts';
import type { LivePerson } from '../support/people/live-patient.ts';
import { type BrowserResponse, PatientBrowser } from '../support/people/patient.ts';
import { formErrors, listAuditEvents, submitForm } from '../support/people/practice-portal.ts';
import { addPasskey } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const ADD = `${SECURITY}/passkeys/add`;
const sessionIn = (browser: PatientBrowser) => findSession(server.db, server.clock, browser.cookie('session'));
const passkeysOf = ({ accountId }: Pick<LivePerson, 'accountId'>) =>
  server.db.queryText<{ counter: number; used_at: Date | null }>('select * from passkey where account_id = $1', [
    accountId,
  ]);

/** Returns the passkey options in a page. */
const optionsOn = (response: BrowserResponse) =>
  JSON.parse(attributeOf(response, '[data-options]', 'data-options') ?? '');

interface WithKey extends Omit<LivePerson, 'key'> {
  readonly key: SoftAuthenticator;
}

async function withPasskey(): Promise<WithKey> {
  const person = await addPatientWithEmail(server);
  return { ...person, key: await addPasskey(server, person.accountId) };
}

/** Opens the sign-in page and returns its options for a passkey, with the fields of its form. */
async function signInOptions(browser = new PatientBrowser(server.app)) {
  const fields = hiddenFields((await browser.get('/sign-in')).body);
  const options = JSON.parse((await browser.post('/sign-in/options', { csrf: fields['csrf'] ?? '' })).body);
  return { browser, fields, options };
}

async function signInWith(
  key: SoftAuthenticator,
  deviation: Deviation = {},
): Promise<BrowserResponse & { signedIn: boolean }> {
  const { browser, fields, options } = await signInOptions();
  const response = await browser.post('/sign-in/passkey', { ...fields, passkey: key.get(options, deviation) });
  return { ...response, signedIn: (await sessionIn(browser)) !== undefined };
}

describe('registering a passkey (WebAuthn L3 §7.1)', () => {
  it('requests a discoverable credential with user verification', async () => {
    const browser = await signInWithPassword(server, await addPatientWithEmail(server));
    const options = optionsOn(await browser.get(ADD));
    expect(options).toMatchObject({
      rp: { id: 'localhost', name: 'Patient Access' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      pubKeyCredParams: [{ alg: -8 }, { alg: -7 }, { alg: -257 }],
    });
    expect(Buffer.from(options.user.id, 'base64url')).toHaveLength(32);
  });

  it('stores it under the account, and it can sign in', async () => {
    const person = await addPatientWithEmail(server);
    const browser = await signInWithPassword(server, person);
    const key = new SoftAuthenticator();
    const page = await browser.get(ADD);
    const registered = await browser.post(ADD, { ...hiddenFields(page.body), passkey: key.create(optionsOn(page)) });
    expect({ status: registered.status, leadsToSecurity: registered.location?.startsWith(SECURITY) }).toEqual({
      status: 303,
      leadsToSecurity: true,
    });
    expect((await signInWith(key)).signedIn).toBe(true);
  });

  const wrong: readonly (readonly [string, Deviation])[] = [
    ['another origin', { origin: 'https://evil.example' }],
    ['a sibling origin', { origin: 'http://localhost:8081' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['a response of the wrong type', { type: 'webauthn.get' }],
    ['its person not there (§7.1, step 15)', { flags: 0x44 }],
    ['its person not verified (§7.1, step 16)', { flags: 0x41 }],
    ['a challenge that was never issued', { challenge: randomBytes(32).toString('base64url') }],
    ['a credential id that is too long (§7.1, step 25)', { credentialId: randomBytes(1024) }],
  ];
  it.each(wrong)('rejects %s, and stores nothing', async (_name, deviation) => {
    const person = await addPatientWithEmail(server);
    const browser = await signInWithPassword(server, person);
    const page = await browser.get(ADD);
    const passkey = new SoftAuthenticator().create(optionsOn(page), deviation);
    const rejected = await browser.post(ADD, { ...hiddenFields(page.body), passkey });
    expect({ status: rejected.status, passkeys: await passkeysOf(person) }).toEqual({ status: 400, passkeys: [] });
    expect(formErrors(rejected)).toEqual(['main: That passkey wasn’t accepted. Try again, or sign in another way.']);
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"response":{}}',
    '{"response":{"clientDataJSON":"AA"}}',
    `"${'x'.repeat(30_000)}"`,
  ])('rejects a malformed response: %.40s', async (passkey) => {
    const browser = await signInWithPassword(server, await addPatientWithEmail(server));
    const page = await browser.get(ADD);
    expect((await browser.post(ADD, { ...hiddenFields(page.body), passkey })).status).toBe(400);
  });

  it('§13.4.3: accepts each challenge once, even in ten concurrent requests', async () => {
    const person = await addPatientWithEmail(server);
    const browser = await signInWithPassword(server, person);
    const page = await browser.get(ADD);
    const answers = Array.from({ length: 10 }, () => new SoftAuthenticator().create(optionsOn(page)));
    await Promise.all(answers.map((passkey) => browser.post(ADD, { ...hiddenFields(page.body), passkey })));
    expect(await passkeysOf(person)).toHaveLength(1);
  });

  it('accepts a challenge for ten minutes', async () => {
    const person = await addPatientWithEmail(server);
    const passkeys = createPasskeys({ ...server, random, publicUrl: 'http://localhost:8080', brandName: 'Test' });
    const options = await passkeys.additionalRegistrationOptions(person.accountId, { username: 'a', displayName: 'A' });
    server.clock.advance(10 * 60_000 + 1000);
    const answer = new SoftAuthenticator().create(options as never);
    await expect(passkeys.verifyRegistration(answer, person.accountId)).rejects.toMatchObject({
      code: 'access_denied',
    });
  });

  it('accepts no challenge that was created for another person', async () => {
    const [one, other] = [await addPatientWithEmail(server), await addPatientWithEmail(server)];
    const [mine, theirs] = [await signInWithPassword(server, one), await signInWithPassword(server, other)];
    const page = await theirs.get(ADD);
    const passkey = new SoftAuthenticator().create(optionsOn(page));
    const fields = hiddenFields((await mine.get(ADD)).body);
    expect((await mine.post(ADD, { ...fields, passkey })).status).toBe(400);
    expect({ one: await passkeysOf(one), other: await passkeysOf(other) }).toEqual({ one: [], other: [] });
  });

  it('§7.1, step 26: rejects a credential that another account has', async () => {
    const [one, other] = [await withPasskey(), await addPatientWithEmail(server)];
    const browser = await signInWithPassword(server, other);
    const page = await browser.get(ADD);
    const { credentialId } = one.key;
    const passkey = new SoftAuthenticator().create(optionsOn(page), { credentialId });
    expect((await browser.post(ADD, { ...hiddenFields(page.body), passkey })).status).toBe(400);
    expect((await signInWith(one.key)).signedIn).toBe(true);
  });

  it('for a new account requires no sign-in, and happens in the transaction that creates the account', async () => {
    const passkeys = createPasskeys({ ...server, random, publicUrl: 'http://localhost:8080', brandName: 'Test' });
    const key = new SoftAuthenticator();
    const options = await passkeys.registrationOptions({
      handle: randomBytes(32),
      username: 'new',
      displayName: 'New',
    });
    const registered = await passkeys.verifyRegistration(key.create(options as never));
    const person = await addPatientWithEmail(server);
    expect(await server.db.transaction((tx) => passkeys.savePasskey(tx, person.accountId, registered, 'Phone'))).toBe(
      true,
    );
    expect((await signInWith(key)).signedIn).toBe(true);
  });
});

describe('signing in with a passkey (WebAuthn L3 §7.2)', () => {
  it('requires no username or other factor, and leads to the requested page', async () => {
    const { key, accountId } = await withPasskey();
    const browser = new PatientBrowser(server.app);
    const done = await browser.usePasskey('/sign-in?return_to=%2Fdemo', key, '/sign-in');
    expect({ status: done.status, location: done.location }).toEqual({ status: 303, location: '/demo' });
    expect(await sessionIn(browser)).toMatchObject({ accountId });
    expect((await listAuditEvents(server, 'sign-in'))[0]).toMatchObject({
      outcome: 'success',
      detail: { by: 'passkey' },
    });
  });

  it('can be the second factor after a password', async () => {
    const person = await withPasskey();
    const browser = new PatientBrowser(server.app);
    const half = await browser.signIn('/sign-in', { username: person.username, password: person.password });
    expect(half.location).toBe('/sign-in/second-factor?return_to=%2F');
    const response = await browser.usePasskey(half.location ?? '', person.key, '/sign-in/second-factor');
    expect({ status: response.status, location: response.location }).toEqual({ status: 303, location: '/account' });
  });

  it('as the second factor must use a passkey of this account', async () => {
    const [one, other] = [await withPasskey(), await withPasskey()];
    const browser = new PatientBrowser(server.app);
    const half = await browser.signIn('/sign-in', { username: one.username, password: one.password });
    const response = await browser.usePasskey(half.location ?? '', other.key, '/sign-in/second-factor');
    expect({ status: response.status, sessionIn: await sessionIn(browser) }).toEqual({
      status: 400,
      sessionIn: undefined,
    });
  });

  const wrong: readonly (readonly [string, Deviation])[] = [
    ['another origin', { origin: 'https://evil.example' }],
    ['a sibling origin', { origin: 'http://localhost:8081' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['a response of the wrong type', { type: 'webauthn.create' }],
    ['a response without user presence', { flags: 0x04 }],
    ['a response without user verification', { flags: 0x01 }],
    ['a challenge that was never issued', { challenge: randomBytes(32).toString('base64url') }],
    ['a counter that did not increase (step 22)', { counter: 1 }],
    ['an unknown user handle (step 6)', { userHandle: randomBytes(32).toString('base64url') }],
    ['no user handle without a username (step 6)', { userHandle: undefined }],
    ['an unknown credential', { credentialId: randomBytes(32) }],
  ];
  it.each(wrong)('rejects %s, with the same message', async (_name, deviation) => {
    const { key } = await withPasskey();
    const shown = await signInWith(key, deviation);
    expect({ status: shown.status, signedIn: shown.signedIn }).toEqual({ status: 401, signedIn: false });
    expect(formErrors(shown)).toEqual(['main: That passkey wasn’t accepted. Try again, or sign in another way.']);
    expect((await listAuditEvents(server, 'sign-in'))[0]?.outcome).toBe('failure');
    expect((await signInWith(key)).signedIn).toBe(true);
  });

  it('rejects a signature of another key', async () => {
    const { key } = await withPasskey();
    const thief = new SoftAuthenticator();
    const { browser, fields, options } = await signInOptions();
    const userHandle = JSON.parse(key.get(options)).response.userHandle;
    const passkey = thief.get(options, { credentialId: key.credentialId, userHandle, counter: 99 });
    expect((await browser.post('/sign-in/passkey', { ...fields, passkey })).status).toBe(401);
  });

  it('§7.2, step 22: rejects a counter that goes back, as a cloned authenticator’s, and the real one still works', async () => {
    const { key } = await withPasskey();
    expect((await signInWith(key, { counter: 10 })).signedIn).toBe(true);
    expect((await signInWith(key, { counter: 10 })).signedIn).toBe(false);
    expect((await signInWith(key, { counter: 9 })).signedIn).toBe(false);
    expect((await signInWith(key, { counter: 11 })).signedIn).toBe(true);
  });

  it('§6.1.1: accepts an authenticator without a counter, which stays at zero', async () => {
    const person = await addPatientWithEmail(server);
    const passkeys = createPasskeys({ ...server, random, publicUrl: 'http://localhost:8080', brandName: 'Test' });
    const key = new SoftAuthenticator();
    const options = await passkeys.additionalRegistrationOptions(person.accountId, { username: 'a', displayName: 'A' });
    const registered = await passkeys.verifyRegistration(
      key.create(options as never, { counter: 0 }),
      person.accountId,
    );
    await passkeys.savePasskey(server.db, person.accountId, registered, 'Phone');
    expect((await signInWith(key, { counter: 0 })).signedIn).toBe(true);
    expect((await signInWith(key, { counter: 0 })).signedIn).toBe(true);
  });

  it('accepts a response once: a replay fails, in the same browser or another', async () => {
    const { key } = await withPasskey();
    const { browser, fields, options } = await signInOptions();
    const passkey = key.get(options);
    expect((await browser.post('/sign-in/passkey', { ...fields, passkey })).status).toBe(303);
    const thief = await signInOptions();
    expect((await thief.browser.post('/sign-in/passkey', { ...thief.fields, passkey })).status).toBe(401);
    const csrf = hiddenFields((await browser.get('/sign-in')).body)['csrf'] ?? '';
    expect((await browser.post('/sign-in/passkey', { csrf, return_to: '/', passkey })).status).toBe(401);
  });

  it('accepts one of ten concurrent requests with one response', async () => {
    const { key } = await withPasskey();
    const { browser, fields, options } = await signInOptions();
    const passkey = key.get(options);
    const shown = await Promise.all(
      Array.from({ length: 10 }, () => browser.post('/sign-in/passkey', { ...fields, passkey })),
    );
    expect(shown.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it('accepts no challenge of a registration', async () => {
    const person = await withPasskey();
    const browser = new PatientBrowser(server.app);
    await browser.usePasskey('/sign-in', person.key, '/sign-in');
    const options = optionsOn(await browser.get(ADD));
    const { browser: other, fields } = await signInOptions();
    const passkey = person.key.get({ ...options, rpId: 'localhost' });
    expect((await other.post('/sign-in/passkey', { ...fields, passkey })).status).toBe(401);
  });

  it('of a locked account says so, to the owner of the passkey', async () => {
    const person = await withPasskey();
    await server.db.transaction((tx) => lockAccount(tx, server.clock, person.username, 'lost'));
    const shown = await signInWith(person.key);
    expect({ status: shown.status, faultsOn: formErrors(shown) }).toEqual({
      status: 403,
      faultsOn: ['main: This account is locked. Ask your practice to unlock it.'],
    });
    await server.db.transaction((tx) => unlockAccount(tx, person.username));
    expect((await signInWith(person.key)).signedIn).toBe(true);
  });

  it('requires the CSRF token for the form and for the challenge', async () => {
    const { key } = await withPasskey();
    const { browser, options } = await signInOptions();
    const response = await browser.post('/sign-in/passkey', {
      csrf: 'guess',
      return_to: '/',
      passkey: key.get(options),
    });
    expect({ status: response.status, sessionIn: await sessionIn(browser) }).toEqual({
      status: 403,
      sessionIn: undefined,
    });
    expect((await browser.post('/sign-in/options', { csrf: 'guess' })).status).toBe(403);
  });

  it('challenges are limited for each network, and expired ones are purged', async () => {
    const open = await startServer();
    const { browser, fields } = await signInOptions(new PatientBrowser(open.app));
    const ask = () => browser.post('/sign-in/options', { csrf: fields['csrf'] ?? '' });
    const statuses = new Set<number>();
    for (let i = 0; i < 301; i += 1) statuses.add((await ask()).status);
    expect([...statuses]).toEqual([200, 429]);
    open.clock.advance(11 * 60_000);
    await open.purgeExpired();
    expect(await open.db.queryText('select from passkey_challenge', [])).toEqual([]);
    await open.close();
  });
});

describe('passkey scripts', () => {
  it('are of our own origin, and the passkey forms are hidden until they run', async () => {
    const page = await server.app.inject('/sign-in');
    expect(hasElement(page, 'form[data-passkey=use][hidden]')).toBe(true);
    const scripts = attributesOf(page, 'script', 'src');
    expect(scripts).not.toEqual([]);
    for (const path of scripts) {
      const script = await server.app.inject(path);
      expect({ status: script.statusCode, contentType: script.headers['content-type'] }, path).toEqual({
        status: 200,
        contentType: 'text/javascript; charset=utf-8',
      });
    }
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(hasElement(page, 'script:not([src])')).toBe(false);
  });
});

describe('removing a passkey', () => {
  it('ends it, and works only for this account', async () => {
    const [one, other] = [await withPasskey(), await withPasskey()];
    const browser = new PatientBrowser(server.app);
    await browser.usePasskey('/sign-in', one.key, '/sign-in');
    const id = (key: SoftAuthenticator) => key.credentialId.toString('base64url');
    const foreign = await browser.get(`${SECURITY}/passkeys/remove?id=${id(other.key)}`);
    expect(foreign.status).toBe(404);
    const { csrf = '' } = hiddenFields((await browser.get(SECURITY)).body);
    expect((await browser.post(`${SECURITY}/passkeys/remove`, { csrf, id: id(other.key) })).status).toBe(404);
    const page = `${SECURITY}/passkeys/remove?id=${id(one.key)}`;
    const done = await submitForm(browser, page, {}, `${SECURITY}/passkeys/remove`);
    expect(done.location).toBe(`${SECURITY}?done=passkey-removed`);
    expect({ removed: (await signInWith(one.key)).signedIn, kept: (await signInWith(other.key)).signedIn }).toEqual({
      removed: false,
      kept: true,
    });
  });

  it('is rejected for the last sign-in method, even in two concurrent requests', async () => {
    const person = await addPatientWithEmail(server);
    const keys = [await addPasskey(server, person.accountId), await addPasskey(server, person.accountId)];
    await server.db.queryText('update account set password_hash = null where account_id = $1', [person.accountId]);
    const browser = new PatientBrowser(server.app);
    await browser.usePasskey('/sign-in', keys[0] as SoftAuthenticator, '/sign-in');
    const { csrf = '' } = hiddenFields((await browser.get(SECURITY)).body);
    const remove = ({ credentialId }: SoftAuthenticator) =>
      browser.post(`${SECURITY}/passkeys/remove`, { csrf, id: credentialId.toString('base64url') });
    const shown = await Promise.all(keys.map(remove));
    expect(shown.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(shown.find(({ status }) => status === 200)?.body).toContain(
      'This is the only way to sign in to your account',
    );
    expect(await passkeysOf(person)).toHaveLength(1);
  });
});
