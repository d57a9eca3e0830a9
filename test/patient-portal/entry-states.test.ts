import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { attributesOf, nextLink, parse, textOf, textsOf } from '../support/browser/html.ts';
import type { BrowserResponse } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { STATUS_CASES } from './clinical-statuses.ts';
import { openRecord } from './observations.ts';
import { subject } from './patients.ts';

let server: TestServer;
let everyStatus: Awaited<ReturnType<typeof openRecord>>;
beforeAll(async () => {
  server = await startServer();
  everyStatus = await openRecord(
    server,
    STATUS_CASES.map(({ resource }) => resource),
  );
});
afterAll(() => server.close());

const SECTIONS = ['problems', 'medicines', 'allergies', 'orders', 'plans', 'devices', 'insurance'];

/** Lists the cases that the sections show for this choice, in all pages. */
async function casesShown(show: string): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const section of SECTIONS)
    for (let path = `${everyStatus.base}/record/${section}?show=${show}`; path !== ''; ) {
      const page = await everyStatus.browser.get(path);
      texts.push(textOf(page).toLowerCase());
      path = nextLink(page) ?? '';
    }
  const text = texts.join(' ');
  return STATUS_CASES.flatMap(({ name, code, title }) =>
    text.includes(title.toLowerCase()) ? [`${name} ${code}`] : [],
  ).toSorted();
}

/** Titles under a heading of level 2. */
function titlesUnder(page: BrowserResponse, heading: string): readonly string[] {
  const $ = parse(page);
  const found = $('h2')
    .toArray()
    .find((element) => $(element).text() === heading);
  return found === undefined
    ? []
    : $(found)
        .nextUntil('h2')
        .find('h3')
        .toArray()
        .map((element) => $(element).text());
}

const medicine = (name: string, type: string, more: object): Resource => ({
  resourceType: type,
  id: name.toLowerCase().replaceAll(/[^a-z\d]+/g, '-'),
  subject,
  medicationCodeableConcept: { text: name },
  ...more,
});
const request = (name: string, more: object) =>
  medicine(name, 'MedicationRequest', { status: 'active', intent: 'order', authoredOn: '2026-01-02', ...more });
const statement = (name: string, more: object) =>
  medicine(name, 'MedicationStatement', { status: 'active', effectiveDateTime: '2026-01-01', ...more });

describe('the choice of current entries', () => {
  it('shows an entry only if it is current, true and about the patient', async () => {
    expect(await casesShown('current')).toEqual(
      [
        'AllergyIntolerance.clinicalStatus active',
        'AllergyIntolerance.verificationStatus confirmed',
        'AllergyIntolerance.verificationStatus unconfirmed',
        'CarePlan.intent order',
        'CarePlan.intent plan',
        'CarePlan.status active',
        'CareTeam.status active',
        'Condition.clinicalStatus active',
        'Condition.clinicalStatus recurrence',
        'Condition.clinicalStatus relapse',
        'Condition.verificationStatus confirmed',
        'Condition.verificationStatus provisional',
        'Condition.verificationStatus unconfirmed',
        'Coverage.status active',
        'Device.status active',
        'Goal.lifecycleStatus active',
        'MedicationRequest.intent filler-order',
        'MedicationRequest.intent instance-order',
        'MedicationRequest.intent order',
        'MedicationRequest.intent original-order',
        'MedicationRequest.intent plan, reported',
        'MedicationRequest.intent reflex-order',
        'MedicationRequest.status active',
        'MedicationStatement.status active',
        'ServiceRequest.doNotPerform true',
        'ServiceRequest.intent filler-order',
        'ServiceRequest.intent instance-order',
        'ServiceRequest.intent order',
        'ServiceRequest.intent original-order',
        'ServiceRequest.intent reflex-order',
        'ServiceRequest.status active',
      ].toSorted(),
    );
  });

  it('and the other choices together show every entry that can be current, once', async () => {
    const lists: string[] = [];
    for (const show of ['current', 'avoid', 'unclear', 'planned', 'past']) lists.push(...(await casesShown(show)));
    const types = new Set(lists.map((name) => name.split('.')[0]));
    const expected = STATUS_CASES.filter(({ type }) => types.has(type)).map(({ name, code }) => `${name} ${code}`);
    expect(lists.toSorted()).toEqual(expected.toSorted());
    expect([...types].toSorted()).toEqual([
      'AllergyIntolerance',
      'CarePlan',
      'CareTeam',
      'Condition',
      'Coverage',
      'Device',
      'Goal',
      'MedicationRequest',
      'MedicationStatement',
      'ServiceRequest',
    ]);
  });

  it('does not show an entry whose dates say that it has ended', async () => {
    const ended = '2020-01-31';
    const { section } = await openRecord(server, [
      {
        resourceType: 'Condition',
        id: 'c',
        subject,
        code: { text: 'Old rash' },
        abatementDateTime: ended,
        clinicalStatus: { coding: [{ code: 'active' }] },
      },
      statement('Old drops', { effectivePeriod: { start: '2019', end: ended }, effectiveDateTime: undefined }),
      {
        resourceType: 'CarePlan',
        id: 'p',
        subject,
        status: 'active',
        intent: 'plan',
        title: 'Old plan',
        period: { end: ended },
      },
    ]);
    for (const [name, title] of [
      ['problems', 'Old rash'],
      ['medicines', 'Old drops'],
      ['plans', 'Old plan'],
    ] as const) {
      expect(textOf(await section(`${name}?show=current`))).not.toContain(title);
      expect(textOf(await section(`${name}?show=unclear`))).toContain(title);
    }
  });

  it('is in the URL, is marked for everyone, and has the number of entries', async () => {
    const problem = (id: string, code: string): Resource => ({
      resourceType: 'Condition',
      id,
      subject,
      code: { text: `Problem ${id}` },
      clinicalStatus: { coding: [{ code }] },
    });
    const { section } = await openRecord(server, [
      problem('a', 'active'),
      problem('b', 'resolved'),
      problem('c', 'resolved'),
    ]);
    const all = await section('problems');
    expect(textsOf(all, '.pills a')).toEqual(['All (3)', 'Current (1)', 'Past or not current (2)']);
    expect(textOf(all, '.pills [aria-current]')).toBe('All (3)');
    const [, current = ''] = attributesOf(all, '.pills a', 'href');
    const page = await section(current.replace(/^.*\/record\//, ''));
    expect(textOf(page, '.pills [aria-current]')).toBe('Current (1)');
    expect(textsOf(page, '.entry h2')).toEqual(['Problem a']);
    expect(textOf(page)).toContain('This list shows only entries under “Current”.');
    expect(textOf(await section('problems?show=planned'))).toContain('No entries match this choice.');
    for (const odd of ['?show=', '?show=__proto__', '?show=current&show=past'])
      expect(textsOf(await section(`problems${odd}`), '.entry h2')).toHaveLength(3);
  });
});

describe('the list of medicines', () => {
  it('has current, forbidden, unclear, planned and past medicines under their own headings', async () => {
    const { section } = await openRecord(server, [
      request('Taken now', { requester: { display: 'Dr. Rowe' } }),
      statement('Reported', { informationSource: { display: 'Ana' } }),
      request('Forbidden', { doNotPerform: true }),
      request('Paused', { status: 'on-hold' }),
      statement('Unknown', { status: 'unknown' }),
      request('Suggested', { intent: 'proposal' }),
      statement('Intended', { status: 'intended' }),
      request('Stopped', { status: 'stopped' }),
      statement('Never taken', { status: 'not-taken' }),
      request('Mistake', { status: 'entered-in-error' }),
    ]);
    const page = await section('medicines');
    expect(titlesUnder(page, 'Current')).toEqual(['Taken now', 'Reported']);
    expect(titlesUnder(page, 'Not to be taken')).toEqual(['Forbidden']);
    expect(titlesUnder(page, 'Paused or not clear')).toEqual(['Paused', 'Unknown']);
    expect(titlesUnder(page, 'Planned or suggested')).toEqual(['Suggested', 'Intended']);
    expect(titlesUnder(page, 'Past or not current').toSorted()).toEqual(['Mistake', 'Never taken', 'Stopped']);
    expect(textOf(page, 'details.folded:not([open]) > summary')).toBe('Show 3 entries');
    expect(textOf(page)).toMatch(/Taken now .* Prescribed by Dr\. Rowe/);
    expect(textOf(page)).toMatch(
      /Reported January 1, 2026 Status Current Source Reported to the practice Reported by Ana/,
    );
    expect(textOf(page)).toContain('It may differ from what the patient actually takes.');
  });

  it('names a medicine of a converted C-CDA document, and says from when its prescription is valid', async () => {
    const { section } = await openRecord(server, [
      request('Unused name', {
        authoredOn: undefined,
        medicationCodeableConcept: undefined,
        contained: [{ resourceType: 'Medication', code: { text: 'Albuterol' } }],
        medicationReference: { reference: '#med-1' },
        dispenseRequest: { validityPeriod: { start: '2011-01-03' } },
      }),
    ]);
    const page = await section('medicines');
    expect(titlesUnder(page, 'Current')).toEqual(['Albuterol']);
    expect(textOf(page)).toContain('Prescription valid from January 3, 2011');
  });

  it('never claims that someone takes no medicine', async () => {
    const none = textOf(await (await openRecord(server, [])).section('medicines'));
    expect(none).toContain('No medicines on record. Some may still be taken.');
    const past = textOf(await (await openRecord(server, [request('Old', { status: 'stopped' })])).section('medicines'));
    expect(past).toContain('No medicine is marked as current in this record. Some may still be taken.');
  });

  it('never claims that no medicine is current if it has not read all of them', async () => {
    const { person, section } = await openRecord(server, [
      request('Past', { status: 'stopped' }),
      request('Older, still current', { authoredOn: '1964-09-11' }),
    ]);
    await server.db.queryText(
      `insert into resource select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid()))).*
       from resource r join representation h using (record_id), generate_series(1, 3000)
       where h.account_id = $1 and r.type = 'MedicationRequest' and r.content like '%"stopped"%'`,
      [person.accountId],
    );
    const page = textOf(await section('medicines'));
    expect(page).toContain('This page shows only the newest 3,000.');
    expect(page).not.toContain('No medicine is marked as current');
  });

  it('continues past medicines page by page, each once, after all current ones', async () => {
    const day = (index: number) => `20${String(index % 20).padStart(2, '0')}-01-01`;
    const { browser, base } = await openRecord(server, [
      request('Oldest, still current', { authoredOn: '1964-09-11' }),
      ...Array.from({ length: 130 }, (_, index) =>
        request(`Past ${index}`, { status: 'stopped', authoredOn: day(index) }),
      ),
    ]);
    const first = await browser.get(`${base}/record/medicines`);
    expect(titlesUnder(first, 'Current')).toEqual(['Oldest, still current']);
    const seen = [...titlesUnder(first, 'Past or not current')];
    expect(seen).toHaveLength(25);
    for (let path = nextLink(first) ?? ''; path !== ''; ) {
      const page = await browser.get(path);
      seen.push(...textsOf(page, 'h3'));
      path = nextLink(page) ?? '';
    }
    expect({ seen: seen.length, distinct: new Set(seen).size }).toEqual({ seen: 130, distinct: 130 });
  });
});
