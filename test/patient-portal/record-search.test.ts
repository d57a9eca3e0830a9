import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { linksOf, parse, textOf, textsOf } from '../support/browser/html.ts';
import type { BrowserResponse, PatientBrowser } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { completeRecord } from './complete-record.ts';
import { openLinkedRecord } from './linked-record.ts';
import { observation, openRecord } from './observations.ts';
import { subject } from './patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** Headings and titles of the page, in order. */
function outline(page: BrowserResponse): readonly string[] {
  const $ = parse(page);
  return $('main :is(h2, .item-title b)')
    .toArray()
    .map((element) => $(element).text());
}

describe('the search of a record', () => {
  const medicine = (id: string, text: string, more: object = {}): Resource => ({
    resourceType: 'MedicationRequest',
    id,
    status: 'active',
    intent: 'order',
    subject,
    medicationCodeableConcept: { text },
    ...more,
  });
  const search = async (opened: { browser: PatientBrowser; base: string }, query: string) =>
    opened.browser.get(`${opened.base}/record/search?${new URLSearchParams({ q: query })}`);

  it('finds entries by words in their names, in any case and order, by section', async () => {
    const opened = await openRecord(server, [
      medicine('m', 'Insulin glargine 100 unit/mL', { status: 'stopped' }),
      { resourceType: 'Condition', id: 'c', subject, code: { text: 'Insulin resistance' } },
      observation({
        code: { text: 'Insulin' },
        valueQuantity: { value: 5, unit: 'u' },
        effectiveDateTime: '2026-01-01',
      }),
      observation({
        code: { text: 'Insulin' },
        valueQuantity: { value: 9, unit: 'u' },
        effectiveDateTime: '2025-01-01',
      }),
      {
        resourceType: 'Immunization',
        id: 'i',
        status: 'completed',
        patient: subject,
        vaccineCode: { text: 'Flu shot' },
        occurrenceDateTime: '2026',
      },
    ]);
    const page = await search(opened, 'insulin');
    expect(outline(page)).toEqual([
      'Health problems',
      'Insulin resistance',
      'Medicines',
      'Insulin glargine 100 unit/mL',
      'Lab results',
      'Insulin',
    ]);
    expect(textOf(page)).toContain('3 entries found for “insulin”.');
    expect(textOf(page)).toMatch(/Insulin glargine 100 unit\/mL Medicines · No date on record · Stopped/);
    expect(textOf(page)).toMatch(/Insulin : 5 units Lab results · January 1, 2026/);
    expect(linksOf(page)).toContain(`${opened.base}/record/medicines`);
    expect(textsOf(await search(opened, '  GLARGINE   insul '), '.item-title b')).toEqual([
      'Insulin glargine 100 unit/mL',
    ]);
  });

  it('finds a medicine whose name is in the Medication that it refers to', async () => {
    const opened = await openLinkedRecord(server, completeRecord(server.clock.now()));
    const page = await search(opened, 'metformin');
    expect(textsOf(page, '.item-title b')).toEqual(['Metformin 500 mg tablet', 'Metformin 500 mg tablet']);
  });

  it('does not find words that are elsewhere in an entry, and takes every character literally', async () => {
    const opened = await openRecord(server, [
      medicine('m', 'Drug 50% "plus" a_b', { note: [{ text: 'Secretword' }] }),
      medicine('n', 'Drug 500'),
    ]);
    for (const query of ['secretword', 'MedicationRequest', '50%%', 'a?b', 'aXb'])
      expect(textOf(await search(opened, query))).toContain('Nothing was found');
    for (const query of ['50%', '"plus"', 'a_b'])
      expect(textsOf(await search(opened, query), '.item-title b')).toEqual(['Drug 50% "plus" a_b']);
    const odd = await search(opened, '<script>\u202e\\');
    expect({ status: odd.status, hasScript: odd.body.includes('<script>\\') }).toEqual({
      status: 200,
      hasScript: false,
    });
    expect((await search(opened, '\u0000')).status).toBe(200);
    expect(textOf(await search(opened, ''))).toContain('The search looks at the names of entries');
    expect((await opened.browser.get(`${opened.base}/record/search?q=a&q=b`)).status).toBe(200);
  });

  it('finds nothing of another record, and nothing for someone who may not read this one', async () => {
    const other = await openRecord(server, [medicine('m', 'Foreignpill')]);
    const opened = await openRecord(server, [medicine('m', 'Ownpill')]);
    expect(textOf(await search(opened, 'foreignpill'))).toContain('Nothing was found');
    expect((await other.browser.get(`${opened.base}/record/search?q=ownpill`)).status).toBe(404);
  });

  it('is recorded also if it finds nothing', async () => {
    const opened = await openRecord(server, [medicine('m', 'Ownpill')]);
    await search(opened, 'otherpill');
    const rows = await server.db.queryText<{ type: string | null; resources: number }>(
      "select type, resources::int from audit_event where account_id = $1 and kind = 'record-view'",
      [opened.person.accountId],
    );
    expect(rows).toEqual([{ type: null, resources: 0 }]);
  });

  it('is limited to 60 in 15 minutes, with a page that says when to try again', async () => {
    const opened = await openRecord(server, []);
    for (let count = 0; count < 60; count += 1) expect((await search(opened, 'pill')).status).toBe(200);
    const page = await search(opened, 'pill');
    expect({ status: page.status, hasRetryAfter: Number(page.headers['retry-after']) > 0 }).toEqual({
      status: 429,
      hasRetryAfter: true,
    });
    expect(textOf(page)).toContain('You searched many times in a short time. Try again in 15 minutes.');
    expect((await search(opened, '')).status).toBe(200);
    expect((await search(await openRecord(server, []), 'pill')).status).toBe(200);
  });

  it('that takes too long says so, and names the sections', async () => {
    const opened = await openRecord(server, [medicine('m', 'Ownpill')]);
    const holder = new pg.Client({ connectionString: server.databaseUrl });
    await holder.connect();
    await holder.query('begin; lock table resource in access exclusive mode');
    try {
      const page = await search(opened, 'ownpill');
      expect(page.status).toBe(200);
      expect(textOf(page)).toContain('The search took too long.');
      expect(linksOf(page)).toContain(`${opened.base}/record`);
    } finally {
      await holder.end();
    }
  });
});
