import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PracticeId } from '../../src/kernel/index.ts';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import {
  attributeOf,
  attributesOf,
  type Html,
  hasElement,
  linksOf,
  nextLink,
  tableRows,
  textOf,
  textsOf,
} from '../support/browser/html.ts';
import { SHARED_DATA } from '../support/fhir/shared-data.ts';
import { findRecordId, type LivePerson } from '../support/people/live-patient.ts';
import { connectApp, getFhir, PatientBrowser, R4, type TokenAnswer } from '../support/people/patient.ts';
import { addStaffMember } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { checkProfile } from '../us-core/check-profile.ts';
import {
  auditEventDefinition,
  patientQueryProfile,
  patientReadProfile,
  typeDefinitions,
} from './audit-event-profile.ts';
import { addPatientWithRecord, addRepresentativeOf, setTimeZone, signInBrowser, subject } from './patients.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
});
afterAll(() => server.close());

const vaccine = { resourceType: 'Immunization', id: 'shot-1', status: 'completed', patient: subject };
const read = (token: TokenAnswer, path: string) => getFhir(server.app, `${R4}/${path}`, token.access_token);

async function withReads(client = app) {
  const person = await addPatientWithRecord(server, [{ ...vaccine, vaccineCode: { text: 'Flu shot' } }]);
  const token = await connectApp(server.app, client, {}, {}, person);
  const browser = await signInBrowser(server, person);
  return { person, token, browser, base: `/account/${person.key}` };
}

/** Rows of the page: who read what, how many entries, and the result. */
const rows = (page: Html): readonly string[] => tableRows(page).map((cells) => cells.slice(1).join(' | '));

describe('the access log', () => {
  it('lists each read in words: the app, the data category, how many entries, allowed or denied', async () => {
    const { token, browser, base } = await withReads();
    await read(token, 'Immunization');
    const narrow = await connectApp(
      server.app,
      app,
      { scope: 'launch/patient patient/Patient.rs' },
      {},
      (await withReads()).person,
    );
    expect((await read(narrow, 'Condition')).statusCode).toBe(403);
    await read(token, `Patient/${token.patient}`);
    const page = await browser.get(`${base}/log`);
    expect(rows(page)).toEqual(['Test App | Personal details | 1 | Allowed', 'Test App | Vaccinations | 1 | Allowed']);
    expect(rows(await browser.get(`${base}/log`))[0]).toBe('You | This list |  | Allowed');
  });

  it('starts with the apps of the last 30 days, how often they read, and when last', async () => {
    const { person, token, browser, base } = await withReads();
    const summary = async (query = '') => textOf(await browser.get(`${base}/log${query}`), '.log-summary');
    expect(await summary()).toContain('No app read this record in the last 30 days.');
    for (const path of ['Immunization', 'Condition']) await read(token, path);
    const narrow = await connectApp(server.app, app, { scope: 'launch/patient patient/Patient.rs' }, {}, person);
    await read(narrow, 'Condition');
    const old = await addApp(server, { name: 'Long Ago' });
    const recordId = await findRecordId(server, person);
    await server.db.queryText(
      "create table if not exists audit_event_2026_03 partition of audit_event for values from ('2026-03-01') to ('2026-04-01')",
      [],
    );
    await server.db.queryText(
      `insert into audit_event (at, id, kind, outcome, record_id, client_id, type, resources)
       values ('2026-03-12Z', gen_random_uuid(), 'search', 'success', $1, $2, 'Observation', 7)`,
      [recordId, old.client_id],
    );
    const page = await browser.get(`${base}/log`);
    expect(textOf(page, '.log-summary')).toMatch(
      /^Apps in the last 30 days Test App 2 reads, last on \w+ \d+, \d{4} at /,
    );
    expect(textOf(page, '.log-summary')).not.toContain('Long Ago');
    expect(linksOf(page)).toContain(`${base}/log?app=${app.client_id}`);
    // Each app is one line of a day, with its entries inside.
    const lines = textsOf(page, '.log-group summary').map((text) => text?.replace(/, last at.*?[AP]M/, ''));
    expect(lines.filter((text) => text?.startsWith('Test App'))).toEqual(['Test App 2 reads 1 denied']);
    expect(hasElement(page, '.log-group[open]')).toBe(false);
    const searched = await browser.get(`${base}/log?app=${app.client_id}`);
    expect({
      isGroupOpen: hasElement(searched, '.log-group[open]'),
      hasSummary: hasElement(searched, '.log-summary'),
    }).toEqual({ isGroupOpen: true, hasSummary: false });
    const { browser: stranger } = await withReads();
    expect((await stranger.get(`${base}/log`)).status).toBe(404);
  });

  it('shows a denied read as denied, with no entries', async () => {
    const person = await addPatientWithRecord(server);
    const narrow = await connectApp(server.app, app, { scope: 'launch/patient patient/Patient.rs' }, {}, person);
    await read(narrow, 'Condition');
    const browser = await signInBrowser(server, person);
    expect(rows(await browser.get(`/account/${person.key}/log`))).toEqual([
      'Test App | Health problems |  | Denied: no data was shared',
    ]);
  });

  it('names people: staff in their app, representatives, and apps that work by themselves', async () => {
    const { person, browser, base } = await withReads();
    const representative = await addRepresentativeOf(server, person);
    await read(await connectApp(server.app, app, {}, {}, representative), 'Patient');
    const recordId = await findRecordId(server, person);
    const doctor = await addStaffMember(server);
    const staffApp = await addApp(server, { name: 'Chart Viewer', kind: 'staff' });
    const service = await addApp(server, {
      name: 'Nightly Export',
      kind: 'backend',
      auth: 'private_key_jwt',
      scope: 'system/*.rs',
      jwksUri: 'https://keys.example/jwks',
      practiceIds: [2 as PracticeId],
    });
    const insert = (client: string, account: string | null) =>
      server.db.queryText(
        `insert into audit_event (at, id, kind, outcome, record_id, account_id, client_id, type, resources)
         values (now(), gen_random_uuid(), 'search', 'success', $1, $2, $3, 'Observation', 7)`,
        [recordId, account, client],
      );
    await insert(staffApp.client_id, doctor.accountId);
    await insert(service.client_id, null);
    const found = rows(await browser.get(`${base}/log`));
    expect(found.toSorted()).toEqual([
      'Dr. Test in Chart Viewer | Test results and measurements | 7 | Allowed',
      'Nightly Export, running automatically for the practice | Test results and measurements | 7 | Allowed',
      'Test App, connected by A Caregiver | Personal details | 1 | Allowed',
    ]);
  });

  it('has the reader’s own actions as “You”, and a representative’s by name', async () => {
    const { person, browser, base } = await withReads();
    await browser.get(`${base}/record/vaccinations`);
    await browser.get(`${base}/downloads/r4`);
    await browser.get(`${base}/summary`);
    await browser.get(`${base}/log/csv`);
    expect(rows(await browser.get(`${base}/log`))).toEqual([
      'You | This list, downloaded as a table | 3 | Allowed',
      'You | The summary |  | Allowed',
      'You | The full record, downloaded (FHIR R4) | 2 | Allowed',
      'You | The record, in this portal: Vaccinations | 1 | Allowed',
    ]);
    const representative = await signInBrowser(server, await addRepresentativeOf(server, person));
    await representative.get(`${base}/record/vaccinations`);
    expect(rows(await browser.get(`${base}/log`))[0]).toBe(
      'A Caregiver | The record, in this portal: Vaccinations | 1 | Allowed',
    );
  });

  it('uses the days of the practice’s time zone', async () => {
    const { person, browser, base } = await withReads();
    await server.db.queryText(
      "create table if not exists audit_event_2026_03 partition of audit_event for values from ('2026-03-01') to ('2026-04-01')",
      [],
    );
    const at = async (time: string) =>
      server.db.queryText(
        `insert into audit_event (at, id, kind, outcome, record_id, client_id, type, resources)
         values ($1, gen_random_uuid(), 'read', 'success', $2, $3, 'Patient', 1)`,
        [time, await findRecordId(server, person), app.client_id],
      );
    await at('2026-03-10T03:30:00Z');
    await at('2026-03-10T04:30:00Z');
    const text = textOf(await browser.get(`${base}/log?from=2026-03-01&to=2026-03-31`));
    expect(text).toContain('March 10, 2026');
    expect(text).toContain('March 9, 2026');
    const days = async (query: string) => rows(await browser.get(`${base}/log?${query}`)).length;
    expect({
      until: await days('to=2026-03-09'),
      on: await days('from=2026-03-10&to=2026-03-10'),
      before: await days('to=2026-03-08'),
    }).toEqual({ until: 1, on: 1, before: 0 });
    await setTimeZone(server, 'America/Los_Angeles');
    expect({ until: await days('to=2026-03-09'), on: await days('from=2026-03-10&to=2026-03-10') }).toEqual({
      until: 2,
      on: 0,
    });
    await setTimeZone(server, 'America/New_York');
  });
});

describe('filtering the access log', () => {
  it('works by app, data category and days, all in the URL', async () => {
    const { person, token, browser, base } = await withReads();
    const second = await addApp(server, { name: 'Second App' });
    const other = await connectApp(server.app, second, {}, {}, person);
    await read(token, 'Immunization');
    await read(token, 'Patient');
    await read(other, 'Patient');
    const ask = async (query: Record<string, string>) =>
      rows(await browser.get(`${base}/log?${new URLSearchParams(query)}`));
    expect(await ask({ app: second.client_id })).toEqual(['Second App | Personal details | 1 | Allowed']);
    expect(await ask({ kind: 'Immunization' })).toEqual(['Test App | Vaccinations | 1 | Allowed']);
    expect(await ask({ app: second.client_id, kind: 'Immunization' })).toEqual([]);
    expect((await ask({ app: '-' })).every((row) => row.startsWith('You | '))).toBe(true);
    const form = await browser.get(`${base}/log?kind=Immunization`);
    expect(attributesOf(form, 'option[selected]', 'value')).toContain('Immunization');
    expect(textsOf(form, 'option')).toContain('Second App');
    expect(linksOf(form)).toContain(`${base}/log/csv?kind=Immunization`);
  });

  it('finds medications by either FHIR type name', async () => {
    const { person, browser, base } = await withReads();
    await server.db.queryText(
      `insert into audit_event (at, id, kind, outcome, record_id, client_id, type, resources)
       values (now(), gen_random_uuid(), 'search', 'success', $1, $2, 'MedicationOrder', 3)`,
      [await findRecordId(server, person), app.client_id],
    );
    expect(rows(await browser.get(`${base}/log?kind=MedicationRequest`))).toEqual([
      'Test App, running automatically for the practice | Medicines | 3 | Allowed',
    ]);
  });

  it.each([
    ['from=2026-02-30', 'Enter the date as year-month-day'],
    ['from=yesterday', 'Enter the date as year-month-day'],
    ['to=0000-00-00', 'Enter the date as year-month-day'],
    ['from=2026-03-02&to=2026-03-01', 'The start date can’t be after the end date.'],
    ['kind=Nothing', 'Choose an option from the list.'],
    ['app=%00', 'Choose an option from the list.'],
  ])('%s: explains the fix, and moves to the field', async (query, message) => {
    const { browser, base } = await withReads();
    const page = await browser.get(`${base}/log?${query}`);
    expect(page.status).toBe(400);
    expect(textOf(page)).toContain(message);
    expect(textOf(page, 'title')).toMatch(/^Error: /);
    expect(linksOf(page)).toContain(`#${query.split('=')[0]}`);
    expect((await browser.get(`${base}/log/csv?${query}`)).status).toBe(400);
    expect((await browser.get(`${base}/log/fhir?${query}`)).status).toBe(400);
  });

  it('with a repeated field or an invalid cursor applies no filter', async () => {
    const { browser, base } = await withReads();
    for (const query of ['kind=A&kind=B', 'before=x', 'before=1-2', `before=99999999999999-${crypto.randomUUID()}`])
      expect((await browser.get(`${base}/log?${query}`)).status, query).toBe(200);
  });

  it('pages without gaps or duplicates while the list grows', async () => {
    const { person, browser, base } = await withReads();
    await server.db.queryText(
      `insert into audit_event (at, id, kind, outcome, record_id, client_id, type, resources)
       select date_trunc('milliseconds', now()) - (n / 3) * interval '1 second', gen_random_uuid(), 'search', 'success', $1, $2, 'Patient', n
       from generate_series(1, 130) n`,
      [await findRecordId(server, person), app.client_id],
    );
    const seen: string[] = [];
    let path: string | undefined = `${base}/log?kind=Patient`;
    for (let turn = 0; path !== undefined && turn < 9; turn += 1) {
      const page = await browser.get(path);
      seen.push(...rows(page).map((row) => row.split(' | ')[2] ?? ''));
      path = nextLink(page);
    }
    expect(seen.map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 130 }, (_, index) => index + 1));
  });
});

describe('the access log as CSV', () => {
  it('RFC 4180: has every entry, and no cell that a spreadsheet evaluates as a formula', async () => {
    const evil = await addApp(server, { name: '=HYPERLINK(1)' }).catch(() => undefined);
    const { person, token, browser, base } = await withReads();
    await server.db.queryText('update app set name = $2 where client_id = $1', [
      (evil ?? app).client_id,
      '=cmd|\' /C calc\'!A0, "quoted"\n',
    ]);
    const other = evil === undefined ? token : await connectApp(server.app, evil, {}, {}, person);
    await read(other, 'Patient');
    const file = await browser.get(`${base}/log/csv`);
    expect(file.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename="who-read-what-\d{4}-\d\d-\d\d\.csv"$/);
    const table = parse(file.body, { bom: true, columns: true }) as Record<string, string>[];
    expect(table).toHaveLength(2);
    const cells = table.flatMap((row) => Object.values(row));
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(cells).toContain("'=cmd|' /C calc'!A0, \"quoted\"");
    await server.db.queryText("update app set name = 'Test App' where client_id = $1", [(evil ?? app).client_id]);
  });

  it('has the filtered part', async () => {
    const { token, browser, base } = await withReads();
    await read(token, 'Immunization');
    await read(token, 'Patient');
    const file = await browser.get(`${base}/log/csv?kind=Immunization`);
    expect(parse(file.body, { bom: true, columns: true })).toHaveLength(1);
  });
});

describe.skipIf(SHARED_DATA === undefined)('the access log as FHIR (shared data absent: skipped)', () => {
  async function bundle() {
    const { token, browser, base, person } = await withReads();
    await read(token, 'Immunization?date=ge2020&_count=5');
    const search = await read(token, 'Immunization');
    await read(token, `Immunization/${search.json().entry[0].resource.id}`);
    const narrow = await connectApp(server.app, app, { scope: 'launch/patient patient/Patient.rs' }, {}, person);
    await read(narrow, 'Condition');
    await browser.get(`${base}/record/vaccinations`);
    const file = await browser.get(`${base}/log/fhir`);
    expect(file.headers['content-type']).toBe('application/fhir+json; charset=utf-8');
    return { json: { ...JSON.parse(file.body), patient: person.patientId }, body: file.body };
  }

  it('R4 AuditEvent and IHE BALP 1.1: conforms to PatientQuery and PatientRead, with each required slice', async () => {
    const { json } = await bundle();
    expect({ resourceType: json.resourceType, type: json.type, entry: json.entry.length }).toEqual({
      resourceType: 'Bundle',
      type: 'collection',
      entry: 6,
    });
    const definitions = typeDefinitions();
    const profiles = new Map([patientReadProfile(), patientQueryProfile()].map((profile) => [profile.url, profile]));
    const claimed: string[] = [];
    for (const { resource, fullUrl } of json.entry) {
      expect(fullUrl).toBe(`urn:uuid:${resource.id}`);
      expect(checkProfile(resource, auditEventDefinition(), definitions)).toEqual([]);
      for (const url of resource.meta?.profile ?? []) {
        const profile = profiles.get(url);
        if (profile === undefined) throw new Error(`unknown profile ${url}`);
        expect(checkProfile(resource, profile, definitions)).toEqual([]);
        claimed.push(url.split('.').at(-1));
      }
    }
    expect(claimed.toSorted()).toEqual(['PatientQuery', 'PatientQuery', 'PatientRead']);
  });

  it('is checked by a validator that finds errors', async () => {
    const { json } = await bundle();
    const query = json.entry
      .map(({ resource }: { resource: object }) => resource)
      .find((one: { action: string; outcome: string }) => one.action === 'E' && one.outcome === '0');
    const issues = (resource: object) =>
      checkProfile(resource as Record<string, unknown>, patientQueryProfile(), typeDefinitions());
    expect(issues({ ...query, agent: query.agent.slice(1) })).toContain('AuditEvent.agent:client: 0 of at least 1');
    expect(issues({ ...query, entity: query.entity.slice(1) })).toContain('AuditEvent.entity:patient: 0 of at least 1');
    expect(issues({ ...query, action: 'R' })).toEqual([expect.stringContaining('AuditEvent.action is not')]);
    expect(issues({ ...query, colour: 1 })).toContain('AuditEvent has no element colour');
  });

  it('has who, which app, which patient, what and which request; a denial claims no profile', async () => {
    const { json } = await bundle();
    const resources = json.entry.map(({ resource }: { resource: object }) => resource);
    const denial = resources.find((one: { outcome: string }) => one.outcome === '4');
    expect({ outcomeDesc: denial.outcomeDesc, meta: denial.meta }).toEqual({
      outcomeDesc: 'scope-denied',
      meta: undefined,
    });
    const single = resources.find((one: { meta?: { profile: string[] } }) =>
      one.meta?.profile[0]?.endsWith('PatientRead'),
    );
    expect(single.agent[0].who).toEqual({
      identifier: { system: expect.stringContaining('/patient-oauth'), value: app.client_id },
      display: 'Test App',
    });
    const base = `${server.config.publicUrl}${R4}`;
    expect(single.entity[0].what).toEqual({ reference: `${base}/Patient/${json.patient}`, type: 'Patient' });
    expect(single.entity[1].what.reference.slice(0, base.length)).toBe(base);
    expect(single.entity[1].what.reference.slice(base.length)).toMatch(/^\/Immunization\/[0-9a-f-]{36}$/);
    // A relative reference could not be resolved in a file by itself (FHIR R4 §2.36.4.1).
    const references = JSON.stringify(json).match(/"reference":"[^"]*"/g) ?? [];
    expect(references.filter((one) => !one.startsWith(`"reference":"${base}/`))).toEqual([]);
    for (const { agent } of resources)
      expect(agent.filter(({ requestor }: { requestor: boolean }) => requestor)).toHaveLength(1);
    expect(single.entity[2].what.identifier.value).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('FHIR R4 audit-event-outcome: distinguishes a server error from a denial', async () => {
    const { person, browser, base } = await withReads();
    await server.db.queryText(
      `insert into audit_event (at, id, kind, outcome, record_id, client_id, type, resources, detail)
       select now(), gen_random_uuid(), 'read', 'failure', $1, $2, 'Patient', 0, json_build_object('problem', problem)
       from unnest(array['internal', 'not-found']) as problem`,
      [await findRecordId(server, person), app.client_id],
    );
    const { entry } = JSON.parse((await browser.get(`${base}/log/fhir`)).body);
    const outcomes = entry.map(({ resource }: { resource: { outcome: string; outcomeDesc: string } }) => [
      resource.outcomeDesc,
      resource.outcome,
    ]);
    expect(new Map(outcomes)).toEqual(
      new Map([
        [undefined, '0'],
        ['internal', '8'],
        ['not-found', '4'],
      ]),
    );
  });

  it('has the names of search parameters, and never a value', async () => {
    const { json, body } = await bundle();
    expect(body).not.toContain('ge2020');
    const queries = json.entry.flatMap(({ resource }: { resource: { entity: { query?: string }[] } }) =>
      resource.entity.flatMap(({ query }) => (query === undefined ? [] : [Buffer.from(query, 'base64').toString()])),
    );
    expect(queries).toContain('Immunization?date=&_count=');
  });

  it('without events has no entry array at all', async () => {
    const person = await addPatientWithRecord(server);
    const browser = await signInBrowser(server, person);
    const file = await browser.get(`/account/${person.key}/log/fhir?to=2000-01-01`);
    expect(JSON.parse(file.body)).toEqual({
      resourceType: 'Bundle',
      type: 'collection',
      timestamp: expect.any(String),
    });
  });
});

describe('in Spanish', () => {
  it('the list, its days and its outcomes are translated', async () => {
    const { person, token } = await withReads();
    await read(token, 'Immunization');
    const browser = new PatientBrowser(server.app);
    await browser.get('/language?to=es&return_to=/');
    await browser.signIn('/sign-in?return_to=/account', person as LivePerson);
    const page = await browser.get(`/account/${person.key}/log`);
    expect(attributeOf(page, 'html', 'lang')).toBe('es');
    expect(textOf(page)).toContain('Quién leyó su expediente');
    expect(rows(page)).toEqual(['Test App | Vacunas | 1 | Permitido']);
  });
});
