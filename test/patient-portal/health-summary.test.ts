import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { countOf, parse, textOf } from '../support/browser/html.ts';
import { PatientBrowser } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { downloadFile, readPdf } from './downloaded-files.ts';
import { addPatientWithRecord, signInBrowser, subject } from './patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const coded = (code: string) => ({ coding: [{ code }] });

let ids = 0;
const resource = (resourceType: string, more: object): Resource => {
  ids += 1;
  return { resourceType, id: `entry-${ids}`, ...more } as Resource;
};
const allergy = (text: string, more: object = {}) =>
  resource('AllergyIntolerance', { patient: subject, code: { text }, clinicalStatus: coded('active'), ...more });
const medicine = (text: string, more: object = {}) =>
  resource('MedicationRequest', {
    subject,
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { text },
    ...more,
  });
const problem = (text: string, more: object = {}) =>
  resource('Condition', { subject, code: { text }, clinicalStatus: coded('active'), ...more });
const lab = (text: string, day: string, more: object = {}) =>
  resource('Observation', {
    status: 'final',
    subject,
    category: [coded('laboratory')],
    code: { text },
    effectiveDateTime: day,
    valueQuantity: { value: 5, unit: 'mmol/L' },
    ...more,
  });
const flagged = (code: string) => ({ interpretation: [coded(code)] });

/** Opens the summary of a new patient, as a page and as a PDF. */
async function openSummary(resources: readonly Resource[], name?: object) {
  const person = await addPatientWithRecord(server, resources, name);
  const browser = await signInBrowser(server, person);
  const base = `/account/${person.key}`;
  const page = await browser.get(`${base}/summary`);
  const file = await downloadFile(server, browser, `${base}/downloads/summary-pdf`);
  expect({ page: page.status, file: file.statusCode }).toEqual({ page: 200, file: 200 });
  return { person, browser, base, page, text: textOf(page), file, pdf: await readPdf(file.rawPayload) };
}

/** Rows of the table below a heading of the page, each with the name of its entry. */
function rowsBelow(page: { readonly body: string }, heading: string): string[][] {
  const $ = parse(page);
  return $(`section:has(h2:contains("${heading}")) tbody tr`)
    .toArray()
    .map((row) =>
      $(row)
        .children()
        .toArray()
        .map((cell) => $(cell).text().trim()),
    );
}

describe('the health summary, on the page and as a PDF', () => {
  it('names patient, source and date, and says that it is the patient’s copy', async () => {
    const { text, pdf } = await openSummary([], { text: 'Pat Summary' });
    for (const one of [text, pdf.text]) {
      expect(one).toMatch(/Patient copy\. Created in Patient Access on \w+ \d+, \d{4} at/);
      expect(one).toContain('Source: the record at Live practice.');
      expect(one).toContain('No clinician has checked or signed this copy.');
      expect(one).toMatch(/Pat Summary.*July 4, 1974.*Sex on record Other/);
    }
  });

  it('has medical record numbers and no number that is used for identity theft', async () => {
    const person = await addPatientWithRecord(server);
    await server.db.queryText(
      `update resource set content = jsonb_set(content::jsonb, '{identifier}', $2::jsonb)::text
       where type = 'Patient' and id = $1`,
      [
        person.patientId,
        JSON.stringify([
          { type: coded('MR'), value: 'MRN-77' },
          { type: coded('SS'), value: '999-51-9038' },
          { value: '999-51-9039' },
          { system: 'http://hl7.org/fhir/sid/us-ssn', value: '999-51-9040' },
          { type: coded('MC'), value: 'medicare-1' },
        ]),
      ],
    );
    const browser = await signInBrowser(server, person);
    const text = textOf(await browser.get(`/account/${person.key}/summary`));
    expect(text).toContain('MRN-77');
    expect(text).not.toMatch(/Social Security|90(?:38|39|40)|medicare-1/);
  });

  it('lists allergies first, with reaction and criticality, and says which are unconfirmed or ruled out', async () => {
    const { page, text, pdf } = await openSummary([
      allergy('Penicillin', { criticality: 'high', reaction: [{ manifestation: [{ text: 'Hives' }] }] }),
      allergy('Latex', { verificationStatus: coded('unconfirmed') }),
      allergy('Peanut', { verificationStatus: coded('refuted') }),
      allergy('Wool', { verificationStatus: coded('entered-in-error') }),
      allergy('Milk', { clinicalStatus: coded('resolved') }),
      medicine('Metformin'),
    ]);
    expect(rowsBelow(page, 'Allergies').toSorted()).toEqual([
      ['Latex', 'Not on record', 'Not on record', 'Not confirmed'],
      ['Penicillin', 'Hives', 'High risk', ''],
    ]);
    for (const one of [text, pdf.text]) {
      expect(one).toContain('Ruled out: Peanut.');
      expect(one).toContain('The full record has 1 more entry that isn’t marked as current.');
      expect(one).not.toMatch(/Wool|Milk/);
      expect(one.indexOf('Penicillin')).toBeLessThan(one.indexOf('Metformin'));
    }
  });

  it('never says that there are no allergies, unless the record does', async () => {
    const none = await openSummary([]);
    for (const one of [none.text, none.pdf.text])
      expect(one).toContain('No allergies are listed in this record. That doesn’t mean there are none.');
    const known = await openSummary([allergy('No known allergies')]);
    expect(rowsBelow(known.page, 'Allergies')[0]?.[0]).toBe('No known allergies');
    expect(known.text).not.toContain('No allergies are listed');
  });

  it('shows dose and directions, in the prescriber’s words or from the coded dosage', async () => {
    const dosage = (repeat: object) => ({
      dosageInstruction: [
        { doseAndRate: [{ doseQuantity: { value: 2, unit: 'tablet' } }], timing: { repeat }, asNeededBoolean: true },
      ],
    });
    const { page } = await openSummary([
      medicine('Words', { dosageInstruction: [{ text: 'One tablet at night' }], authoredOn: '2026-01-04' }),
      medicine('Codes', { ...dosage({ frequency: 3, period: 1, periodUnit: 'd' }), authoredOn: '2026-01-03' }),
      medicine('Hours', { ...dosage({ frequency: 1, period: 6, periodUnit: 'h' }), authoredOn: '2026-01-02' }),
      medicine('More', {
        ...dosage({ frequency: 1, period: 1, periodUnit: 'd', when: ['HS'] }),
        authoredOn: '2026-01-01',
      }),
      medicine('Nothing', { authoredOn: '2025-01-01' }),
    ]);
    expect(rowsBelow(page, 'Current medicines').map(([name, directions]) => [name, directions])).toEqual([
      ['Words', 'One tablet at night'],
      ['Codes', 'Dose: 2 tablets, 3 times a day, as needed'],
      ['Hours', 'Dose: 2 tablets, once every 6 hours, as needed'],
      ['More', 'Dose: 2 tablets, the record has more directions, as needed'],
      ['Nothing', 'Not on record'],
    ]);
  });

  it('names the prescriber of a medicine', async () => {
    const { page } = await openSummary([medicine('Metformin', { requester: { display: 'Dr. Rowe' } })]);
    expect(rowsBelow(page, 'Current medicines')[0]).toContain('Dr. Rowe');
    expect(textOf(page, 'thead')).toContain('Prescribed by');
  });

  it('keeps two prescriptions of a medicine apart if their directions differ', async () => {
    const { page } = await openSummary([
      medicine('Warfarin', { dosageInstruction: [{ text: '5 mg on Mondays' }] }),
      medicine('Warfarin', { dosageInstruction: [{ text: '2 mg on other days' }] }),
      medicine('Aspirin', { authoredOn: '2025-01-01' }),
      medicine('Aspirin', { authoredOn: '2026-01-01' }),
    ]);
    const rows = rowsBelow(page, 'Current medicines');
    expect(rows.filter(([name]) => name === 'Warfarin')).toHaveLength(2);
    expect(rows.filter(([name]) => name === 'Aspirin')).toEqual([['Aspirin', 'Not on record', 'January 1, 2026']]);
  });

  it('lists medicines and problems as current only if they haven’t ended', async () => {
    const { page, text, pdf } = await openSummary([
      medicine('Metformin'),
      resource('MedicationStatement', {
        subject,
        status: 'active',
        medicationCodeableConcept: { text: 'Amoxicillin' },
        effectivePeriod: { start: '2019-01-01', end: '2019-01-10' },
      }),
      problem('Asthma'),
      problem('Coming', { abatementDateTime: '2999-01-01' }),
      problem('Bronchitis', { abatementDateTime: '2019-02-01' }),
      problem('Broken arm', { abatementPeriod: { start: '2018-01-01', end: '2018-03-01' } }),
    ]);
    expect(rowsBelow(page, 'Current medicines').map(([name]) => name)).toEqual(['Metformin']);
    expect(
      rowsBelow(page, 'Current health problems')
        .map(([name]) => name)
        .toSorted(),
    ).toEqual(['Asthma', 'Coming']);
    for (const one of [text, pdf.text]) {
      expect(one).toMatch(/Metformin.*The full record has 1 more entry that isn’t marked as current\./);
      expect(one).toMatch(/Asthma.*The full record has 2 more entries\./);
      expect(one).not.toMatch(/Amoxicillin|Bronchitis|Broken arm/);
    }
  });

  it('lists medicines that must not be taken before the current ones, and doesn’t count them as left out', async () => {
    const { page, text, pdf } = await openSummary([
      medicine('Metformin'),
      medicine('Codeine', {
        doNotPerform: true,
        reasonCode: [{ text: 'Slow breathing' }],
        note: [{ text: 'Nor any other opioid' }],
      }),
      medicine('Tramadol', { doNotPerform: true, status: 'completed' }),
    ]);
    expect(rowsBelow(page, 'Not to be taken').map((cells) => cells.slice(0, 3))).toEqual([
      ['Codeine', 'Not to be taken: Nor any other opioid', 'Slow breathing'],
    ]);
    expect(rowsBelow(page, 'Current medicines').map(([name]) => name)).toEqual(['Metformin']);
    for (const one of [text, pdf.text]) {
      expect(one.indexOf('Codeine')).toBeLessThan(one.indexOf('Metformin'));
      expect(one).toContain('The full record has 1 more entry that isn’t marked as current.');
    }
    expect(textOf((await openSummary([medicine('Metformin')])).page)).not.toContain('Not to be taken');
  });

  it('says since when a problem exists: its oldest onset, and never the day on which it was recorded', async () => {
    const { page, pdf } = await openSummary([
      problem('Asthma', { onsetDateTime: '2019-05-01', recordedDate: '2019-05-02' }),
      problem('Asthma', { onsetDateTime: '2004', recordedDate: '2026-02-01' }),
      problem('Asthma', { recordedDate: '2026-03-01' }),
      problem('Eczema', { onsetString: 'childhood', recordedDate: '2026-01-01' }),
      problem('Eczema', { onsetPeriod: { start: '2012-03' } }),
      problem('Gout', { recordedDate: '2026-03-01' }),
    ]);
    expect(rowsBelow(page, 'Current health problems').toSorted()).toEqual([
      ['Asthma', '2004'],
      ['Eczema', 'March 2012; childhood'],
      ['Gout', ''],
    ]);
    expect(pdf.text).not.toMatch(/January 1, 2026|February 1, 2026|March 1, 2026/);
  });

  it('has the latest result of each test, all flagged ones, and says what it leaves out', async () => {
    const { page, text, pdf } = await openSummary([
      lab('Glucose', '2026-06-01'),
      lab('Glucose', '2026-03-01', flagged('H')),
      lab('Glucose', '2026-02-01', flagged('N')),
      lab('Glucose', '2025-02-01', flagged('H')),
      lab('Sodium', '2025-06-15', { referenceRange: [{ low: { value: 135 }, high: { value: 145 } }] }),
      lab('Lead', '2019-01-01', flagged('HH')),
      lab('Iron', '2019-01-01'),
      lab('Mix-up', '2026-06-02', { status: 'entered-in-error' }),
      lab('Canceled test', '2026-05-01', { status: 'cancelled' }),
    ]);
    const rows = rowsBelow(page, 'Recent lab results');
    expect(rows.map(([test, , , flag, date]) => [test, flag, date])).toEqual([
      ['Glucose', '', 'June 1, 2026'],
      ['Glucose', 'High', 'March 1, 2026'],
      ['Sodium', '', 'June 15, 2025'],
      ['Lead', 'Critically high', 'January 1, 2019'],
    ]);
    expect(rows[2]?.[2]).toBe('135 to 145');
    for (const one of [text, pdf.text]) {
      expect(one).toContain('the latest result of each test in the 12 months up to June 1, 2026.');
      expect(one).toContain('The full record has 3 more entries.');
      expect(one).not.toMatch(/Mix-up|Canceled test/);
    }
  });

  it('lists a result with a future date, but never instead of the recent ones', async () => {
    const { page, text, pdf } = await openSummary([
      lab('Glucose', '2092-06-01'),
      lab('Glucose', '2026-06-01'),
      lab('Sodium', '2026-05-01'),
      lab('Iron', '2019-01-01'),
    ]);
    expect(rowsBelow(page, 'Recent lab results')).toEqual([
      ['Glucose', '5 mmol/L', 'June 1, 2092'],
      ['Glucose', '5 mmol/L', 'June 1, 2026'],
      ['Sodium', '5 mmol/L', 'May 1, 2026'],
    ]);
    for (const one of [text, pdf.text]) {
      expect(one).toContain('in the 12 months up to June 1, 2026.');
      expect(one).toContain('A date in this list is in the future. It may be wrong.');
    }
  });

  it('shows the latest value of a test, not a later answer without a value', async () => {
    const { page } = await openSummary([
      lab('Ferritin', '2026-05-01', { valueQuantity: undefined, dataAbsentReason: coded('error') }),
      lab('Ferritin', '2026-04-01'),
    ]);
    expect(rowsBelow(page, 'Recent lab results')).toEqual([['Ferritin', '5 mmol/L', 'April 1, 2026']]);
    expect(textOf(page)).not.toContain('is in the future');
  });

  it('has all dates of a vaccine, and visits that took place', async () => {
    const shot = (day: string) =>
      resource('Immunization', {
        status: 'completed',
        patient: subject,
        vaccineCode: { text: 'Flu shot' },
        occurrenceDateTime: day,
      });
    const visit = (text: string, status: string) =>
      resource('Encounter', {
        status,
        subject,
        class: { code: 'AMB' },
        type: [{ text }],
        period: { start: '2026-01-05' },
      });
    const { page, text } = await openSummary([
      shot('2025-10-01'),
      shot('2024-10-02'),
      visit('Check-up', 'finished'),
      visit('Missed visit', 'cancelled'),
    ]);
    expect(rowsBelow(page, 'Vaccinations')).toEqual([['Flu shot', 'October 1, 2025; October 2, 2024']]);
    expect(rowsBelow(page, 'Recent visits')).toEqual([['Check-up', 'January 5, 2026']]);
    expect(text).not.toContain('Missed visit');
  });

  it('has labeled entries, as the record page does, and nothing of another patient', async () => {
    await addPatientWithRecord(server, [problem('Secret of another'), lab('Their test', '2026-01-01')]);
    const { text, pdf } = await openSummary([
      problem('Labeled problem', {
        meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'ETH' }] },
      }),
    ]);
    for (const one of [text, pdf.text]) {
      expect(one).toContain('Labeled problem');
      expect(one).not.toMatch(/Secret of another|Their test/);
    }
  });

  it('is in Spanish, with medical content as recorded', async () => {
    const person = await addPatientWithRecord(server, [allergy('Penicillin')]);
    const browser = new PatientBrowser(server.app);
    await browser.get('/language?to=es&return_to=/');
    await browser.signIn('/sign-in?return_to=/account', person);
    const base = `/account/${person.key}`;
    const file = await downloadFile(server, browser, `${base}/downloads/summary-pdf`);
    const pdf = await readPdf(file.rawPayload);
    for (const one of [textOf(await browser.get(`${base}/summary`)), pdf.text]) {
      expect(one).toContain('Copia del paciente. Creada en Patient Access el');
      expect(one).toMatch(/Alergias.*Penicillin/);
      expect(one).toContain('no figura ninguna medicina actual');
    }
    expect(pdf.info['Language']).toBe('es');
  });
});

describe('summaries that one person opens at the same time', () => {
  it('are loaded one after the other, so that other pages still open', async () => {
    const person = await addPatientWithRecord(server);
    const browser = await signInBrowser(server, person);
    const base = `/account/${person.key}`;
    const requests = await server.db.transaction(async (tx) => {
      // No summary can be loaded until this transaction ends.
      await tx.queryText('lock table resource in access exclusive mode', []);
      const all = Array.from({ length: 12 }, () => browser.get(`${base}/summary`));
      // One is being loaded and ten wait, so the last one is rejected.
      const rejected = await Promise.race(all);
      expect(rejected.status).toBe(503);
      expect(textOf(rejected)).toContain('Many summaries are being made right now. Try again in a few seconds.');
      expect((await browser.get(`${base}/downloads`)).status).toBe(200);
      return all;
    });
    const statuses = (await Promise.all(requests)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([...Array.from({ length: 11 }, () => 200), 503]);
  });
});

describe('the PDF', () => {
  it('is tagged, has a title and a language, and US letter pages', async () => {
    const { pdf } = await openSummary([allergy('Penicillin')]);
    expect(pdf.isTagged).toBe(true);
    expect(pdf.info).toMatchObject({ Title: 'Health summary', Language: 'en' });
    expect([...pdf.roles]).toEqual(expect.arrayContaining(['Document', 'H1', 'H2', 'P', 'Table', 'TR', 'TH', 'TD']));
    expect(new Set(pdf.sizes.map(String))).toEqual(new Set(['0,0,612,792']));
  });

  it('has the patient’s name, birth date and the page number on every page, and whole rows', async () => {
    const many = Array.from({ length: 100 }, (_, index) =>
      medicine(`Medicine ${index} begins`, {
        dosageInstruction: [{ text: `${'Take it as directed. '.repeat(8)}Row ${index} ends` }],
      }),
    );
    const { pdf } = await openSummary(many, { text: 'Paula Pages' });
    expect(pdf.pages.length).toBeGreaterThan(4);
    for (const [index, page] of pdf.pages.entries()) {
      expect(page).toContain('Paula Pages · Born July 4, 1974');
      expect(page).toContain('Patient copy.');
      expect(page).toContain(`Page ${index + 1} of ${pdf.pages.length}`);
      const begun = [...page.matchAll(/Medicine (\d+)/g)].map(([, number]) => number);
      const ended = [...page.replaceAll(/\s+/g, ' ').matchAll(/Row (\d+) ends/g)].map(([, number]) => number);
      expect(ended).toEqual(begun);
    }
  });

  it('prints names of many languages, and shows where a character is missing', async () => {
    const { pdf } = await openSummary([problem('Łukasz Nguyễn peña ≥ 5 mg')], { text: 'Łukasz Nguyễn Peña' });
    expect(pdf.text).toContain('Łukasz Nguyễn Peña · Born');
    expect(pdf.text).toContain('Łukasz Nguyễn peña ≥ 5 mg');
    expect(pdf.text).not.toContain('□');
    const other = await openSummary([], { text: '王 Wei' });
    expect(other.pdf.text).toContain('□ Wei');
    expect(other.pdf.text).toContain('The symbol □ stands for a character that this file can’t show.');
  });

  it('is limited, and says how many entries it leaves out', async () => {
    const many = Array.from({ length: 140 }, (_, index) => allergy(`Allergy ${index}`));
    const { page, pdf } = await openSummary(many);
    expect(countOf(page, 'section:has(h2:contains("Allergies")) tbody tr')).toBe(100);
    expect(pdf.text).toContain('The full record has 40 more entries.');
  });
});
