import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addGroup, changeGroupMembers, projections } from '../../src/fhir/index.ts';
import { importFiles, textInput } from '../../src/intake/index.ts';
import { type PracticeId, systemRandom as random, sha256 } from '../../src/kernel/index.ts';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { createSigningKeys, type SigningKeys } from '../support/apps/signing-keys.ts';
import { findInTables } from '../support/database/stolen-database.ts';
import { addAuthenticatorApp, signInWithPassword } from '../support/people/account-security.ts';
import { approveRequest, signInReviewer } from '../support/people/developer-portal.ts';
import { addLivePatient, findRecordId, type LivePerson } from '../support/people/live-patient.ts';
import { connectApp, getFhir, OAUTH, R4 } from '../support/people/patient.ts';
import { LIVE_PRACTICE } from '../support/people/practice-portal.ts';
import { runCli } from '../support/servers/command-line.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const FAMILY = 'Quillfeather';
const GIVEN = 'Zyxwora';
const NAME = `${GIVEN} ${FAMILY}`;
const MRN = 'QZ-778-41';
const SOURCE_ID = 'src-qz77841';
const EMAIL = 'zq77@quill.example';
const AUNT = 'aunt@kontrolle.example';
const USERNAME = 'grandma-of-quill';
const PATIENT = {
  resourceType: 'Patient',
  id: SOURCE_ID,
  identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'https://clinic.example/mrn', value: MRN }],
  name: [{ family: FAMILY, given: [GIVEN] }],
  gender: 'female',
  birthDate: '1961-02-03',
  telecom: [{ system: 'email', value: EMAIL }],
};
const subject = { reference: `Patient/${SOURCE_ID}`, display: NAME };
const observation = (value: number) => ({
  resourceType: 'Observation',
  id: 'obs-qz77841',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '2345-7' }], text: `Glucose of ${FAMILY}` },
  subject,
  effectiveDateTime: '2026-05-04',
  valueQuantity: { value, unit: 'mg/dL', system: 'http://unitsofmeasure.org', code: 'mg/dL' },
});
const LETTER = {
  resourceType: 'DocumentReference',
  id: 'doc-qz77841',
  status: 'current',
  type: { text: 'Letter' },
  subject,
  content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(`Dear ${NAME}`).toString('base64') } }],
};
const ndjson = (...resources: readonly object[]) =>
  textInput('qz', resources.map((one) => JSON.stringify(one)).join('\n'));

/** The archive of the audit log, and the encryption key. */
const folder = mkdtempSync(path.join(tmpdir(), 'erasure-'));
const archive = path.join(folder, 'audit');
const settings = { ENCRYPTION_KEY_FILE: path.join(folder, 'key'), AUDIT_ARCHIVE_DIR: archive };

let server: TestServer;
let person: LivePerson;
let control: LivePerson;
let app: TestApp & { readonly client_secret: string };
let token: string;
let backend: { readonly clientId: string; readonly keys: SigningKeys };
let ada: Awaited<ReturnType<typeof signInReviewer>>;
let bob: Awaited<ReturnType<typeof signInReviewer>>;
let recordId: number;
let duplicateId: string;

async function command(...words: readonly string[]) {
  const { code, out, err } = await runCli([...words, '--json'], {
    DATABASE_URL: server.databaseUrl,
    ...settings,
  });
  return { code, err, answer: out === '' ? undefined : JSON.parse(out) };
}
const sql = (text: string, parameters: readonly unknown[] = []) =>
  server.db.queryText<Record<string, unknown>>(text, parameters as unknown[]);
const countRows = async (table: string, condition: string, value: unknown) =>
  (await sql(`select 1 from ${table} where ${condition}`, [value])).length;

/** Gets a token of the backend app (SMART Backend Services). */
async function backendToken(): Promise<string> {
  const { privateJwk } = backend.keys;
  const audience = `http://localhost:8080${OAUTH}/token`;
  const assertion = await new SignJWT({ jti: random.uuid() })
    .setProtectedHeader({ alg: 'ES384', kid: privateJwk.kid as string, typ: 'JWT' })
    .setIssuer(backend.clientId)
    .setSubject(backend.clientId)
    .setAudience(audience)
    .setExpirationTime('4m')
    .sign(await importJWK(privateJwk, 'ES384'));
  const { body } = await server.app.inject({
    method: 'POST',
    url: `${OAUTH}/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'system/*.cruds',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }).toString(),
  });
  return JSON.parse(body).access_token;
}

beforeAll(async () => {
  server = await startServer(settings);
  [ada, bob] = [await signInReviewer(server, 'Ada Min'), await signInReviewer(server, 'Bob Min')];
  for (const { accountId } of [ada, bob])
    await sql('update account set email = $2 where account_id = $1', [accountId, `${accountId}@clinic.example`]);
  control = await addLivePatient(server, [
    ndjson({
      resourceType: 'Patient',
      id: 'control',
      name: [{ family: 'Kontrolle', given: ['Kay'] }],
      gender: 'other',
    }),
  ]);
  person = await addLivePatient(server, [ndjson(PATIENT, observation(90), LETTER)]);
  recordId = await findRecordId(server, person);
  // A second version, and a duplicate that was merged into the record.
  const duplicate = await addLivePatient(server, [
    ndjson({ ...PATIENT, id: 'dup-qz77841', identifier: [], birthDate: PATIENT.birthDate }),
  ]);
  duplicateId = duplicate.patientId;
  const importing = {
    practiceId: LIVE_PRACTICE as PracticeId,
    source: 'load',
    projections,
    clock: server.clock,
    random,
  };
  await importFiles(server.db, importing, [ndjson(observation(110))]);
  const merged = await command('record', 'merge', duplicateId, '--into', person.patientId);
  expect(merged.answer).toMatchObject({ changed: true });
  // An account with an address and an authenticator app, an app with a consent, and a representative.
  await sql('update account set email = $2 where account_id = $1', [person.accountId, EMAIL]);
  await addAuthenticatorApp(server, await signInWithPassword(server, person));
  await sql('delete from totp where account_id = $1', [person.accountId]);
  app = await addApp(server, {});
  ({ access_token: token } = await connectApp(server.app, app, {}, { offline: 'yes' }, person));
  const added = await command(
    ...['representations', 'add', person.patientId, '--username', USERNAME],
    ...['--name', `Gran ${FAMILY}`, '--relationship', 'MTH'],
  );
  expect(added).toMatchObject({ code: 0 });
  // A person who also represents someone else, with an email about each.
  for (const { patientId } of [person, control]) {
    const names = ['--username', 'aunt', '--name', 'Aunt Kay', '--relationship', 'MTH'];
    expect(await command('representations', 'add', patientId, ...names)).toMatchObject({ code: 0 });
  }
  await sql("update account set email = $1 where username = 'aunt'", [AUNT]);
  for (const name of [NAME, 'Kay Kontrolle'])
    await sql(
      `insert into mail (mail_id, recipient, sender_name, subject, content, outbox, created_at, next_at)
       values ($1, $2, 'Clinic', 'Your access', $3, true, now(), now())`,
      [random.uuid(), AUNT, `You can open the record of ${name}.`],
    );
  // Invitations, one of them from a file.
  await sql(
    `insert into invitation (invitation_id, kind, practice_id, record_id, name, email, hash, created_at, expires_at)
     values ($1, 'patient', $2, $3, $4, $5, '\\x01', now(), now())`,
    [random.uuid(), LIVE_PRACTICE, recordId, NAME, EMAIL],
  );
  const bulkId = random.uuid();
  await sql('insert into bulk_invitation values ($1, $2, $3, null, now(), now())', [
    bulkId,
    LIVE_PRACTICE,
    random.uuid(),
  ]);
  await sql('insert into bulk_invitation_row (bulk_id, line, given, outcome) values ($1, 1, $2, $3)', [
    bulkId,
    JSON.stringify({ id: MRN, birthDate: PATIENT.birthDate, email: EMAIL }),
    'refused',
  ]);
  // A group, an export, and an entry of a feed that waits.
  const groupId = random.uuid();
  const practiceId = LIVE_PRACTICE as PracticeId;
  await addGroup(server.db, server.clock.now(), { groupId, practiceId, name: 'Diabetes', everyone: false });
  await changeGroupMembers(server.db, server.clock.now(), groupId, 'add', [person.patientId, control.patientId]);
  const keys = await createSigningKeys('ES384');
  const registered = await addApp(server, {
    kind: 'backend',
    auth: 'private_key_jwt',
    scope: 'system/*.cruds',
    jwks: keys.jwks,
    practiceIds: [practiceId],
  });
  backend = { clientId: registered.client_id, keys };
  const authorization = `Bearer ${await backendToken()}`;
  const started = await server.app.inject({
    url: `${R4}/Patient/$export`,
    headers: { authorization, prefer: 'respond-async', accept: 'application/fhir+json' },
  });
  expect(started.statusCode).toBe(202);
  await server.runExports();
  // One event is about all patients of the practice.
  expect((await server.app.inject({ url: `${R4}/Patient`, headers: { authorization } })).statusCode).toBe(200);
  const fed = await server.app.inject({
    method: 'POST',
    url: R4,
    headers: { authorization, 'content-type': 'application/fhir+json' },
    payload: JSON.stringify({
      resourceType: 'Bundle',
      type: 'batch',
      entry: ['control', SOURCE_ID].map((id) => ({
        resource: {
          ...observation(95),
          id: `fed-${id}`,
          code: { text: 'Sent' },
          subject: { reference: `Patient/${id}` },
        },
        request: { method: 'PUT', url: `Observation/fed-${id}` },
      })),
    }),
  });
  expect(fed.statusCode).toBe(200);
  // Emails are encrypted, so a search of the table can't find whom their text names.
  expect((await command('keys', 'create-encryption', settings.ENCRYPTION_KEY_FILE)).code).toBe(0);
  expect((await command('keys', 'rotate-encryption')).answer.encrypted.mail).toBeGreaterThan(2);
  await server.purgeExpired();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The emails in the outbox, decrypted. */
const outbox = async (): Promise<string> => (await server.app.inject('/outbox')).body;

/** Returns which of the texts a file of the folder contains. */
const findInFiles = (directory: string, texts: readonly string[]): readonly string[] => {
  const contents = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(path.join(parentPath, name)));
  return texts.filter((text) => contents.some((content) => content.includes(text)));
};

const auditRows = async () =>
  (await sql('select e::text as event from audit_event e order by at, id')).map(({ event }) => String(event));

/** All forms in which a dump can have the patient. Names are searched for without case; bytes are in hex. */
const traces = () => [
  ...[FAMILY, GIVEN, FAMILY.toLowerCase(), GIVEN.toLowerCase(), MRN, MRN.replaceAll('-', '')],
  ...[SOURCE_ID, 'qz77841', person.patientId, duplicateId, EMAIL, USERNAME, person.username],
  ...[FAMILY, GIVEN].map((text) => Buffer.from(text).toString('hex')),
];

describe('erasing a record', () => {
  it('begins with a patient who is in many tables', async () => {
    const tables = await findInTables(server.db, traces());
    expect(tables).toEqual(
      expect.arrayContaining([
        ...['account', 'bulk_invitation_row', 'demographics', 'document', 'invitation', 'mail'],
        ...['receipt', 'record', 'record_key', 'refused_entry', 'resource', 'resource_history'],
      ]),
    );
    expect(await countRows('export_chunk', 'records ? $1', String(recordId))).toBeGreaterThan(0);
    expect(await countRows('merged_resource', 'record_id = $1', recordId)).toBeGreaterThan(0);
    expect(await sql('select 1 from mail where content is not null')).toEqual([]);
    expect(await outbox()).toContain(NAME);
  });

  it('needs a reason, a live practice, and the administrator who asks for it', async () => {
    const erase = (...more: readonly string[]) => command('record', 'erase', person.patientId, ...more);
    expect((await erase('--requested-by', 'x')).err).toContain('--reason');
    expect((await erase('--reason', 'Request')).err).toContain('--requested-by');
    expect((await erase('--reason', 'Request', '--requested-by', 'nobody')).err).toContain('active administrator');
    const [sandbox] = await sql(
      `select patient_id from record r join practice p using (practice_id) where p.kind = 'sandbox' limit 1`,
    );
    const madeUp = ['record', 'erase', String(sandbox?.['patient_id']), '--reason', 'Request'];
    const [name] = await sql('select username from account where account_id = $1', [ada.accountId]);
    expect((await command(...madeUp, '--requested-by', String(name?.['username']))).err).toContain('made up');
  });

  it('waits for a second administrator, then removes every trace, and says so in a certificate', async () => {
    const [name] = await sql('select username from account where account_id = $1', [ada.accountId]);
    const requestedBy = String(name?.['username']);
    const asked = await command(
      ...['record', 'erase', person.patientId, '--reason', 'Request of May 4', '--requested-by', requestedBy],
    );
    expect(asked.answer).toMatchObject({ erased: false, approval: expect.any(String) });
    expect(await countRows('resource', 'record_id = $1', recordId)).toBeGreaterThan(0);
    const request = { approvalId: asked.answer.approval as string };
    expect((await approveRequest(ada, request)).status).toBe(409);
    const before = await countRows('resource', 'record_id <> $1', recordId);
    const log = await auditRows();

    expect(await approveRequest(bob, request)).toMatchObject({ status: 200, body: { outcome: 'approved' } });

    expect(await findInTables(server.db, traces())).toEqual([]);
    // The audit log, which is sealed, keeps its events as they are.
    expect((await auditRows()).slice(0, log.length)).toEqual(log);
    for (const form of [`,${recordId},`, `""${recordId}"": `])
      expect(log.some((event) => event.includes(form))).toBe(true);
    expect(await countRows('export_chunk', 'records ? $1', String(recordId))).toBe(0);
    expect(await countRows('resource', 'record_id <> $1', recordId)).toBe(before);
    expect(await countRows('refused_entry', 'content like $1', '%Patient/control%')).toBe(1);
    expect((await getFhir(server.app, `${R4}/Patient/${person.patientId}`, token)).statusCode).toBe(401);

    expect(
      await countRows('representation', 'account_id = (select account_id from account where username = $1)', 'aunt'),
    ).toBe(1);
    expect(await countRows('mail', 'recipient = $1', AUNT)).toBe(1);
    for (const { accountId } of [ada, bob])
      expect(
        await countRows(
          'mail',
          "recipient = $1 and subject like '%rase the patient record%'",
          `${accountId}@clinic.example`,
        ),
      ).toBeGreaterThanOrEqual(2);
    const emails = await outbox();
    expect([FAMILY, GIVEN, MRN, EMAIL, person.patientId].filter((trace) => emails.includes(trace))).toEqual([]);
    expect(emails).toContain('Kay Kontrolle');
    // The files of the server have pseudonyms only.
    await server.purgeExpired();
    await server.keepAuditLog();
    expect(readdirSync(archive)).not.toEqual([]);
    expect(findInFiles(archive, [FAMILY, GIVEN, MRN, SOURCE_ID, EMAIL, USERNAME])).toEqual([]);

    const { answer } = await command('record', 'certificate', request.approvalId);
    expect(answer.certificate).toMatchObject({
      requestedBy: 'Ada Min',
      approvedBy: 'Bob Min',
      reason: 'Request of May 4',
      removedRows: { account: 3, consent_grant: 1, resource: expect.any(Number), refused_entry: 1 },
    });
    const download = await bob.call('GET', `/review/approvals/${request.approvalId}/certificate`);
    expect(download.body).toEqual(answer.certificate);
    const [stored] = await sql('select certificate from erasure where erasure_id = $1', [answer.erasure]);
    expect(sha256(String(stored?.['certificate'])).toString('hex')).toBe(answer.digest);
    const events = await sql("select account_id, detail from audit_event where kind = 'record' and record_id = $1", [
      recordId,
    ]);
    expect(events).toContainEqual({
      account_id: ada.accountId,
      detail: { action: 'erase', erasure: answer.erasure, certificate: answer.digest },
    });
  });

  it.runIf(process.env['DEEP'] === '1' && process.platform === 'linux')(
    'the files of the database have no trace either, after vacuum full',
    { timeout: 120_000 },
    async () => {
      const [place] = await sql(
        `select current_setting('data_directory') || '/base/' || oid as folder from pg_database where datname = current_database()`,
      );
      const names = [FAMILY, GIVEN, MRN];
      await sql('vacuum full');
      await sql('checkpoint');
      expect(findInFiles(String(place?.['folder']), names)).toEqual([]);
    },
  );

  it('can’t be done twice, and what the source sends again is a new record', async () => {
    const again = await command('record', 'erase', person.patientId, '--reason', 'x', '--requested-by', 'y');
    expect(again).toMatchObject({ code: 1, answer: undefined });
    const returned = await addLivePatient(server, [ndjson(PATIENT)]);
    expect(await findRecordId(server, returned)).not.toBe(recordId);
    expect((await getFhir(server.app, `${R4}/Patient/${returned.patientId}`, token)).statusCode).toBe(401);
  });
});
