import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { textInput } from '../../../src/intake/index.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { parse, textOf } from '../../support/browser/html.ts';
import { addLivePatient, findRecordId, type LivePerson } from '../../support/people/live-patient.ts';
import { PatientBrowser } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const LABEL = { system: 'urn:x', code: 'ETH' };
const SENSITIVE = {
  ...LABEL,
  label: { en: 'Substance use', es: 'Sustancias' },
  basis: { en: '42 CFR Part 2', es: '42 CFR Parte 2' },
};
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';
const US_CORE = 'http://hl7.org/fhir/us/core/CodeSystem/us-core-category';
const VERIFICATION = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';

/** An entry before it is about a patient. */
type Entry = Omit<Resource, 'id'>;
const entry = (resourceType: string, more: object = {}): Entry => ({ resourceType, ...more });
const observation = (code: string, system = CATEGORY, more: object = {}): Entry =>
  entry('Observation', {
    status: 'final',
    category: [{ coding: [{ system, code }] }],
    code: { text: 'x' },
    ...more,
  });
const medication = (more: object = {}): Entry =>
  entry('MedicationRequest', {
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { text: 'x' },
    ...more,
  });
const labelled = { meta: { security: [LABEL] } };
const inError = { status: 'entered-in-error' };

const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-counts-'));
let server: TestServer;
let app: TestApp;
beforeAll(async () => {
  const file = path.join(folder, 'labels.json');
  writeFileSync(file, JSON.stringify([SENSITIVE]));
  server = await startServer({ SENSITIVE_LABELS: file });
  app = await addApp(server);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

let patients = 0;
/** Adds a patient with a record of their own. */
function addPatient(entries: readonly Entry[]): Promise<LivePerson> {
  patients += 1;
  const id = `count-${patients}`;
  const patient = { reference: `Patient/${id}` };
  const chart = entries.map((one, index) => ({
    ...one,
    id: `${id}-${index}`,
    ...(one.resourceType === 'AllergyIntolerance' ? { patient } : { subject: patient }),
  }));
  const all = [{ resourceType: 'Patient', id, name: [{ family: 'Count', given: [`Cora ${patients}`] }] }, ...chart];
  return addLivePatient(server, [textInput(id, all.map((one) => JSON.stringify(one)).join('\n'))]);
}

/** Names of the groups on the consent page, each with its number of entries. */
async function groupsOf(person: LivePerson, scope = 'patient/*.rs'): Promise<readonly string[]> {
  const { client_id, redirect_uri } = app;
  const query = { response_type: 'code', client_id, redirect_uri, scope };
  const $ = parse(await new PatientBrowser(server.app).authorize(query, person));
  return $('[id^=name-]:not(.sensitive *)')
    .toArray()
    .map((name) => $(name).text())
    .filter((text) => text.includes(': '));
}
const NONE = [
  'Conditions and care: 0',
  'Medications: 0',
  'Lab results and vitals: 0',
  'Allergies and vaccines: 0',
  'Visits and notes: 0',
  'Daily life and family: 0',
  'Insurance and bills: 0',
];
const except = (...changed: readonly string[]) =>
  NONE.map((text) => changed.find((one) => one.startsWith(text.slice(0, -1))) ?? text);

describe('the number of entries beside a group', () => {
  it('adds up the entries of its data categories', async () => {
    const person = await addPatient([
      medication(),
      medication(),
      observation('laboratory'),
      observation('vital-signs'),
      observation('sdoh', US_CORE),
      entry('Condition', { code: { text: 'x' } }),
    ]);
    expect(await groupsOf(person)).toEqual(
      except('Conditions and care: 1', 'Medications: 2', 'Lab results and vitals: 2', 'Daily life and family: 1'),
    );
  });

  it('counts an entry of several categories once in a group', async () => {
    const categories = ['laboratory', 'vital-signs'].map((code) => ({ coding: [{ system: CATEGORY, code }] }));
    const person = await addPatient([observation('laboratory', CATEGORY, { category: categories })]);
    expect(await groupsOf(person)).toEqual(except('Lab results and vitals: 1'));
  });

  it('counts only what the app asks for', async () => {
    const person = await addPatient([observation('laboratory'), observation('vital-signs'), observation('exam')]);
    const lab = `patient/Observation.rs?category=${CATEGORY}|laboratory`;
    expect(await groupsOf(person, lab)).toEqual(['Lab results: 1']);
    expect(await groupsOf(person, `${lab} patient/Observation.rs?category=${CATEGORY}|vital-signs`)).toEqual([
      'Lab results and vitals: 2',
    ]);
  });

  it('is missing if the app asks for a part of the entries that has no category', async () => {
    const person = await addPatient([medication()]);
    expect(await groupsOf(person, 'patient/MedicationRequest.rs?status=active')).toEqual([]);
  });
});

describe('what never changes a number', () => {
  it('an entry with a sensitive label, wherever the label is', async () => {
    const before = [medication(), observation('laboratory')];
    const contained = [{ resourceType: 'Observation', id: 'c', status: 'final', code: { text: 'x' }, ...labelled }];
    const hidden = [
      medication(labelled),
      observation('laboratory', CATEGORY, labelled),
      observation('laboratory', CATEGORY, { contained, hasMember: [{ reference: '#c' }] }),
      entry('Condition', { code: { text: 'x' }, ...labelled }),
      entry('DocumentReference', {
        status: 'current',
        securityLabel: [{ coding: [LABEL] }],
        content: [{ attachment: { contentType: 'text/plain', data: 'eA==' } }],
      }),
    ];
    const plain = await groupsOf(await addPatient(before));
    expect(await groupsOf(await addPatient([...before, ...hidden]))).toEqual(plain);
    expect(plain).toEqual(except('Medications: 1', 'Lab results and vitals: 1'));
  });

  it('an entry that was entered in error, by any of its statuses', async () => {
    const verification = { coding: [{ system: VERIFICATION, code: 'entered-in-error' }] };
    const allergyVerification = {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification', code: 'entered-in-error' },
      ],
    };
    const person = await addPatient([
      medication(inError),
      observation('laboratory', CATEGORY, inError),
      entry('Condition', { code: { text: 'x' }, verificationStatus: verification }),
      entry('AllergyIntolerance', { code: { text: 'x' }, verificationStatus: allergyVerification }),
      entry('Goal', { lifecycleStatus: 'entered-in-error', description: { text: 'x' } }),
      entry('DocumentReference', {
        status: 'current',
        docStatus: 'entered-in-error',
        content: [{ attachment: { contentType: 'text/plain', data: 'eA==' } }],
      }),
    ]);
    expect(await groupsOf(person)).toEqual(NONE);
  });

  it('an entry of another patient of the practice', async () => {
    await addPatient([medication(), observation('laboratory')]);
    expect(await groupsOf(await addPatient([]))).toEqual(NONE);
  });

  it('an entry of a record that the account may no longer open, even while its page is open', async () => {
    const person = await addPatient([medication()]);
    const { client_id, redirect_uri } = app;
    const browser = new PatientBrowser(server.app);
    const query = { response_type: 'code', client_id, redirect_uri, scope: 'patient/*.rs' };
    await browser.authorize(query, person);
    await server.db.queryText('update representation set ended_at = now() where record_id = $1', [
      await findRecordId(server, person),
    ]);
    const again = await browser.authorize(query, person);
    expect(again.body).not.toContain('Medications');
  });
});

describe('a page whose numbers take too long to count', () => {
  it('is shown without them', async () => {
    const person = await addPatient([medication()]);
    const holder = new pg.Client({ connectionString: server.databaseUrl });
    await holder.connect();
    await holder.query('begin; lock table resource in access exclusive mode');
    try {
      const { client_id, redirect_uri } = app;
      const query = { response_type: 'code', client_id, redirect_uri, scope: 'patient/*.rs' };
      const page = await new PatientBrowser(server.app).authorize(query, person);
      expect(textOf(page, '#name-medicines')).toBe('Medications');
    } finally {
      await holder.end();
    }
  });
});

describe('a large number', () => {
  it('is shown as 500+, whether one entry or many are above', async () => {
    const many = Array.from({ length: 501 }, () => observation('laboratory'));
    const [, , results] = await groupsOf(await addPatient(many));
    const [, , fewer] = await groupsOf(await addPatient(many.slice(0, 500)));
    expect({ results, fewer }).toEqual({
      results: 'Lab results and vitals: 500+',
      fewer: 'Lab results and vitals: 500',
    });
  });
});
