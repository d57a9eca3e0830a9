import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import {
  attributeOf,
  attributesOf,
  countOf,
  nextLink,
  tableRows,
  textOf,
  textsOf,
  textWithout,
} from '../support/browser/html.ts';
import { PatientBrowser } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { a1c, category, observation, openRecord } from './observations.ts';
import { addPatientWithRecord, setTimeZone, subject } from './patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const recordOf = (resources: readonly Resource[], name?: object) => openRecord(server, resources, name);

describe('the record in plain words', () => {
  it('has each section, newest first, and says what is missing', async () => {
    const problem = (id: string, text: string, more: object) => ({
      resourceType: 'Condition',
      id,
      subject,
      code: { text },
      ...more,
    });
    const { section, browser, base } = await recordOf([
      problem('c-1', 'Old cough', { onsetDateTime: '2019', clinicalStatus: { coding: [{ code: 'resolved' }] } }),
      problem('c-2', 'High blood pressure', {
        onsetDateTime: '2024-03',
        clinicalStatus: { coding: [{ code: 'active' }] },
      }),
      problem('c-3', 'A mix-up', { verificationStatus: { coding: [{ code: 'entered-in-error' }] } }),
    ]);
    expect(textOf(await browser.get(`${base}/record`))).toContain('Health problems 3 entries');
    const text = textOf(await section('problems'));
    expect(text.indexOf('High blood pressure March 2024')).toBeGreaterThan(0);
    expect(text.indexOf('High blood pressure')).toBeLessThan(text.indexOf('Old cough 2019'));
    expect(text).toContain('Status Current');
    expect(text).toMatch(/A mix-up No date on record Status Entered by mistake/);
    expect(textOf(await section('allergies'))).toContain(
      'No allergies on record. There may still be some. Tell your practice about any allergies.',
    );
    expect(textOf(await section('visits'))).toContain('Nothing on record.');
  });

  it('has the important details of medications, allergies, vaccinations and visits', async () => {
    const { section } = await recordOf([
      {
        resourceType: 'MedicationRequest',
        id: 'm-1',
        status: 'active',
        intent: 'order',
        subject,
        authoredOn: '2026-02-03',
        medicationCodeableConcept: { coding: [{ display: 'Metformin 500 mg' }] },
        dosageInstruction: [{ text: 'One tablet twice a day' }],
        requester: { display: 'Dr. Rowe' },
      },
      {
        resourceType: 'AllergyIntolerance',
        id: 'a-1',
        patient: subject,
        code: { text: 'Penicillin' },
        criticality: 'high',
        reaction: [{ manifestation: [{ text: 'Hives' }], severity: 'severe' }],
      },
      {
        resourceType: 'Immunization',
        id: 'i-1',
        status: 'not-done',
        patient: subject,
        vaccineCode: { text: 'Flu' },
        occurrenceDateTime: '2025-10-01',
      },
      {
        resourceType: 'Encounter',
        id: 'e-1',
        status: 'finished',
        class: { code: 'AMB' },
        type: [{ text: 'Office visit' }],
        subject,
        period: { start: '2026-01-05T15:00:00Z', end: '2026-01-05T15:30:00Z' },
        reasonCode: [{ text: 'Check-up' }],
      },
    ]);
    expect(textOf(await section('medicines'))).toMatch(
      /Metformin 500 mg February 3, 2026 Status Current How to take it One tablet twice a day .* Prescribed by Dr\. Rowe/,
    );
    expect(textOf(await section('allergies'))).toMatch(/Penicillin .* Reaction Hives Severity Severe, High risk/);
    expect(textOf(await section('vaccinations'))).toContain('Status Not given');
    expect(textOf(await section('visits'))).toMatch(/Office visit January 5, 2026 Reason Check-up/);
  });

  it('displays times in the practice’s time zone, and dates as they were recorded', async () => {
    const { section } = await recordOf([
      a1c(6, '2026-03-10T03:30:00Z'),
      observation({ code: { text: 'Dated' }, effectiveDateTime: '2026-03-10', valueString: 'x' }),
    ]);
    expect(textOf(await section('results'))).toContain('6% 4% to 5.6% March 9, 2026');
    await setTimeZone(server, 'Asia/Tokyo');
    const text = textOf(await section('results'));
    await setTimeZone(server, 'America/New_York');
    expect(text.match(/March 10, 2026/g)).toHaveLength(2);
  });

  it('has the participants, and the patient’s own details', async () => {
    const { section } = await recordOf(
      [
        {
          resourceType: 'RelatedPerson',
          id: 'r-1',
          patient: subject,
          name: [{ text: 'Mo Mother' }],
          relationship: [{ text: 'Mother' }],
        },
      ],
      { given: ['Ana'], family: 'Larkspur' },
    );
    expect(textOf(await section('people'))).toMatch(/Family and caregivers Mo Mother Role Mother/);
    expect(textOf(await section('about'))).toMatch(/Ana Larkspur Date of birth July 4, 1974/);
  });

  it('continues to older entries page by page', async () => {
    const many = Array.from({ length: 230 }, (_, index) => ({
      resourceType: 'Immunization',
      id: `i-${index}`,
      status: 'completed',
      patient: subject,
      vaccineCode: { text: `Shot ${index}` },
      occurrenceDateTime: `20${String(index % 20).padStart(2, '0')}-01-01`,
    }));
    const { browser, base } = await recordOf(many);
    const seen: string[] = [];
    for (let path = `${base}/record/vaccinations`; path !== ''; ) {
      const page = await browser.get(path);
      seen.push(...textsOf(page, 'h2').filter((name) => name.startsWith('Shot ')));
      path = nextLink(page) ?? '';
    }
    expect(seen).toHaveLength(230);
    expect(new Set(seen).size).toBe(230);
  });

  it('is in Spanish for a Spanish reader', async () => {
    const person = await addPatientWithRecord(server, [a1c(7.9, '2025-01-01'), a1c(6.7, '2026-01-01')]);
    const browser = new PatientBrowser(server.app);
    await browser.get('/language?to=es&return_to=/');
    await browser.signIn('/sign-in?return_to=/account', person);
    const text = textOf(await browser.get(`/account/${person.key}/record/results`));
    expect(text).toContain('Resultados de laboratorio');
    expect(text).toContain('Último: 1 de enero de 2026');
    expect(text).toContain('Rango normal: 4% a 5.6%.');
    // The page shows the text of a reference range only if that has no numbers.
    const written = { low: { value: 4, unit: '%' }, high: { value: 5.6, unit: '%' }, text: '4 to 5.6 %' };
    const other = await addPatientWithRecord(server, [
      a1c(6, '2026-01-01', { referenceRange: [written] }),
      observation({ code: { text: 'Culture' }, valueString: 'x', referenceRange: [{ text: 'No growth' }] }),
    ]);
    await browser.signIn('/sign-in?return_to=/account', other);
    const ranges = textOf(await browser.get(`/account/${other.key}/record/results`));
    expect(ranges).not.toContain('4 to 5.6');
    expect(ranges).toContain('x No growth');
  });
});

describe('results', () => {
  it('that were measured repeatedly are a line chart, with the range, an explanation and a table', async () => {
    const { section } = await recordOf([a1c(7.9, '2025-01-10'), a1c(7.1, '2025-07-10'), a1c(6.7, '2026-01-10')]);
    const page = await section('results');
    const label = attributeOf(page, 'svg.chart[role=img]', 'aria-label');
    expect(label).toBe(
      'Hemoglobin A1c: 3 values, from 7.9% (January 10, 2025) to 6.7% (January 10, 2026). Lowest 6.7%, highest 7.9%. Normal range: 4% to 5.6%.',
    );
    expect(page.body).toContain('class="band"');
    expect(textOf(page)).toContain('6.7% Latest: January 10, 2026');
    expect(textOf(page, 'details > summary')).toBe('Hemoglobin A1c: all 3 values as a table');
    expect(tableRows(page, 'details tbody tr')).toHaveLength(3);
  });

  it('that were measured once are a value without a chart', async () => {
    const page = await (await recordOf([a1c(7.9, '2025-01-10')])).section('results');
    expect(countOf(page, 'svg.chart')).toBe(0);
    expect(textOf(page)).toContain('7.9%');
  });

  it('of blood pressure are two lines, distinguished by more than color', async () => {
    const pressure = (upper: number, lower: number, date: string) =>
      observation({
        category: category('vital-signs'),
        code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] },
        effectiveDateTime: date,
        component: [
          { code: { coding: [{ code: '8480-6' }] }, valueQuantity: { value: upper, unit: 'mm[Hg]' } },
          { code: { coding: [{ code: '8462-4' }] }, valueQuantity: { value: lower, unit: 'mm[Hg]' } },
        ],
      });
    const page = await (await recordOf([pressure(142, 91, '2025-01-10'), pressure(128, 82, '2026-01-10')])).section(
      'measurements',
    );
    expect(attributesOf(page, 'g.line', 'class')).toEqual(['line line-0', 'line line-1']);
    expect(textOf(page)).toContain('128 / 82 mmHg');
    expect(attributeOf(page, 'svg.chart', 'aria-label')).toContain('Blood pressure, Upper (systolic): 2 values');
    expect(textOf(page)).toContain('Lower (diastolic)');
  });

  it('in another unit are another line, and “less than” is not a point of it', async () => {
    const page = await (
      await recordOf([
        a1c(7.9, '2025-01-10'),
        a1c(7.1, '2025-02-10'),
        a1c(54, '2025-03-10', { valueQuantity: { value: 54, unit: 'mmol/mol' }, referenceRange: [] }),
        a1c(4, '2025-04-10', { valueQuantity: { value: 4, comparator: '<', unit: '%' } }),
      ])
    ).section('results');
    expect(countOf(page, 'svg.chart')).toBe(1);
    expect(countOf(page, 'circle')).toBe(2);
    expect(textOf(page)).toContain('less than 4%');
  });

  it('of two laboratories with the same local code are two charts, and one chart with the same LOINC code', async () => {
    const coded = (system: string, code: string, text: string, value: number, date: string) =>
      observation({
        code: { text, coding: [{ system, code }] },
        effectiveDateTime: date,
        valueQuantity: { value, unit: 'mg/dL' },
      });
    const loinc = { system: 'http://loinc.org', code: '2345-7' };
    const both = (coding: readonly object[], date: string) =>
      observation({
        code: { text: 'Sugar', coding },
        effectiveDateTime: date,
        valueQuantity: { value: 90, unit: 'g' },
      });
    const page = await (
      await recordOf([
        coded('urn:lab:north', '1001', 'Glucose', 90, '2026-01-01'),
        coded('urn:lab:south', '1001', 'Potassium', 4, '2026-01-15'),
        both([loinc, { system: 'urn:lab:north', code: 'S' }], '2026-01-01'),
        both([{ system: 'urn:lab:north', code: 'S' }, loinc], '2026-02-01'),
      ])
    ).section('results');
    expect(textsOf(page, '.results tbody th')).toEqual(['Sugar', 'Potassium', 'Glucose']);
    expect(countOf(page, 'svg.chart')).toBe(1);
  });

  it('of blood pressure in two units share no scale', async () => {
    const pressure = (unit: string, other: string, upper: number, lower: number, date: string) =>
      observation({
        category: category('vital-signs'),
        code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }], text: 'Blood pressure panel' },
        effectiveDateTime: date,
        component: [
          { code: { text: 'Upper', coding: [{ code: '8480-6' }] }, valueQuantity: { value: upper, unit } },
          { code: { text: 'Lower', coding: [{ code: '8462-4' }] }, valueQuantity: { value: lower, unit: other } },
        ],
      });
    const page = await (
      await recordOf([
        pressure('mm[Hg]', 'mm[Hg]', 120, 80, '2026-01-01'),
        pressure('mm[Hg]', 'mm[Hg]', 122, 82, '2026-01-02'),
        pressure('kPa', 'kPa', 16, 11, '2026-02-01'),
        pressure('mm[Hg]', 'kPa', 120, 11, '2026-03-01'),
      ])
    ).section('measurements');
    expect(countOf(page, 'svg.chart')).toBe(1);
    expect(countOf(page, 'circle')).toBe(4);
    expect(textOf(page)).toContain('16 / 11 kPa');
    expect(textOf(page)).toContain('Blood pressure panel Upper: 120 mmHg; Lower: 11 kPa');
  });

  it('have the same days in the chart as in the table, in the practice’s time zone', async () => {
    const page = await (await recordOf([a1c(7.9, '2025-03-10T03:30:00Z'), a1c(7.1, '2026-03-10T03:30:00Z')])).section(
      'results',
    );
    const ticks = textsOf(page, 'text.tick');
    expect(ticks.slice(-2)).toEqual(['March 9, 2025', 'March 9, 2026']);
  });

  it('that are a word, a panel or missing are in tables, with the reason', async () => {
    const { section } = await recordOf([
      observation({
        code: { text: 'Strep test' },
        effectiveDateTime: '2026-01-01',
        valueCodeableConcept: { text: 'Negative' },
      }),
      observation({
        code: { text: 'Apgar' },
        effectiveDateTime: '2026-01-02',
        component: [
          { code: { text: 'Color' }, valueInteger: 2 },
          { code: { text: 'Pulse' }, valueInteger: 1 },
        ],
      }),
      observation({ code: { text: 'Lead' }, dataAbsentReason: { coding: [{ code: 'not-performed' }] } }),
      observation({ code: { text: 'Panel' }, hasMember: [{ reference: 'Observation/o-1' }] }),
      a1c(7, '2026-01-03', { status: 'entered-in-error' }),
      a1c(8, '2026-01-04', { interpretation: [{ coding: [{ code: 'H' }] }], status: 'preliminary' }),
    ]);
    const text = textOf(await section('results'));
    expect(text).toContain('Strep test Negative');
    expect(text).toContain('Apgar Color: 2; Pulse: 1');
    expect(text).toMatch(/Lead Not done No date on record/);
    expect(text).not.toContain('Panel');
    expect(text).not.toContain('7%');
    expect(text).toContain('8% High; Preliminary: may still change');
  });

  it('are rounded beyond six digits, and have the exact value in the details', async () => {
    const bmi = (value: number, date: string) =>
      observation({
        code: { text: 'Body mass index' },
        effectiveDateTime: date,
        valueQuantity: { value, unit: 'kg/m2', code: 'kg/m2', system: 'http://unitsofmeasure.org' },
      });
    const once = await (await recordOf([bmi(27.06722703889899, '2026-01-01')])).section('results');
    const overview = textWithout(once, 'main', 'details');
    expect(overview).toContain('27.0672 kg/m²');
    expect(overview).not.toContain('27.06722703889899');
    expect(textOf(once, 'details')).toBe('Exact value 27.06722703889899 kg/m²');
    const values = [bmi(27.06722703889899, '2026-01-01'), bmi(27.1, '2026-01-02')];
    const twice = await (await recordOf(values)).section('results');
    expect(tableRows(twice, 'details tbody tr')).toEqual([
      ['January 2, 2026', '27.1 kg/m²', '27.1 kg/m²'],
      ['January 1, 2026', '27.0672 kg/m²', '27.06722703889899 kg/m²'],
    ]);
    expect(attributeOf(twice, 'svg.chart', 'aria-label')).toContain('from 27.0672 kg/m² (January 1, 2026)');
  });

  it('have only the flags of the sender, also those of their parts', async () => {
    const flagged = (code: string) => [{ coding: [{ code }] }];
    const { section } = await recordOf([
      a1c(9.9, '2026-01-01'),
      a1c(5, '2026-01-02', { interpretation: flagged('HH') }),
      a1c(5.1, '2026-01-03', { interpretation: flagged('N') }),
      a1c(5.2, '2026-01-04', { interpretation: [...flagged('L'), { text: 'See comment' }] }),
      observation({
        code: { text: 'Blood gas' },
        effectiveDateTime: '2026-01-05',
        component: [{ code: { text: 'pH' }, valueQuantity: { value: 7.1 }, interpretation: flagged('LL') }],
      }),
    ]);
    const page = await section('results');
    expect(tableRows(page, 'details tbody tr').map(([, value, , flag]) => [value, flag])).toEqual([
      ['5.2%', 'Low, See comment'],
      ['5.1%', ''],
      ['5%', 'Critically high'],
      ['9.9%', ''],
    ]);
    expect(textOf(page)).toContain('pH: 7.1 pH: Critically low');
  });

  it('have the unit of a range once', async () => {
    const [low, high] = [12, 15.5].map((value) => ({ value, unit: 'g/dL' }));
    const { section } = await recordOf([a1c(13, '2026-01-01', { referenceRange: [{ low, high }] })]);
    expect(textOf(await section('results'))).toContain('Normal range Date Hemoglobin A1c 13% 12 to 15.5 g/dL');
  });

  it('have all normal ranges with the people that they are for, and no shaded area', async () => {
    const range = (low: number, more: object) => ({ low: { value: low, unit: 'g/dL' }, ...more });
    const hemoglobin = (date: string, referenceRange: readonly object[]) =>
      observation({
        code: { text: 'Hemoglobin' },
        effectiveDateTime: date,
        valueQuantity: { value: 13, unit: 'g/dL' },
        referenceRange,
      });
    const men = range(13.5, { appliesTo: [{ text: 'Male' }] });
    const women = range(12, {
      appliesTo: [{ text: 'Female' }],
      age: { low: { value: 18, unit: 'years' }, high: { value: 64, unit: 'years' } },
    });
    const pageOf = async (...ranges: readonly object[]) => {
      const { section } = await recordOf([hemoglobin('2026-01-01', ranges), hemoglobin('2026-01-02', ranges)]);
      return section('results');
    };
    const both = await pageOf(men, women);
    expect(textOf(both)).toContain('Normal range: from 13.5 g/dL (Male); from 12 g/dL (Female, age 18 to 64 years).');
    expect(textOf(await pageOf(men))).toContain('Normal range: from 13.5 g/dL (Male).');
    expect(textOf(await pageOf(range(12, {}), range(13, {})))).toContain('Normal range: from 12 g/dL; from 13 g/dL.');
    for (const page of [both, await pageOf(men), await pageOf(range(12, {}), range(13, {}))])
      expect({ charts: countOf(page, 'svg.chart'), bands: countOf(page, 'svg .band') }).toEqual({
        charts: 1,
        bands: 0,
      });
    expect(countOf(await pageOf(range(12, {}), range(12, {})), 'svg .band')).toBe(1);
  });

  it('call only a normal range normal', async () => {
    const range = (type: object | undefined, low: number) => ({ low: { value: low, unit: '%' }, type });
    const therapeutic = range({ coding: [{ code: 'therapeutic' }] }, 6);
    const { section } = await recordOf([
      a1c(5, '2026-01-01', { referenceRange: [therapeutic, range({ coding: [{ code: 'normal' }] }, 4)] }),
    ]);
    expect(textOf(await section('results'))).toContain('Normal range Date Hemoglobin A1c 5% from 4%');
    const other = await recordOf([a1c(5, '2026-01-01', { referenceRange: [therapeutic, range({ text: 'Goal' }, 3)] })]);
    expect(textOf(await other.section('results'))).not.toContain('Normal range');
  });
});
