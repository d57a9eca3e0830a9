import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { minutes } from '../../src/kernel/index.ts';
import {
  attributeOf,
  attributesOf,
  codeIn,
  countOf,
  hasElement,
  linksOf,
  textOf,
  textsOf,
} from '../support/browser/html.ts';
import { PatientBrowser, SANDBOX_PATIENT } from '../support/people/patient.ts';
import { DEEP } from '../support/runs/slice.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { completeRecord } from './complete-record.ts';
import { readCsv } from './downloaded-files.ts';
import { openLinkedRecord } from './linked-record.ts';
import { a1c, category, observation, openRecord } from './observations.ts';
import { addPatientWithRecord, signInBrowser, subject } from './patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

async function listen(): Promise<AddressInfo> {
  if (!server.app.server.listening) await server.app.listen({ port: 0, host: '127.0.0.1' });
  return server.app.server.address() as AddressInfo;
}

const b64 = (text: string): string => Buffer.from(text).toString('base64');
const condition = (id: string, text: string, more: object = {}): Resource => ({
  resourceType: 'Condition',
  id,
  subject,
  code: { text },
  ...more,
});

describe('each file for people', () => {
  it.each([
    [
      'summary-pdf',
      'application/pdf',
      /^attachment; filename="health-summary-\d{4}-\d\d-\d\d\.pdf"$/,
      'The summary, downloaded (PDF)',
    ],
    [
      'html',
      'text/html; charset=utf-8',
      /^attachment; filename="health-record-\d{4}-\d\d-\d\d\.html"$/,
      'The full record, downloaded (HTML)',
    ],
    [
      'results-csv',
      'text/csv; charset=utf-8',
      /^attachment; filename="lab-results-\d{4}-\d\d-\d\d\.csv"$/,
      'Lab results, downloaded as a table',
    ],
  ])(
    '%s has a name without personal data, is never cached, can’t run here, and is in the access log',
    async (path, type, name, entry) => {
      const { browser, base } = await openRecord(server, []);
      const { status, headers } = await browser.get(`${base}/downloads/${path}`);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': type,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-disposition': expect.stringMatching(name),
        'content-security-policy': expect.stringContaining('sandbox'),
      });
      expect(textOf(await browser.get(`${base}/log`))).toContain(entry);
    },
  );

  it('writes nothing of the record to the server’s log', async () => {
    const { browser, base } = await openRecord(server, [condition('c', 'Unspoken disease')], { text: 'Una Unlogged' });
    for (const path of ['summary-pdf', 'html', 'results-csv']) await browser.get(`${base}/downloads/${path}`);
    expect(server.log.join('\n')).not.toMatch(/Unspoken|Unlogged/);
  });

  it('is offered on the downloads page', async () => {
    const { browser, base } = await openRecord(server, []);
    expect(linksOf(await browser.get(`${base}/downloads`))).toEqual(
      expect.arrayContaining(
        ['summary-pdf', 'html', 'results-csv', 'r4', 'dstu2'].map((path) => `${base}/downloads/${path}`),
      ),
    );
  });

  it('is limited to 30 in 15 minutes, with a page that says when to try again', async () => {
    const { browser, base } = await openRecord(server, []);
    for (let count = 0; count < 30; count += 1)
      expect((await browser.get(`${base}/downloads/results-csv`)).status).toBe(200);
    const page = await browser.get(`${base}/downloads/html`);
    expect(page.status).toBe(429);
    expect(Number(page.headers['retry-after'])).toBeGreaterThan(0);
    expect(textOf(page)).toContain('You downloaded many files in a short time. Try again in 15 minutes.');
    expect((await browser.get(`${base}/summary`)).status).toBe(200);
    server.clock.advance(minutes(15));
    expect((await browser.get(`${base}/downloads/html`)).status).toBe(200);
  });

  it('has a limit of its own on the summary page: 60 views in 15 minutes', async () => {
    const { browser, base } = await openRecord(server, []);
    for (let count = 0; count < 60; count += 1) expect((await browser.get(`${base}/summary`)).status).toBe(200);
    const page = await browser.get(`${base}/summary`);
    expect(page.status).toBe(429);
    expect(Number(page.headers['retry-after'])).toBeGreaterThan(0);
    expect(textOf(page)).toContain('You opened the summary many times in a short time. Try again in 15 minutes.');
    expect((await browser.get(`${base}/downloads/summary-pdf`)).status).toBe(200);
    server.clock.advance(minutes(15));
    expect((await browser.get(`${base}/summary`)).status).toBe(200);
  });

  it('is limited by browser for people who share a sandbox account', async () => {
    const [one, two] = [await signInBrowser(server, SANDBOX_PATIENT), await signInBrowser(server, SANDBOX_PATIENT)];
    const base = (await one.get('/account')).location ?? '';
    for (let count = 0; count < 30; count += 1) await one.get(`${base}/downloads/results-csv`);
    expect((await one.get(`${base}/downloads/results-csv`)).status).toBe(429);
    expect((await two.get(`${base}/downloads/results-csv`)).status).toBe(200);
  });

  it.runIf(DEEP)('of a record with more than 50,000 entries is an error page that names the FHIR file', async () => {
    const { browser, base, person } = await openRecord(server, []);
    await server.db.queryText(
      `insert into resource (record_id, type, id, version, last_updated, digest, content)
       select r.record_id, 'Observation', gen_random_uuid(), 1, now(), '\\x00'::bytea, '{"resourceType":"Observation"}'
       from record r, generate_series(1, 50001) n where r.patient_id = $1`,
      [person.patientId],
    );
    for (const path of ['html', 'results-csv', 'summary-pdf']) {
      const page = await browser.get(`${base}/downloads/${path}`);
      expect(page.status).toBe(413);
      expect(textOf(page)).toMatch(
        /This record has 50,00[12] entries\. This file can have at most 50,000\. Download the record as FHIR R4 instead\./,
      );
    }
  });

  it.each(['html', 'results-csv', 'r4'])(
    '%s breaks off if the account loses access while it is sent, so that a part never looks complete',
    async (path) => {
      const { person, browser, base } = await openRecord(server, [a1c(6, '2026-01-01')]);
      // The download is recorded after the access check of the request and before the first byte.
      await server.db.queryText(
        `create or replace function end_access() returns trigger language plpgsql as $$ begin
           update representation set ended_at = now() where account_id = new.account_id; return null; end $$`,
        [],
      );
      await server.db.queryText(
        `create or replace trigger end_access after insert on audit_event for each row
         when (new.account_id = '${person.accountId}') execute function end_access()`,
        [],
      );
      const { port } = await listen();
      const answer = await fetch(`http://127.0.0.1:${port}${base}/downloads/${path}`, {
        headers: { cookie: `session=${browser.cookie('session')}` },
      });
      await expect(answer.text()).rejects.toThrow('terminated');
      await server.db.queryText('drop trigger end_access on audit_event', []);
    },
  );
});

describe('the record as one HTML file', () => {
  const download = async (browser: PatientBrowser, base: string) => browser.get(`${base}/downloads/html`);

  it('has every entry of every page of the record', async () => {
    const { browser, base } = await openLinkedRecord(server, completeRecord(server.clock.now()));
    const file = textOf(await download(browser, base));
    const sections = linksOf(await browser.get(`${base}/record`)).filter(
      (link) => /\/record\/[a-z-]+$/.test(link) && !link.endsWith('/timeline'),
    );
    expect(sections.length).toBeGreaterThan(15);
    for (const section of sections) {
      const page = await browser.get(section);
      expect(file).toContain(textOf(page, 'h1'));
      for (const title of textsOf(page, 'section.entry :is(h2, h3)')) expect(file).toContain(title);
    }
  });

  it('is complete for 1,200 entries, and says where it ends', async () => {
    const many = Array.from({ length: 1200 }, (_, index) => condition(`c-${index}`, `Condition ${index} of many`));
    const { browser, base } = await openRecord(server, many);
    const file = await download(browser, base);
    expect(countOf(file, 'section.entry')).toBe(1201);
    expect(textOf(file)).toContain('End of the record');
  });

  it('has the few lab results of a record with thousands of vital signs', async () => {
    const { person, browser, base } = await openRecord(server, [
      observation({ code: { text: 'Pulse' }, effectiveDateTime: '2025-12-01', category: category('vital-signs') }),
      a1c(6, '2026-01-01'),
    ]);
    await server.db.queryText(
      `insert into resource (record_id, type, id, version, last_updated, digest, flags, content)
       select record_id, x.type, gen_random_uuid(), 1, x.last_updated, x.digest, x.flags, x.content
       from resource x join record using (record_id), generate_series(1, 5000)
       where patient_id = $1 and x.content like '%Pulse%'`,
      [person.patientId],
    );
    // The lab result comes last in each order, so that it isn't among the rows that are counted.
    await server.db.queryText(
      `update resource x set id = 'ffffffff-ffff-ffff-ffff-ffffffffffff', last_updated = now()
       from record r where r.record_id = x.record_id and r.patient_id = $1 and x.content like '%A1c%'`,
      [person.patientId],
    );
    const titles = textsOf(await download(browser, base), 'h2, td:nth-child(2)');
    expect([...new Set(titles)]).toEqual(expect.arrayContaining(['Pulse', 'Lab results', 'Hemoglobin A1c']));
  });

  it('loads nothing and runs nothing, whatever the record has', async () => {
    const evil = '<script>alert(1)</script><img src=x onerror=alert(1)>';
    const { browser, base } = await openRecord(
      server,
      [
        condition('evil', evil),
        observation({ code: { text: evil }, valueString: evil, effectiveDateTime: '2026-01-01' }),
        {
          resourceType: 'DocumentReference',
          id: 'html',
          status: 'current',
          subject,
          content: [{ attachment: { contentType: 'text/html', data: b64(evil) } }],
        },
      ],
      { text: `Eve ${evil}` },
    );
    const file = await download(browser, base);
    // Links to the documents in the file are data URLs, which the end of this test checks.
    expect(codeIn(file).filter((place) => place !== 'a href')).toEqual([]);
    const policy = attributeOf(file, 'meta[http-equiv=Content-Security-Policy]', 'content') ?? '';
    const [style = ''] = /(?<=<style>)[\s\S]*?(?=<\/style>)/.exec(file.body) ?? [];
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; img-src data:; form-action 'none'; base-uri 'none'`,
    );
    for (const link of [...linksOf(file), ...attributesOf(file, '[src]', 'src')]) expect(link).toMatch(/^(?:#|data:)/);
    for (const link of linksOf(file).filter((one) => one.startsWith('data:')))
      expect(link).toMatch(/^data:application\/octet-stream;base64,/);
    expect(hasElement(file, 'link, iframe, object, form')).toBe(false);
  });

  it('has texts and images of documents in it, and other documents as links', async () => {
    const note = (id: string, contentType: string, text: string): Resource => ({
      resourceType: 'DocumentReference',
      id,
      status: 'current',
      subject,
      type: { text: id },
      content: [{ attachment: { contentType, data: b64(text) } }],
    });
    const { browser, base } = await openRecord(server, [
      note('plain', 'text/plain', 'Text of the note'),
      note('pdf', 'application/pdf', '%PDF-1.4'),
      note('gif', 'image/gif', 'GIF89a pixels'),
      note('not-png', 'image/png', '<svg onload="alert(1)"/>'),
    ]);
    const file = await download(browser, base);
    expect(textsOf(file, 'pre')).toEqual(['Text of the note']);
    expect(attributesOf(file, 'img', 'src')).toEqual([`data:image/gif;base64,${b64('GIF89a pixels')}`]);
    expect(attributesOf(file, 'a[download]', 'download').toSorted()).toEqual(['document.bin', 'document.pdf']);
  });

  it('says which entries were entered in error, and has nothing of another patient', async () => {
    await addPatientWithRecord(server, [condition('other', 'Secret of another')], { text: 'Somebody Else' });
    const { browser, base } = await openRecord(server, [
      condition('wrong', 'Mix-up', { verificationStatus: { coding: [{ code: 'entered-in-error' }] } }),
      condition('labeled', 'Labeled problem', { meta: { security: [{ code: 'ETH' }] } }),
    ]);
    const file = await download(browser, base);
    expect(textOf(file, 'section.entry.mistake')).toMatch(/Mix-up.*Entered by mistake/);
    expect(textOf(file)).toContain('Labeled problem');
    expect(file.body).not.toMatch(/Secret of another|Somebody Else/);
  });

  it('is in the reader’s language', async () => {
    const person = await addPatientWithRecord(server, [condition('c', 'Asthma')], { text: 'Ana' });
    const browser = new PatientBrowser(server.app);
    await browser.get('/language?to=es&return_to=/');
    await browser.signIn('/sign-in?return_to=/account', person);
    const file = await download(browser, `/account/${person.key}`);
    expect(attributeOf(file, 'html', 'lang')).toBe('es');
    expect(textOf(file)).toMatch(/Expediente de salud de Ana.*Problemas de salud.*Asthma.*Fin del expediente/);
  });
});

describe('the lab results as CSV', () => {
  const openCsv = async (resources: readonly Resource[]) => {
    const { browser, base } = await openRecord(server, resources);
    const { body } = await browser.get(`${base}/downloads/results-csv`);
    return { body, rows: readCsv(body) };
  };

  it('has one row for each result, with its panel, range, flag, status and code', async () => {
    const { rows } = await openCsv([
      a1c(7, '2026-02-03', { interpretation: [{ coding: [{ code: 'H' }] }] }),
      observation({
        code: { text: 'Blood count' },
        effectiveDateTime: '2026-01-02T15:30:00Z',
        component: [
          { code: { text: 'Platelets', coding: [{ code: '777-3', system: 'http://loinc.org' }] }, valueInteger: 250 },
          { code: { text: 'Comment, of the lab' }, valueString: 'Looks "fine"' },
        ],
      }),
    ]);
    expect(rows).toEqual([
      {
        Date: '2026-02-03',
        Time: '',
        Panel: '',
        Test: 'Hemoglobin A1c',
        Value: '7',
        Unit: '%',
        'Normal range': '4 to 5.6',
        Flag: 'High',
        Status: 'Final',
        Code: '4548-4',
        'Code system': 'http://loinc.org',
      },
      expect.objectContaining({
        Date: '2026-01-02',
        Time: '10:30',
        Panel: 'Blood count',
        Test: 'Platelets',
        Value: '250',
        Code: '777-3',
      }),
      expect.objectContaining({ Panel: 'Blood count', Test: 'Comment, of the lab', Value: 'Looks "fine"' }),
    ]);
  });

  it('names the report that a result belongs to', async () => {
    const { browser, base } = await openLinkedRecord(server, [
      {
        ...observation({
          code: { text: 'Sodium' },
          effectiveDateTime: '2026-01-01',
          valueQuantity: { value: 140, unit: 'mmol/L' },
        }),
        id: 'sodium~',
      },
      {
        resourceType: 'DiagnosticReport',
        id: 'report~',
        status: 'final',
        subject,
        code: { text: 'Metabolic panel' },
        result: [{ reference: 'Observation/sodium~' }],
      },
    ]);
    const { body } = await browser.get(`${base}/downloads/results-csv`);
    expect(readCsv(body)[0]).toMatchObject({ Panel: 'Metabolic panel', Test: 'Sodium' });
  });

  it('has all normal ranges of a result, with the people that they are for', async () => {
    const [men, women] = ['Male', 'Female'].map((text) => ({ appliesTo: [{ text }] }));
    const { rows } = await openCsv([
      a1c(13, '2026-02-03', {
        referenceRange: [
          { low: { value: 13.5, unit: '%' }, ...men },
          { low: { value: 12, unit: '%' }, ...women },
        ],
      }),
    ]);
    expect(rows[0]?.['Normal range']).toBe('from 13.5 (Male); from 12 (Female)');
  });

  it('keeps numbers exact, negative ones too, and escapes what a spreadsheet could run', async () => {
    const value = (id: string, more: object) =>
      observation({ code: { text: id }, effectiveDateTime: '2026-01-01', ...more });
    const { rows, body } = await openCsv([
      value('Base excess', { valueQuantity: { value: -2.5, unit: 'mmol/L' } }),
      value('Below', { valueQuantity: { value: 5, comparator: '<', unit: 'mg' } }),
      value('=HYPERLINK("http://evil")', { valueString: '=1+1' }),
      value('@SUM(A1)', { valueString: '-2+3+cmd' }),
    ]);
    const values = Object.fromEntries(rows.map(({ Test = '', Value = '' }) => [Test, Value]));
    expect(values).toEqual({
      'Base excess': '-2.5',
      Below: '<5',
      '\'=HYPERLINK("http://evil")': "'=1+1",
      "'@SUM(A1)": "'-2+3+cmd",
    });
    expect(body.startsWith('\ufeff')).toBe(true);
    expect(body.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('has only lab results, and none that were entered in error or are of another patient', async () => {
    await addPatientWithRecord(server, [a1c(99, '2026-01-01')]);
    const { rows } = await openCsv([
      a1c(6, '2026-01-01'),
      a1c(77, '2026-01-01', { status: 'entered-in-error' }),
      a1c(60, '2026-01-01', { category: category('vital-signs') }),
    ]);
    expect(rows.map(({ Value }) => Value)).toEqual(['6']);
  });

  it('is complete for 1,200 results', async () => {
    const many = Array.from({ length: 1200 }, (_, index) => a1c(index, '2026-01-01'));
    expect(new Set((await openCsv(many)).rows.map(({ Value }) => Value)).size).toBe(1200);
  });
});
