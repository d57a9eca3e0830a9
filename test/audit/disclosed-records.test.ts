import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessLogEntry, createAuditLog, findReadersBetween, listAccessLog } from '../../src/audit/index.ts';
import { projections } from '../../src/fhir/index.ts';
import { importFiles, textInput } from '../../src/intake/index.ts';
import { minutes, type PracticeId, type RecordId, systemRandom } from '../../src/kernel/index.ts';
import { findPracticeSettings } from '../../src/practices/index.ts';
import { addBackendApp, type BackendApp, callApi } from '../fhir/export/export-client.ts';
import { addPatientWithRecord, signInBrowser } from '../patient-portal/patients.ts';
import { textOf } from '../support/browser/html.ts';
import { signInReviewer } from '../support/people/developer-portal.ts';
import { findRecordId, type LivePerson } from '../support/people/live-patient.ts';
import { addAnotherPractice, LIVE_PRACTICE, signInStaff } from '../support/people/practice-portal.ts';
import { until } from '../support/runs/until.ts';
import { runCli } from '../support/servers/command-line.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
let pat: LivePerson;
let patId: RecordId;
let elsewhere: PracticeId;

const load = (practiceId: PracticeId, resources: readonly object[]) =>
  importFiles(server.db, { practiceId, source: 'load', projections, clock: server.clock, random: systemRandom }, [
    textInput('patients.ndjson', resources.map((one) => JSON.stringify(one)).join('\n')),
  ]);
const patient = (id: string) => ({ resourceType: 'Patient', id, name: [{ family: id }], gender: 'female' });
const observation = (id: string, of: string) => ({
  ...{ resourceType: 'Observation', id, status: 'final', code: { text: 'Glucose' } },
  subject: { reference: `Patient/${of}` },
});

beforeAll(async () => {
  server = await startServer();
  pat = await addPatientWithRecord(server, [
    { ...observation('one', 'the-patient') },
    { ...observation('two', 'the-patient') },
  ]);
  patId = await findRecordId(server, pat);
  const names = Array.from({ length: 49 }, (_, n) => `other-${n}`);
  await load(
    LIVE_PRACTICE,
    names.flatMap((name) => [patient(name), observation(`of-${name}`, name)]),
  );
  elsewhere = (await addAnotherPractice(server, 'Elsewhere')) as PracticeId;
  await load(elsewhere, ['east', 'west'].map(patient));
  server.clock.advance(1000);
});
afterAll(() => server.close());

interface StoredEvent {
  readonly id: string;
  readonly record_id: number | null;
  readonly type: string;
  readonly resources: number;
  readonly detail: { readonly practice?: number; readonly disclosed?: Readonly<Record<string, number>> };
}

const storedEvents = ({ client_id }: BackendApp) =>
  server.db.queryText<StoredEvent>(
    `select id, record_id, type, resources, detail from audit_event
     where client_id = $1 and kind in ('read', 'search') order by at, id`,
    [client_id],
  );

/** Reads a page with a new backend app, and returns the events that the audit log has of the app. */
async function readPage(path: string, practiceIds: readonly PracticeId[] = [LIVE_PRACTICE]) {
  const app = await addBackendApp(server, { practiceIds });
  const answer = await callApi(server, await app.token(), path);
  expect({ status: answer.statusCode, body: answer.json().resourceType }).toEqual({ status: 200, body: 'Bundle' });
  return { app, events: await storedEvents(app) };
}

const accessLog = async (app: BackendApp): Promise<readonly AccessLogEntry[]> =>
  (
    await listAccessLog(
      server.db,
      { accountId: pat.accountId, recordId: patId },
      { zone: 'UTC', app: app.client_id },
      { after: undefined, limit: 50 },
    )
  ).entries;

const cli = async (...words: readonly string[]) => {
  const ran = await runCli([...words, '--json'], { DATABASE_URL: server.databaseUrl });
  expect(ran).toMatchObject({ code: 0 });
  return JSON.parse(ran.out);
};

describe('a page about 50 patients of a practice', () => {
  let app: BackendApp;
  let events: readonly StoredEvent[];
  beforeAll(async () => {
    ({ app, events } = await readPage('/Observation?_count=60'));
  });

  it('is one event, with the number of resources of each patient', () => {
    expect(events).toMatchObject([
      { record_id: null, type: 'Observation', resources: 51, detail: { practice: LIVE_PRACTICE } },
    ]);
    const { disclosed = {} } = events[0]?.detail ?? {};
    expect(Object.keys(disclosed)).toHaveLength(50);
    expect(disclosed[patId]).toBe(2);
  });

  it('is in the access log of a patient with the patient’s own number, and says nothing about others', async () => {
    const entries = await accessLog(app);
    expect(entries).toMatchObject([{ kind: 'search', type: 'Observation', resources: 2, clientId: app.client_id }]);
    const browser = await signInBrowser(server, pat);
    const log = `/account/${pat.key}/log`;
    expect(textOf(await browser.get(`${log}?app=${app.client_id}`))).toMatch(/Test App.*measurements 2 Allowed/);
    const shown = [
      JSON.stringify(entries),
      ...(await Promise.all(['', '/fhir', '/csv'].map(async (part) => (await browser.get(`${log}${part}`)).body))),
    ].join('\n');
    const others = Object.keys(events[0]?.detail.disclosed ?? {}).filter((id) => id !== String(patId));
    expect(others.filter((id) => shown.includes(id))).toEqual([]);
  });

  it('is in the accounting of disclosures of each patient, by app and for all apps', async () => {
    const officer = await signInStaff(server, ['privacy-officer'], [LIVE_PRACTICE]);
    const { timeZone } = (await findPracticeSettings(server.db, LIVE_PRACTICE)) ?? {};
    // Canada writes dates as ISO 8601 does.
    const day = new Intl.DateTimeFormat('en-CA', { timeZone }).format(server.clock.now());
    const report = async (query: string) => {
      const { body } = await officer.browser.get(
        `/practice/${LIVE_PRACTICE}/disclosures/csv?${query}from=${day}&to=${day}`,
      );
      return body.split('\r\n').filter((line) => line.includes(app.client_id));
    };
    const ofApp = await report(`app=${app.client_id}&`);
    expect(ofApp).toHaveLength(50);
    expect(ofApp.filter((line) => line.includes(pat.patientId))).toEqual([expect.stringMatching(/\b2\b/)]);
    expect((await report('')).toSorted()).toEqual(ofApp.toSorted());
  });

  it('is one entry for administrators, who see how many patients, and not which', async () => {
    const admin = await signInReviewer(server);
    const { body } = await admin.call('GET', `/review/audit?app=${app.client_id}&kind=search`);
    expect(body.entries).toMatchObject([{ resources: 51, patients: 50, practice: 'Live practice' }]);
    expect(body.entries[0].detail).not.toHaveProperty('disclosed');
    const { body: csv } = await admin.call<string>('GET', `/review/audit.csv?app=${app.client_id}&kind=search`);
    expect(csv).toMatch(/,Observation,51,50,/);
    expect(csv).not.toContain(String(patId));
  });

  it('is found by audit search with the patient, with the patient’s own number', async () => {
    const search = ['audit', 'search', '--kind', 'search', '--client', app.client_id];
    const expected = { id: events[0]?.id, type: 'Observation', patients: null, resources: 2 };
    expect(await cli(...search, '--patient', pat.patientId)).toMatchObject([expected]);
    expect(await cli(...search)).toMatchObject([{ patients: 50, resources: 51 }]);
  });
});

it('a page about one patient is an event about the record', async () => {
  const { events } = await readPage(`/Observation?patient=${pat.patientId}`);
  expect(events).toMatchObject([{ record_id: patId, resources: 2 }]);
  expect(events[0]?.detail).not.toHaveProperty('disclosed');
});

it('a page about several practices is one event for each, which names only its own patients', async () => {
  const { events } = await readPage('/Patient?_count=100', [LIVE_PRACTICE, elsewhere]);
  const found = events.map(({ detail: { practice, disclosed = {} } }) => [practice, Object.keys(disclosed).length]);
  expect(new Map(found as [number, number][])).toEqual(
    new Map([
      [LIVE_PRACTICE, 50],
      [elsewhere, 2],
    ]),
  );
});

it('more than 1,000 patients are several events', async () => {
  const log = createAuditLog({ db: server.db, clock: server.clock, random: systemRandom });
  const records = new Map(Array.from({ length: 1001 }, (_, n) => [(patId + n) as RecordId, 1]));
  const event = { kind: 'export', outcome: 'success', requestId: 'large', records, practiceId: LIVE_PRACTICE } as const;
  await log.append(event);
  await server.db.transaction((tx) => log.appendAllInTransaction(tx, [event]));
  const stored = await server.db.queryText(
    "select resources, record_id is null as is_group from audit_event where request_id = 'large' order by resources",
    [],
  );
  const [one, many] = [
    { resources: 1, is_group: false },
    { resources: 1000, is_group: true },
  ];
  expect(stored).toEqual([one, one, many, many]);
});

it('while an earlier release uses the database, each patient has an event, which that release finds', async () => {
  const earlier = new pg.Client({ connectionString: server.databaseUrl, application_name: 'patient-access-2' });
  await earlier.connect();
  try {
    server.clock.advance(minutes(1));
    const { app, events } = await readPage('/Observation?_count=60');
    expect(events).toHaveLength(50);
    expect(events.filter(({ record_id }) => record_id === patId)).toMatchObject([{ resources: 2 }]);
    expect(await accessLog(app)).toMatchObject([{ resources: 2 }]);
  } finally {
    await earlier.end();
  }
  await until(async () => {
    server.clock.advance(minutes(1));
    return (await readPage('/Observation?_count=60')).events.length === 1;
  });
});

const AT_PRACTICE = ['--practice', 'Live practice'];

it('a page about a patient and a record that is merged later is one entry of the access log', async () => {
  const { app } = await readPage('/Patient?_count=60');
  const twin = await addPatientWithRecord(server);
  const { app: later } = await readPage('/Patient?_count=60');
  await cli('record', 'merge', twin.patientId, '--into', pat.patientId, ...AT_PRACTICE);
  expect(await accessLog(app)).toMatchObject([{ resources: 1 }]);
  expect(await accessLog(later)).toMatchObject([{ resources: 2 }]);
});

it('an app that read a page may have seen a resource that was stored in the wrong record then', async () => {
  const from = server.clock.now();
  const { app } = await readPage('/Observation?_count=100');
  const periods = [{ recordId: patId, from, to: server.clock.now() }];
  expect(await findReadersBetween(server.db, { periods, types: ['Observation'] })).toMatchObject([
    { clientId: app.client_id, reads: 1, ofTypes: 1 },
  ]);
});
