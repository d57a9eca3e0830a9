import { createDecipheriv, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import {
  findInSecretTables,
  findInTables,
  findPrivateKeys,
  formsOf,
  partsOf,
  readSecretTables,
} from '../support/database/stolen-database.ts';
import {
  addAuthenticatorApp,
  addPatientWithEmail,
  authenticatorCode,
  authenticatorKey,
  listEmailsTo,
  SECURITY,
  signInWithPassword,
} from '../support/people/account-security.ts';
import type { LivePerson } from '../support/people/live-patient.ts';
import { connectApp, OAUTH, PatientBrowser } from '../support/people/patient.ts';
import { listAuditEvents, submitForm } from '../support/people/practice-portal.ts';
import { until } from '../support/runs/until.ts';
import { runCli } from '../support/servers/command-line.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const CODE = '/sign-in/second-factor';
const EMAIL = 'forgot@example.com';

let server: TestServer;
/** Another process of the same installation. */
let other: Awaited<ReturnType<typeof createApp>>['app'];
let app: TestApp;
let folder: string;
let keyFile: string;

interface PersonWithApp extends LivePerson {
  readonly key: string;
}

async function addPersonWithApp(): Promise<PersonWithApp> {
  const person = await addPatientWithEmail(server);
  const { key } = await addAuthenticatorApp(server, await signInWithPassword(server, person));
  return { ...person, key };
}

/** Signs a person in with password and code. @returns the status of the response to the code */
async function signIn(person: LivePerson, code: string, at = server.app): Promise<number> {
  const browser = new PatientBrowser(at);
  await browser.signIn('/sign-in', person);
  return (await submitForm(browser, CODE, { code })).status;
}

const codeOf = ({ key }: PersonWithApp): string => authenticatorCode(key, server);
const openOther = () => createApp(server.config, server.db, { clock: server.clock, logTo: { write() {} } });

async function command(...words: readonly string[]) {
  const env = { DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY_FILE: keyFile };
  const { code, out, err } = await runCli([...words, '--json'], env);
  return { code, err, answer: out === '' ? undefined : JSON.parse(out) };
}

const encryptionFindings = async () =>
  ((await command('doctor')).answer as { about: string }[]).filter(({ about }) => about === 'encryption');

const keySet = async () => (await server.app.inject(`${OAUTH}/.well-known/jwks.json`)).json();

/** Signs an id_token with each of the keys. @returns the number of tokens that an app accepts */
async function forgeTokens(keys: readonly KeyObject[]): Promise<number> {
  const published = await keySet();
  let accepted = 0;
  for (const key of keys)
    for (const { kid, alg } of published.keys) {
      const type = alg === 'RS256' ? 'rsa' : 'ec';
      if (key.asymmetricKeyType !== type) continue;
      const token = await new SignJWT({ sub: 'attacker' }).setProtectedHeader({ alg, kid }).sign(key);
      accepted += await jwtVerify(token, createLocalJWKSet(published)).then(
        () => 1,
        () => 0,
      );
    }
  return accepted;
}

/** Tries each 20 bytes of a dump as the key of a person's authenticator app. */
function findAuthenticatorKeys(values: readonly (Buffer | string)[], { key }: PersonWithApp): number {
  const shown = new TOTP({ secret: Secret.fromBase32(key.replaceAll(' ', '')) });
  const moments = [0, 30_000, 60_000];
  return partsOf(values, 20).filter((bytes) => {
    const tried = new TOTP({ secret: new Secret({ buffer: new Uint8Array(bytes).buffer }) });
    return moments.every((timestamp) => tried.generate({ timestamp }) === shown.generate({ timestamp }));
  }).length;
}

/** Decrypts what AES-256-GCM has encrypted as nonce, tag and text. Returns undefined for a wrong key. */
function unseal(key: Buffer, sealed: Buffer, context: string): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** Tries keys as the data key of the signing keys. @returns the number of signing keys that one of them decrypts */
async function decryptSigningKeys(keys: readonly Buffer[]): Promise<number> {
  const stored = await server.db.queryText<{ kid: string; bytes: Buffer }>(
    'select kid, encrypted_key as bytes from signing_key',
    [],
  );
  return stored.filter(({ kid, bytes }) => {
    const context = `${bytes.toString('hex', 0, 5)} signing_key.encrypted_key ${kid}`;
    return keys.some((key) => unseal(key, bytes.subarray(5), context) !== undefined);
  }).length;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'patient-access-key-'));
  keyFile = path.join(folder, 'encryption-key');
  server = await startServer({ ENCRYPTION_KEY_FILE: keyFile });
  ({ app: other } = await openOther());
  app = await addApp(server, { scope: 'openid patient/*.rs' });
});
afterAll(async () => {
  await other.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

// The tests follow one installation: an earlier release has stored its secrets in clear.
describe('someone who has all tables of the database', { shuffle: false }, () => {
  let person: PersonWithApp;
  let settingUp: { readonly person: LivePerson; readonly browser: PatientBrowser; readonly key: string };
  let link: string;
  let secrets: readonly string[];

  beforeAll(async () => {
    person = await addPersonWithApp();
    const newcomer = await addPatientWithEmail(server);
    const browser = await signInWithPassword(server, newcomer);
    const key = authenticatorKey(await browser.get(`${SECURITY}/authenticator-app`));
    settingUp = { person: newcomer, browser, key };
    await addPatientWithEmail(server, { email: EMAIL });
    await submitForm(new PatientBrowser(server.app), '/forgot', { email: EMAIL });
    await until(async () => (await listEmailsTo(server, EMAIL)).length > 0);
    link = /https?:\S+/.exec((await listEmailsTo(server, EMAIL))[0]?.content ?? '')?.[0] ?? '';
    const keys = await server.db.queryText<{ jwk: Record<string, string> }>(
      'select private_jwk as jwk from signing_key',
      [],
    );
    const members = keys.flatMap(({ jwk }) => ['d', 'p', 'q', 'dp', 'dq', 'qi'].flatMap((name) => jwk[name] ?? []));
    const authenticators = [person.key, key].map((text) => Secret.fromBase32(text.replaceAll(' ', '')));
    secrets = [
      ...members.flatMap((member) => formsOf(Buffer.from(member, 'base64url'))),
      ...authenticators.flatMap((secret) => [...formsOf(Buffer.from(secret.bytes)), secret.base32]),
      new URL(link).pathname.split('/').at(-1) ?? '',
    ];
  });

  it('can sign tokens, compute codes and follow links as long as nothing is encrypted', async () => {
    expect(await findInSecretTables(server.db, secrets)).toEqual(['mail', 'signing_key', 'totp']);
    const values = await readSecretTables(server.db);
    expect(await forgeTokens(findPrivateKeys(values))).toBe(2);
    expect(findAuthenticatorKeys(values, person)).toBe(1);
    expect(await encryptionFindings()).toMatchObject([
      {
        state: 'look',
        says: expect.stringContaining('aren’t encrypted'),
        fix: expect.stringContaining('rotate-encryption'),
      },
    ]);
  });

  it('can do none of that after keys rotate-encryption, which the running servers don’t notice', async () => {
    const before = await connectApp(server.app, app, { scope: 'openid' });
    expect((await command('keys', 'create-encryption', keyFile)).code).toBe(0);
    const { code, answer } = await command('keys', 'rotate-encryption');
    expect({ code, answer }).toMatchObject({ code: 0, answer: { encrypted: { signing_key: 2, totp: 2 } } });
    expect(answer.encrypted.mail).toBeGreaterThan(0);

    const keyBytes = Buffer.from(readFileSync(keyFile, 'utf8').trim().split('\n').at(-1) ?? '', 'base64');
    expect(keyBytes).toHaveLength(32);
    expect(await findInTables(server.db, [...secrets, ...formsOf(keyBytes)])).toEqual([]);
    const values = await readSecretTables(server.db);
    expect(findPrivateKeys(values)).toEqual([]);
    expect(findAuthenticatorKeys(values, person)).toBe(0);
    const dataKeys = await server.db.queryText<{ wrapped: Buffer; by: string }>(
      'select wrapped, wrapped_by as by from data_key',
      [],
    );
    const wrapped = dataKeys.map((one) => one.wrapped);
    expect(await decryptSigningKeys(partsOf(wrapped, 32))).toBe(0);
    // With the key file, it is possible: the attempts above only lack that.
    const unwrapped = dataKeys.flatMap((one) => unseal(keyBytes, one.wrapped, `data key wrapped by ${one.by}`) ?? []);
    expect(await decryptSigningKeys(unwrapped)).toBe(2);

    server.clock.advance(1001);
    const token = await connectApp(server.app, app, { scope: 'openid' });
    expect(decodeProtectedHeader(token.id_token ?? '').kid).toBe(decodeProtectedHeader(before.id_token ?? '').kid);
    const checks = { currentDate: server.clock.now() };
    await expect(jwtVerify(token.id_token ?? '', createLocalJWKSet(await keySet()), checks)).resolves.toBeTruthy();
    expect(await signIn(person, codeOf(person))).toBe(303);
    server.clock.advance(30_000);
    expect(await signIn(person, codeOf(person), other)).toBe(303);
    expect((await server.app.inject('/outbox')).body).toContain(new URL(link).pathname);
    expect(await encryptionFindings()).toMatchObject([{ state: 'fine' }]);
    expect(await listAuditEvents(server, 'key')).toContainEqual(
      expect.objectContaining({ detail: expect.objectContaining({ action: 'rotate-encryption' }) }),
    );
  });

  it('sees new secrets only in their encrypted form', async () => {
    const newcomer = await addPersonWithApp();
    expect(await signIn(newcomer, codeOf(newcomer))).toBe(303);
    await command('keys', 'rotate', '--leaked');
    server.clock.advance(1001);
    const { id_token = '' } = await connectApp(server.app, app, { scope: 'openid' });
    const checks = { currentDate: server.clock.now() };
    await expect(jwtVerify(id_token, createLocalJWKSet(await keySet()), checks)).resolves.toBeTruthy();
    const unencrypted = await server.db.queryText<{ count: number }>(
      `select (select count(*) from signing_key where private_jwk is not null)
         + (select count(*) from totp where coalesce(secret, pending) is not null)
         + (select count(*) from mail where coalesce(content, button_url) is not null) as count`,
      [],
    );
    expect(unencrypted).toEqual([{ count: 0 }]);
  });

  it('can’t give an account the authenticator app of another one', async () => {
    const attacker = await addPersonWithApp();
    await server.db.queryText(
      `update totp set encrypted_secret = (select encrypted_secret from totp where account_id = $2) where account_id = $1`,
      [person.accountId, attacker.accountId],
    );
    expect(await signIn(person, codeOf(attacker))).toBe(500);
    await server.db.queryText('delete from totp where account_id = $1', [person.accountId]);
  });

  it('a person goes on to set up the authenticator app that they began before', async () => {
    const { browser, key } = settingUp;
    const page = `${SECURITY}/authenticator-app`;
    expect(authenticatorKey(await browser.get(page))).toBe(key);
    const { status } = await submitForm(browser, page, { code: authenticatorCode(key, server) });
    expect(status).toBe(303);
  });
});

describe('a new encryption key', { shuffle: false }, () => {
  let people: readonly PersonWithApp[];
  beforeAll(async () => {
    const added: PersonWithApp[] = [];
    for (let count = 0; count < 4; count += 1) added.push(await addPersonWithApp());
    people = added;
  });

  it('replaces the old one while servers sign tokens and check codes, and nothing fails', async () => {
    for (let round = 0; round < 3; round += 1) {
      server.clock.advance(60_000);
      if (round === 1) await command('keys', 'create-encryption', keyFile, '--add');
      const rotating = command('keys', 'rotate-encryption');
      const statuses = await Promise.all(
        people.map((person, index) => signIn(person, codeOf(person), index % 2 === 0 ? server.app : other)),
      );
      const { id_token } = await connectApp(server.app, app, { scope: 'openid' });
      expect({ statuses, signed: id_token !== undefined, code: (await rotating).code }).toEqual({
        statuses: people.map(() => 303),
        signed: true,
        code: 0,
      });
    }
    expect(await encryptionFindings()).toMatchObject([{ state: 'fine' }]);
  });

  it('makes the old one unnecessary: a server starts without it', async () => {
    const lines = readFileSync(keyFile, 'utf8').trim().split('\n');
    const [older, newest] = [lines.at(-2) ?? '', lines.at(-1) ?? ''];
    writeFileSync(keyFile, `${newest}\n`);
    const { app: restarted } = await openOther();
    server.clock.advance(30_000);
    const [person] = people;
    expect(person && (await signIn(person, codeOf(person), restarted))).toBe(303);
    await restarted.close();

    writeFileSync(keyFile, `${older}\n`);
    await expect(openOther()).rejects.toThrow(/is encrypted with the key [0-9a-f]{16}, which isn't in the file/);
    expect(await encryptionFindings()).toMatchObject([{ state: 'broken', says: expect.stringContaining(keyFile) }]);
    writeFileSync(keyFile, `${newest}\n`);
  });

  it('can be added only to a file of keys, which only its user can read', async () => {
    if (process.platform !== 'win32') expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    const again = await command('keys', 'create-encryption', keyFile);
    expect({ code: again.code, err: again.err }).toEqual({ code: 1, err: expect.stringContaining('--add') });
    const text = path.join(folder, 'text');
    writeFileSync(text, 'not a key\n');
    const added = await command('keys', 'create-encryption', text, '--add');
    expect({ code: added.code, err: added.err }).toEqual({ code: 1, err: expect.stringContaining('Line 1') });
    expect(readFileSync(text, 'utf8')).toBe('not a key\n');
  });
});
