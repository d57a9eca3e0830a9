import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { nextLink, parse, textOf, textsOf } from '../support/browser/html.ts';
import type { BrowserResponse, PatientBrowser } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { STATUS_RULES } from './clinical-status-rules.ts';
import { STATUS_CASES } from './clinical-statuses.ts';
import { completeRecord } from './complete-record.ts';
import { openLinkedRecord } from './linked-record.ts';
import { a1c, category, observation, openRecord } from './observations.ts';
import { addPatientWithRecord, addRepresentativeOf, signInBrowser, subject } from './patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const shot = (id: string, occurrenceDateTime: string): Resource => ({
  resourceType: 'Immunization',
  id,
  status: 'completed',
  patient: subject,
  vaccineCode: { text: `Shot ${id}` },
  occurrenceDateTime,
});
const visit = (id: string, start: string): Resource => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  subject,
  class: { code: 'AMB' },
  type: [{ text: `Visit ${id}` }],
  period: { start },
});

/** Headings and titles of the page, in order. */
function outline(page: BrowserResponse): readonly string[] {
  const $ = parse(page);
  return $('main :is(h2, .item-title b)')
    .toArray()
    .map((element) => $(element).text());
}

async function allPages(browser: PatientBrowser, first: string): Promise<readonly BrowserResponse[]> {
  const pages: BrowserResponse[] = [];
  for (let path = first; path !== ''; ) {
    const page = await browser.get(path);
    pages.push(page);
    path = nextLink(page) ?? '';
  }
  return pages;
}

describe('the timeline', () => {
  it('has entries of all kinds, newest first, by month, and undated ones last', async () => {
    const { browser, base } = await openRecord(server, [
      shot('a', '2026-01-20'),
      visit('b', '2026-01-05T15:00:00Z'),
      { resourceType: 'Procedure', id: 'c', status: 'completed', subject, code: { text: 'Undated' } },
      shot('d', '2019'),
      visit('e', '2025-12-31T20:00:00Z'),
    ]);
    expect(textOf(await browser.get(`${base}/record`))).toContain('See the timeline');
    expect(outline(await browser.get(`${base}/record/timeline`))).toEqual([
      'January 2026',
      'Shot a',
      'Visit b',
      'December 2025',
      'Visit e',
      '2019',
      'Shot d',
      'No date on record',
      'Undated',
    ]);
  });

  it('is in Spanish for a Spanish reader', async () => {
    const { browser, base } = await openRecord(server, [shot('a', '2026-01-20')]);
    await browser.get(`/language?${new URLSearchParams({ to: 'es', return_to: base })}`);
    const page = await browser.get(`${base}/record/timeline`);
    expect(outline(page)).toEqual(['Enero de 2026', 'Shot a']);
    expect(textOf(page)).toMatch(/Vacunas · 20 de enero de 2026 · Terminado/);
  });

  it('has the month of the practice’s time zone', async () => {
    const { browser, base } = await openRecord(server, [
      visit('late', '2026-03-01T03:30:00Z'),
      shot('dated', '2026-03-01'),
    ]);
    expect(outline(await browser.get(`${base}/record/timeline`))).toEqual([
      'March 2026',
      'Shot dated',
      'February 2026',
      'Visit late',
    ]);
  });

  it('groups the values of a day, and the results of a report', async () => {
    const vital = (text: string, value: number) =>
      observation({
        category: category('vital-signs'),
        code: { text },
        effectiveDateTime: '2026-01-10',
        valueQuantity: { value, unit: 'x' },
      });
    const { browser, base } = await openRecord(server, [
      vital('Height', 170),
      vital('Weight', 60),
      a1c(6.7, '2026-01-10'),
    ]);
    const text = textOf(await browser.get(`${base}/record/timeline`));
    expect(text).toMatch(
      /Measurements: 2 values Measurements · January 10, 2026 (Height: 170 x Weight: 60 x|Weight: 60 x Height: 170 x)/,
    );
    expect(text).toMatch(/Hemoglobin A1c : 6\.7% Lab results · January 10, 2026/);
    const linked = await openLinkedRecord(server, completeRecord(server.clock.now()));
    const results = await linked.browser.get(`${linked.base}/record/timeline?kind=results`);
    expect(textOf(results)).toMatch(/Basic metabolic panel Test reports · January 10, 2026 · Final Glucose: 95 mg\/dL/);
    expect(textOf(results).match(/Glucose/g)).toHaveLength(1);
  });

  const lab = (name: string, effectiveDateTime: string): Resource =>
    observation({ id: `${name}~`, code: { text: name }, effectiveDateTime, valueQuantity: { value: 1, unit: 'x' } });
  const report = (more: object): Resource => ({
    resourceType: 'DiagnosticReport',
    id: 'report~',
    status: 'final',
    subject,
    code: { text: 'Panel' },
    category: category('laboratory'),
    ...more,
  });

  it('shows a value on its own day, also if its time is midnight UTC', async () => {
    const { browser, base } = await openLinkedRecord(server, [
      lab('Sodium', '2024-02-01T00:00:00Z'),
      lab('Iron', '2024-01-31T19:00:00-05:00'),
      lab('Zinc', '2024-02-01'),
    ]);
    const text = textOf(await browser.get(`${base}/record/timeline`));
    expect(text).toMatch(/February 2024 Zinc : 1 x Lab results · February 1, 2024 January 2024 Lab results: 2 values/);
    expect(text).toContain('Lab results · January 31, 2024');
  });

  it('does not show a value of a month with those of its first day', async () => {
    const { browser, base } = await openLinkedRecord(server, [lab('Sodium', '2024-02'), lab('Zinc', '2024-02-01')]);
    const text = textOf(await browser.get(`${base}/record/timeline`));
    expect(text).toMatch(/Sodium : 1 x Lab results · February 2024/);
    expect(text).toMatch(/Zinc : 1 x Lab results · February 1, 2024/);
  });

  it('shows the date of a result that differs from that of its report', async () => {
    const { browser, base } = await openLinkedRecord(server, [
      lab('Sodium', '2024-02-02'),
      lab('Zinc', '2024-02-10'),
      report({
        issued: '2024-02-10T15:00:00Z',
        result: [{ reference: 'Observation/Sodium~' }, { reference: 'Observation/Zinc~' }],
      }),
    ]);
    const text = textOf(await browser.get(`${base}/record/timeline`));
    expect(text).toMatch(
      /Panel Test reports · February 10, 2024 · Final Sodium: 1 x · February 2, 2024 Zinc: 1 x(?! ·)/,
    );
  });

  it('shows results on their own if their report was entered by mistake', async () => {
    const { browser, base } = await openLinkedRecord(server, [
      lab('Sodium', '2024-02-02'),
      report({
        status: 'entered-in-error',
        effectiveDateTime: '2024-02-10',
        result: [{ reference: 'Observation/Sodium~' }],
      }),
    ]);
    const text = textOf(await browser.get(`${base}/record/timeline`));
    expect(text).toMatch(/Sodium : 1 x Lab results · February 2, 2024/);
  });

  it('shows one kind, as the URL says, and ignores anything else', async () => {
    const { browser, base } = await openRecord(server, [shot('a', '2026-01-20'), visit('b', '2026-01-05')]);
    const page = await browser.get(`${base}/record/timeline?kind=visits`);
    expect(textsOf(page, '.item-title b')).toEqual(['Visit b']);
    expect(textOf(page, '.pills [aria-current]')).toBe('Visits and appointments');
    expect(textOf(page)).toContain('This list shows only entries under “Visits and appointments”.');
    for (const query of [
      'kind=x',
      'kind=__proto__',
      'kind=visits&kind=results',
      'before=x',
      'before=infinity/x/Encounter',
    ])
      expect(textsOf(await browser.get(`${base}/record/timeline?${query}`), '.item-title b')).toHaveLength(2);
  });

  it('continues page by page, each entry once, even if types share dates and ids', async () => {
    const same = Array.from({ length: 70 }, (_, index) => {
      const id = `same-${index}`;
      return [shot(id, '2020-01-01'), { ...visit(id, '2020-01-01'), id }];
    }).flat();
    const more = Array.from({ length: 90 }, (_, index) => visit(`v-${index}`, `19${String(10 + index)}-06-01`));
    const { browser, base, person } = await openRecord(server, [...same, ...more]);
    await server.db.queryText(
      `update resource e set id = i.id from resource i join representation h using (record_id)
       where h.account_id = $1 and i.type = 'Immunization' and e.record_id = i.record_id and e.type = 'Encounter'
         and e.content like '%"Visit ' || substring(i.content from 'Shot (same-\\d+)') || '"%'`,
      [person.accountId],
    );
    const pages = await allPages(browser, `${base}/record/timeline`);
    const titles = pages.flatMap((page) => textsOf(page, '.item-title b'));
    expect({ pages: pages.length, found: titles.length, distinct: new Set(titles).size }).toEqual({
      pages: 3,
      found: 230,
      distinct: 230,
    });
  });

  it('says the status of each entry as its section does', async () => {
    const { browser, base } = await openRecord(
      server,
      STATUS_CASES.map(({ resource }) => resource),
    );
    const items = (await allPages(browser, `${base}/record/timeline`)).flatMap((page) => textsOf(page, 'main li'));
    const wrong = STATUS_CASES.flatMap(({ name, code, title }) => {
      const [expected = ''] = STATUS_RULES[name]?.[code] ?? [];
      // The innermost list item with the title is the shortest.
      const [item] = items
        .filter((text) => text.toLowerCase().includes(title.toLowerCase()))
        .toSorted((one, other) => one.length - other.length);
      const isComplete = item === undefined || expected.split('; ').every((part) => item.includes(part));
      return isComplete ? [] : [`${name} ${code}: ${item}`];
    });
    expect(wrong).toEqual([]);
    const shown = STATUS_CASES.filter(({ title }) =>
      items.some((text) => text.toLowerCase().includes(title.toLowerCase())),
    );
    expect(new Set(shown.map(({ type }) => type)).size).toBe(18);
  });

  it('is recorded by type, and only for those who may read the record', async () => {
    const person = await addPatientWithRecord(server, [shot('a', '2026-01-20'), visit('b', '2026-01-05')]);
    const browser = await signInBrowser(server, person);
    const path = `/account/${person.key}/record/timeline`;
    await browser.get(path);
    const rows = await server.db.queryText<{ type: string; resources: number }>(
      "select type, resources::int from audit_event where account_id = $1 and kind = 'record-view' order by 1",
      [person.accountId],
    );
    expect(rows.map(({ type, resources }) => [type, resources])).toEqual([
      ['Encounter', 1],
      ['Immunization', 1],
    ]);
    const stranger = await signInBrowser(server, await addPatientWithRecord(server));
    expect((await stranger.get(path)).status).toBe(404);
    const caregiver = await addRepresentativeOf(server, person);
    const other = await signInBrowser(server, caregiver);
    expect(textsOf(await other.get(path), '.item-title b')).toHaveLength(2);
    await server.db.queryText('update representation set ended_at = now() where account_id = $1', [
      caregiver.accountId,
    ]);
    expect((await other.get(path)).status).toBe(404);
  });
});
