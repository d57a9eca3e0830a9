import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamRecord } from '../../src/fhir/index.ts';
import { structureErrors } from '../fhir/dstu2/definitions/check-structure.ts';
import { readStructures, readValueSets } from '../fhir/dstu2/definitions/definitions.ts';
import { addApp } from '../support/apps/apps.ts';
import { textOf } from '../support/browser/html.ts';
import { deleteConversions } from '../support/database/conversions.ts';
import { SHARED_DATA } from '../support/fhir/shared-data.ts';
import { findRecordId } from '../support/people/live-patient.ts';
import { connectApp, DSTU2, getFhir, type PatientBrowser, R4, SANDBOX_PATIENT } from '../support/people/patient.ts';
import { until } from '../support/runs/until.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { addPatientWithRecord, signInBrowser, subject } from './patients.ts';

let server: TestServer;
let browser: PatientBrowser;
let base: string;
beforeAll(async () => {
  server = await startServer();
  browser = await signInBrowser(server, SANDBOX_PATIENT);
  base = (await browser.get('/account')).location ?? '';
});
afterAll(() => server.close());

interface Entry {
  readonly fullUrl: string;
  readonly resource: { readonly resourceType: string; readonly id: string; readonly [name: string]: unknown };
}
interface Bundle {
  readonly resourceType: string;
  readonly type: string;
  readonly timestamp?: string;
  readonly entry?: readonly Entry[];
}

async function download(version: 'r4' | 'dstu2', who = browser, at = base) {
  const file = await who.get(`${at}/downloads/${version}`);
  expect(file.status).toBe(200);
  return { file, bundle: JSON.parse(file.body) as Bundle, entries: (JSON.parse(file.body) as Bundle).entry ?? [] };
}

const vaccine = (number: number) => ({
  resourceType: 'Immunization',
  id: `shot-${number}`,
  status: 'completed',
  patient: subject,
  vaccineCode: { text: `Shot ${number}` },
});

async function listening(): Promise<AddressInfo> {
  if (!server.app.server.listening) await server.app.listen({ port: 0, host: '127.0.0.1' });
  return server.app.server.address() as AddressInfo;
}

/** All relative references in a resource. */
function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'reference' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  );
}

const isOfDirectory = (reference: string): boolean => /^(Practitioner|Organization|Location)\//.test(reference);

describe('the whole record as FHIR R4', () => {
  it('is a collection of all stored resources, each once, with its API URL as fullUrl', async () => {
    const { file, bundle, entries } = await download('r4');
    expect({ resourceType: bundle.resourceType, type: bundle.type }).toEqual({
      resourceType: 'Bundle',
      type: 'collection',
    });
    expect(file.headers['content-type']).toBe('application/fhir+json; charset=utf-8');
    const urls = entries.map(({ fullUrl }) => fullUrl);
    expect(new Set(urls).size).toBe(urls.length);
    for (const { fullUrl, resource } of entries)
      expect(fullUrl.endsWith(`${R4}/${resource.resourceType}/${resource.id}`)).toBe(true);
    const key = base.split('/').at(-1)?.slice(2);
    const [row] = await server.db.queryText<{ count: string }>(
      'select count(*) from resource r join record d using (record_id) where d.patient_id = $1',
      [key],
    );
    const beside = ['Practitioner', 'PractitionerRole', 'Organization', 'Location', 'Endpoint', 'Binary'];
    expect(entries.filter(({ resource }) => !beside.includes(resource.resourceType))).toHaveLength(Number(row?.count));
    expect(entries.some(({ resource }) => resource.resourceType === 'Provenance')).toBe(true);
  });

  it('is self-contained: every reference resolves within it, and documents are included', async () => {
    const { entries, file } = await download('r4');
    const known = new Set(entries.map(({ resource }) => `${resource.resourceType}/${resource.id}`));
    const missing = entries
      .flatMap(({ resource }) => referencesIn(resource))
      .filter((reference) => /^[A-Z]\w+\//.test(reference) && !known.has(reference));
    expect(missing).toEqual([]);
    expect(file.body).not.toContain('patient-access:document');
    const notes = entries.filter(({ resource }) => resource.resourceType === 'DocumentReference');
    expect(notes.length).toBeGreaterThan(0);
    const urls = new Set(entries.map(({ fullUrl }) => fullUrl));
    for (const { resource } of notes) {
      for (const { attachment } of resource['content'] as { attachment: { url: string; size: number } }[]) {
        expect(urls).toContain(attachment.url);
        const binary = entries.find(({ fullUrl }) => fullUrl === attachment.url)?.resource;
        expect(Buffer.from(String(binary?.['data']), 'base64')).toHaveLength(attachment.size);
      }
    }
  });

  it('has the same text that apps get', async () => {
    const { entries } = await download('r4');
    const app = await addApp(server);
    const token = await connectApp(server.app, app);
    for (const type of ['Observation', 'Practitioner', 'Provenance']) {
      const one = entries.find(({ resource }) => resource.resourceType === type);
      const answer = await getFhir(server.app, `${R4}/${type}/${one?.resource.id}`, token.access_token);
      expect(answer.json()).toEqual(one?.resource);
    }
    const binary = entries.find(({ resource }) => resource.resourceType === 'Binary');
    const answer = await getFhir(server.app, `${R4}/Binary/${binary?.resource.id}`, token.access_token);
    expect(answer.rawPayload.toString('base64')).toBe(binary?.resource['data']);
  });

  it('has a file name without personal data, and cannot run in a browser', async () => {
    const { file } = await download('r4');
    expect(file.headers['content-disposition']).toMatch(
      /^attachment; filename="health-record-r4-\d{4}-\d\d-\d\d\.json"$/,
    );
    expect(file.headers['content-security-policy']).toContain('sandbox');
    expect(file.headers['cache-control']).toBe('no-store');
  });

  it('of 5,500 entries is complete, well formed, and has no data of others', async () => {
    const other = await addPatientWithRecord(server, [], { text: 'Somebody Else' });
    const person = await addPatientWithRecord(server);
    await server.db.queryText(
      `insert into resource (record_id, type, id, version, last_updated, digest, content)
       select r.record_id, 'Observation', i.id, 1, now(), '\\x00'::bytea,
         json_build_object('resourceType', 'Observation', 'id', i.id, 'status', 'final', 'subject',
           json_build_object('reference', 'Patient/' || r.patient_id), 'valueString', 'of ' || r.patient_id)::text
       from record r, lateral (select gen_random_uuid() as id from generate_series(1, 5500) n where r.record_id > 0) i
       where r.patient_id = any($1::uuid[])`,
      [[person.patientId, other.patientId]],
    );
    const { file, entries } = await download('r4', await signInBrowser(server, person), `/account/${person.key}`);
    expect(entries).toHaveLength(5501);
    expect(new Set(entries.map(({ fullUrl }) => fullUrl)).size).toBe(5501);
    expect(file.body).not.toContain(other.patientId);
    expect(file.body).not.toContain('Somebody Else');
  });

  it('that is cancelled by the client leaves nothing behind', async () => {
    const { port } = await listening();
    const address = `http://127.0.0.1:${port}${base}/downloads/r4`;
    const stop = new AbortController();
    const answer = await fetch(address, {
      signal: stop.signal,
      headers: { cookie: `session=${browser.cookie('session')}` },
    });
    await answer.body?.getReader().read();
    stop.abort();
    expect((await download('r4')).entries.length).toBeGreaterThan(20);
    // The server notices the cancellation after a moment. What is left behind stays.
    await until(async () => {
      const [row] = await server.db.queryText<{ busy: number }>(
        `select count(*)::int as busy from pg_stat_activity
         where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`,
        [],
      );
      return row?.busy === 0;
    });
  });

  it('that loses its permission halfway breaks off, so that a part never looks complete', async () => {
    const person = await addPatientWithRecord(server, [vaccine(1), vaccine(2)]);
    const whose = { accountId: person.accountId, recordId: await findRecordId(server, person) };
    const rest = streamRecord(server.db, whose);
    await rest.next();
    await server.db.queryText('update representation set ended_at = now() where account_id = $1', [person.accountId]);
    const reading = async () => {
      for await (const _ of rest);
    };
    await expect(reading()).rejects.toThrow('may not open the record any more');
  });

  it('of a large record is streamed in parts, completely', async () => {
    const many = Array.from({ length: 1001 }, (_, index) => ({
      resourceType: 'Observation',
      id: `many-${index}`,
      status: 'final',
      subject,
      code: { text: `Value ${index}` },
      valueQuantity: { value: index, unit: '1' },
    }));
    const person = await addPatientWithRecord(server, many);
    const { entries } = await download('r4', await signInBrowser(server, person), `/account/${person.key}`);
    expect(entries).toHaveLength(1002);
  });
});

describe.skipIf(SHARED_DATA === undefined)('the record as FHIR DSTU2 (shared data absent: skipped)', () => {
  it('has everything that DSTU2 shows, each valid by DSTU2’s definitions', async () => {
    const { file, bundle, entries } = await download('dstu2');
    expect({ resourceType: bundle.resourceType, type: bundle.type, timestamp: bundle.timestamp }).toEqual({
      resourceType: 'Bundle',
      type: 'collection',
      timestamp: undefined,
    });
    const app = await addApp(server);
    const token = await connectApp(server.app, app);
    for (const type of ['Patient', 'AllergyIntolerance', 'Condition', 'MedicationOrder', 'Observation']) {
      const answer = await getFhir(server.app, `${DSTU2}/${type}?_count=0`, token.access_token);
      const own = entries.filter(({ resource }) => resource.resourceType === type);
      expect(own.length, type).toEqual(answer.json().total);
      for (const { fullUrl, resource } of own) expect(fullUrl.endsWith(`${DSTU2}/${type}/${resource.id}`)).toBe(true);
    }
    // The file includes the directory entries that the record refers to, and further entries that those entries refer
    // to.
    const there = new Set(entries.map(({ resource }) => `${resource.resourceType}/${resource.id}`));
    expect(there.size).toBe(entries.length);
    const named = new Set(entries.flatMap(({ resource }) => referencesIn(resource)).filter(isOfDirectory));
    expect([...named].some((reference) => reference.startsWith('Practitioner/'))).toBe(true);
    expect([...named].filter((reference) => !there.has(reference))).toEqual([]);
    // The file includes the record's documents, at the URLs in their attachments.
    expect(file.body).not.toContain('patient-access:document');
    const addresses = new Set(entries.map(({ fullUrl }) => fullUrl));
    const notes = entries.filter(({ resource }) => resource.resourceType === 'DocumentReference');
    expect(notes.length).toBeGreaterThan(0);
    for (const { resource } of notes)
      for (const { attachment } of resource['content'] as { attachment: { url: string } }[])
        expect(addresses).toContain(attachment.url);
    const [structures, expand] = [readStructures(), readValueSets()];
    expect(entries.flatMap(({ resource }) => structureErrors(resource as never, structures, expand))).toEqual([]);
  });
});

it('the record as FHIR DSTU2 is complete before an upgrade has converted it', async () => {
  const person = await addPatientWithRecord(server, [vaccine(1), vaccine(2)]);
  const who = await signInBrowser(server, person);
  const file = async () => (await download('dstu2', who, `/account/${person.key}`)).entries;
  const before = await file();
  expect(before.map(({ resource }) => resource.resourceType).toSorted()).toEqual([
    'Immunization',
    'Immunization',
    'Patient',
  ]);
  await deleteConversions(server.db, person.patientId);
  await server.db.queryText('update record set conversion_version = 0 where patient_id = $1', [person.patientId]);
  expect(await file()).toEqual(before);
});

describe('the summary', () => {
  it('has every current medication, however long ago it was prescribed', async () => {
    const medicine = (number: number, status: string) => ({
      resourceType: 'MedicationRequest',
      id: `m-${number}`,
      status,
      intent: 'order',
      subject,
      authoredOn: `${2025 - Math.floor(number / 100)}-01-${String((number % 28) + 1).padStart(2, '0')}`,
      medicationCodeableConcept: { text: status === 'active' ? 'Warfarin 5 mg' : `Old medicine ${number}` },
    });
    const many = Array.from({ length: 700 }, (_, index) => medicine(index, 'completed'));
    const person = await addPatientWithRecord(server, [...many, medicine(900, 'active')]);
    const page = await (await signInBrowser(server, person)).get(`/account/${person.key}/summary`);
    expect(textOf(page)).toContain('Warfarin 5 mg');
  });
});
