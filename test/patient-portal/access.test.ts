import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countAccessLogEntries, findGrantUsage, listAccessLog, listReaderApps } from '../../src/audit/index.ts';
import {
  countProjectedEntries,
  countRecordEntries,
  listDirectoryReferences,
  listRecordDocumentIds,
  listRecordEntries,
  readRecordDocument,
  streamRecord,
} from '../../src/fhir/index.ts';
import { endRepresentation } from '../../src/identity/index.ts';
import type { AccountId, GrantId, RecordId } from '../../src/kernel/index.ts';
import { findConnectionRow, listConnectionRows } from '../../src/patient-portal/connections/store.ts';
import { listReceipts } from '../../src/patient-portal/receipts/store.ts';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { hiddenFields } from '../support/browser/html.ts';
import { findRecordId, type LivePerson } from '../support/people/live-patient.ts';
import { connectApp, getFhir, PatientBrowser, R4 } from '../support/people/patient.ts';
import { addStaffMember } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { addPatientWithRecord, addRepresentativeOf, signInBrowser, subject } from './patients.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
let owner: LivePerson;
let grantId: string;
let receiptId: string;
let documentId: string;
let paths: readonly string[];

const note = {
  resourceType: 'DocumentReference',
  id: 'note-1',
  status: 'current',
  subject,
  content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('secret note').toString('base64') } }],
};

beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
  owner = await addPatientWithRecord(server, [note]);
  await connectApp(server.app, app, {}, {}, owner);
  grantId = await one('select grant_id as found from consent_grant where account_id = $1', [owner.accountId]);
  receiptId = await one('select receipt_id as found from receipt where grant_id = $1', [grantId]);
  documentId = await one('select id as found from document where record_id = $1', [await findRecordId(server, owner)]);
  paths = pathsOf(owner.key);
});
afterAll(() => server.close());

async function one(text: string, parameters: readonly unknown[]): Promise<string> {
  const [row] = await server.db.queryText<{ found: string }>(text, parameters);
  if (row === undefined) throw new Error(`nothing: ${text}`);
  return row.found;
}

/** Returns all paths of the account pages below a record. */
const pathsOf = (key: string, ids = { grantId, receiptId, documentId }): readonly string[] =>
  [
    '',
    '/apps',
    `/apps/${ids.grantId}`,
    `/apps/${ids.grantId}/disconnect`,
    `/apps/${ids.grantId}/ended`,
    '/log',
    '/log/csv',
    '/log/fhir',
    '/record',
    ...['about', 'problems', 'medicines', 'allergies', 'vaccinations', 'visits'].map((name) => `/record/${name}`),
    ...['measurements', 'results', 'other', 'documents', 'people'].map((name) => `/record/${name}`),
    `/record/documents/${ids.documentId}`,
    '/downloads',
    '/downloads/r4',
    '/downloads/dstu2',
    '/downloads/summary-pdf',
    '/downloads/html',
    '/downloads/results-csv',
    '/summary',
    '/receipts',
    `/receipts/${ids.receiptId}`,
    `/receipts/${ids.receiptId}/text`,
  ].map((path) => `/account/${key}${path}`);

const statuses = async (browser: PatientBrowser, visited: readonly string[]) =>
  Promise.all(visited.map(async (path) => [path, (await browser.get(path)).status] as const));
const all = (visited: readonly string[], status: number) => visited.map((path) => [path, status]);

describe('every page of the account', () => {
  it('opens for the patient, and is never cached', async () => {
    const browser = await signInBrowser(server, owner);
    for (const path of paths) {
      const { status, headers } = await browser.get(path);
      expect(status, path).toEqual(path.endsWith('/ended') ? 303 : 200);
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  it('leads to sign-in and back without a session', async () => {
    const browser = new PatientBrowser(server.app);
    for (const path of ['/account', ...paths]) {
      const { status, location } = await browser.get(path);
      expect({ status, location }).toEqual({
        status: 303,
        location: `/sign-in?${new URLSearchParams({ return_to: path })}`,
      });
    }
    const sent = await browser.post(`/account/${owner.key}/apps/${grantId}/disconnect`, {});
    expect(sent.status).toBe(403);
  });

  it('is denied to staff, even of the same practice', async () => {
    const browser = await signInBrowser(server, await addStaffMember(server));
    expect(await statuses(browser, ['/account', ...paths])).toEqual(all(['/account', ...paths], 403));
  });

  it('is not found for another patient, as if the record did not exist', async () => {
    const other = await addPatientWithRecord(server);
    const browser = await signInBrowser(server, other);
    expect(await statuses(browser, paths)).toEqual(all(paths, 404));
    const unknownPaths = pathsOf(`2-${randomUUID()}`);
    expect(await statuses(browser, unknownPaths)).toEqual(all(unknownPaths, 404));
    const body = async (path: string) =>
      (await browser.get(path)).body.replaceAll(/(\d-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '');
    expect(await body(`/account/${owner.key}`)).toBe(await body(`/account/2-${randomUUID()}`));
    const csrf = hiddenFields((await browser.get(`/account/${other.key}`)).body);
    const sent = await browser.post(`/account/${owner.key}/apps/${grantId}/disconnect`, csrf);
    expect(sent.status).toBe(404);
  });

  it('is not found with ids of another patient’s connections, receipts or documents under one’s own record', async () => {
    const other = await addPatientWithRecord(server, [{ ...note, id: 'note-2' }]);
    await connectApp(server.app, app, {}, {}, other);
    const browser = await signInBrowser(server, other);
    const foreign = pathsOf(other.key).filter((path) =>
      [grantId, receiptId, documentId].some((id) => path.includes(id)),
    );
    expect(foreign).toHaveLength(6);
    expect(await statuses(browser, foreign)).toEqual(all(foreign, 404));
    const own = await one('select grant_id as found from consent_grant where account_id = $1', [other.accountId]);
    const form = hiddenFields((await browser.get(`/account/${other.key}/apps/${own}/disconnect`)).body);
    expect((await browser.post(`/account/${other.key}/apps/${grantId}/disconnect`, form)).status).toBe(404);
    expect(
      await one('select grant_id as found from consent_grant where grant_id = $1 and revoked_at is null', [grantId]),
    ).toBe(grantId);
    expect((await browser.get(`/account/${other.key}/receipts?app=${grantId}`)).body).not.toContain('/receipts/');
  });

  it('is not found with an invalid id, without a server error', async () => {
    const browser = await signInBrowser(server, owner);
    const base = `/account/${owner.key}`;
    const odd = ['x', "'", '%00', '..%2f..', `${randomUUID()}x`, '1'.repeat(250), '%F0%9F%92%A9'];
    for (const id of odd) {
      for (const path of [
        `/apps/${id}`,
        `/apps/${id}/ended`,
        `/record/documents/${id}`,
        `/record/${id}`,
        `/receipts/${id}`,
      ]) {
        expect((await browser.get(`${base}${path}`)).status, path).toBe(404);
      }
      expect((await browser.get(`/account/${id}`)).status, id).toBe(404);
    }
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
      expect((await browser.get(`${base}/record/${name}`)).status).toBe(404);
    const foreignPaths = [
      'infinity/x',
      '9999-99-99 99:99:99+00',
      '2026-02-31 10:00:00+00',
      '0001-01-01 00:00:00+00 BC',
      '-infinity',
    ];
    for (const foreignPath of foreignPaths) {
      const before = new URLSearchParams({ before: `${foreignPath}/${randomUUID()}` });
      expect((await browser.get(`${base}/record/medicines?${before}`)).status, foreignPath).toBe(200);
    }
    expect((await browser.get(`${base}/record/medicines?before=1&before=2`)).status).toBe(200);
  });

  it('is closed to a representative as soon as the representation ends', async () => {
    const representative = await addRepresentativeOf(server, owner);
    const browser = await signInBrowser(server, representative);
    expect((await browser.get(`/account/${owner.key}/record/documents/${documentId}`)).status).toBe(200);
    const { accountId } = representative;
    await endRepresentation(server.db, server.clock, {
      accountId,
      recordId: await findRecordId(server, owner),
      reason: '',
    });
    expect(await statuses(browser, paths)).toEqual(all(paths, 404));
    expect((await browser.get('/account')).body).toContain('Your account has no records');
  });

  it('does not show a representative the patient’s connections or receipts', async () => {
    const representative = await addRepresentativeOf(server, owner);
    const browser = await signInBrowser(server, representative);
    const foreign = paths.filter((path) => [grantId, receiptId].some((id) => path.includes(id)));
    expect(await statuses(browser, foreign)).toEqual(all(foreign, 404));
    expect((await browser.get(`/account/${owner.key}/apps`)).body).toContain('No app is connected');
  });

  it('is not found for a record that was merged or erased', async () => {
    const erased = await addPatientWithRecord(server);
    const browser = await signInBrowser(server, erased);
    await server.db.queryText("update record set state = 'erased' where record_id = $1", [
      await findRecordId(server, erased),
    ]);
    expect(await statuses(browser, pathsOf(erased.key))).toEqual(all(pathsOf(erased.key), 404));
  });

  it('closes when the session has ended', async () => {
    const person = await addPatientWithRecord(server);
    const browser = await signInBrowser(server, person);
    await server.db.queryText('delete from session where account_id = $1', [person.accountId]);
    expect((await browser.get(`/account/${person.key}/record`)).status).toBe(303);
  });
});

async function lengthOf(entries: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of entries) count += 1;
  return count;
}

describe('each query', () => {
  it('checks by itself whether the account may open the record, and otherwise returns nothing', async () => {
    const recordId = await findRecordId(server, owner);
    const { accountId } = await addPatientWithRecord(server);
    const { db } = server;
    const looks = async (whose: { accountId: AccountId; recordId: RecordId }) => {
      const filter = { zone: 'UTC' };
      const seen = { accountRecord: whose, browser: undefined };
      const references = await listDirectoryReferences(db, whose);
      return {
        reads:
          (await listAccessLog(db, whose, filter, { after: undefined, limit: 9 })).entries.length +
          ((await countAccessLogEntries(db, whose, filter)) ?? 0),
        readers: (await listReaderApps(db, whose, undefined)).apps.length,
        usage: (await findGrantUsage(db, whose, [grantId as GrantId], undefined)).size,
        counts: (await countRecordEntries(db, whose)).size + (await countProjectedEntries(db, whose, 'dstu2')),
        entries: (await listRecordEntries(db, whose, 'DocumentReference', { limit: 9 })).length + references.length,
        whole: await lengthOf(streamRecord(db, whose)).catch(() => 0),
        converted: await lengthOf(streamRecord(db, whose, 'dstu2')).catch(() => 0),
        documents: (await listRecordDocumentIds(db, whose)).length,
        document: (await readRecordDocument(db, whose, documentId)) === undefined ? 0 : 1,
        grants: (await listConnectionRows(db, seen)).length,
        grant: (await findConnectionRow(db, seen, grantId)) === undefined ? 0 : 1,
        receipts: (await listReceipts(db, seen, { grantId: undefined, page: 1 })).receipts.length,
      };
    };
    const read = await connectApp(server.app, app, {}, {}, owner);
    await getFhir(server.app, `${R4}/Patient`, read.access_token);
    const own = await looks({ accountId: owner.accountId, recordId });
    expect(Object.entries(own).filter(([, count]) => count === 0)).toEqual([]);
    const foreign = await looks({ accountId, recordId });
    expect(Object.entries(foreign).filter(([, count]) => count !== 0)).toEqual([]);
  });
});

describe('/account', () => {
  it('redirects to the only record, and otherwise asks which', async () => {
    const person = await addPatientWithRecord(server);
    const browser = await signInBrowser(server, person);
    expect((await browser.get('/account')).location).toBe(`/account/${person.key}`);
    const other = await addPatientWithRecord(server, [], { text: 'Second Record' });
    await server.db.queryText(
      "insert into representation (account_id, record_id, relationship) values ($1, $2, 'self')",
      [person.accountId, await findRecordId(server, other)],
    );
    const page = await browser.get('/account');
    expect({
      status: page.status,
      hasLink: page.body.includes(`/account/${person.key}`),
      hasName: page.body.includes('Second Record'),
    }).toEqual({ status: 200, hasLink: true, hasName: true });
  });

  it('SMART App Launch 2.2 §7.2: is the management_endpoint of discovery', async () => {
    const answer = await server.app.inject('/nge/prod/fhir-api-r4/fhir/r4/.well-known/smart-configuration');
    expect(answer.json().management_endpoint).toBe(`${server.config.publicUrl}/account`);
  });
});
