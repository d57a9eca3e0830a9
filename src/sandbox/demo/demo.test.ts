import { describe, expect, it } from 'vitest';
import { attributesOf, codeIn, countOf, hasElement, parse } from '../../../test/support/browser/html.ts';
import { sandboxData } from '../../../test/support/fhir/sandbox.ts';
import { demoAssets, demoFiles } from './assets.ts';
import { type DemoConfig, demoPage, LIBRARY_PATH } from './page.ts';

const config: DemoConfig = {
  clientId: 'demo',
  redirectUri: 'https://here.example/demo',
  issuer: 'https://here.example/oauth',
  revokeUrl: 'https://here.example/oauth/revoke',
  r4Base: 'https://here.example/r4',
  dstu2Base: 'https://here.example/dstu2',
  scope: 'openid patient/*.rs',
  hint: { username: 'someone', password: '</script><b>&' },
};
const text = (name: string): string => demoFiles.find(({ path }) => path === `/demo/${name}`)?.body.toString() ?? '';
const scripts = demoFiles.filter(({ path }) => path.endsWith('.js'));

/**
 * Imports a script of the demo app. The scripts are JavaScript for browsers, but the tested functions don't use the
 * DOM, so they also run in Node.
 */
const load = (name: string) => import(new URL(`assets/${name}`, import.meta.url).href);

describe('the page', () => {
  const page = demoPage(config);

  it('has no script or style that the Content Security Policy ‘self’ would block', () => {
    expect(hasElement(page, 'style, [style]')).toBe(false);
    expect(codeIn(page)).toEqual([]);
    expect(attributesOf(page, 'script:not([src])', 'id')).toEqual(['config']);
    expect(countOf(page, 'script:not([src])')).toBe(1);
  });

  it('embeds its configuration unchanged, whatever it contains', () => {
    expect(JSON.parse(parse(page)('script#config').text())).toEqual(config);
  });

  it('serves all its files, and every script import resolves', () => {
    const paths = demoAssets.map(({ path }) => path);
    const requested = [...attributesOf(page, 'link', 'href'), ...attributesOf(page, 'script', 'src')].filter((path) =>
      /^\/demo\/.*\.(css|js)$/.test(path),
    );
    expect(requested).toEqual(['/demo/demo.css', '/demo/record.css', LIBRARY_PATH, '/demo/demo.js']);
    const imported = scripts.flatMap(({ body }) =>
      [...body.toString().matchAll(/from '\.\/([^']+)'/g)].map(([, name]) => `/demo/${name}`),
    );
    expect([...requested, ...imported].filter((path) => !paths.includes(path ?? ''))).toEqual([]);
    expect(scripts.filter(({ path }) => ![...requested, ...imported].includes(path))).toEqual([]);
  });

  it('never reads data as HTML or code', () => {
    const forbidden =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function|setAttribute\('style'|localStorage/;
    expect(scripts.filter(({ body }) => forbidden.test(body.toString())).map(({ path }) => path)).toEqual([]);
    expect(text('dom.js')).toContain('append(');
  });
});

describe('the failure of a request', async () => {
  const { libraryFailure, withRetry } = await load('failure.js');
  const answered = (status: number, text: string, headers = {}) =>
    Object.assign(new Error(`${status} Status\nURL: https://here.example/oauth/token${text}`), {
      response: new Response(null, { status, headers }),
    });

  it('takes code, explanation and request id from an error of the library', () => {
    const error = answered(400, '\ninvalid_grant: The code expired: it was valid for 60 seconds.', {
      'x-request-id': 'abc-123',
    });
    expect(libraryFailure(error)).toMatchObject({
      message: 'The code expired: it was valid for 60 seconds.',
      code: 'invalid_grant',
      requestId: 'abc-123',
      again: false,
    });
    expect(libraryFailure(answered(502, '\n\n<html>'))).toMatchObject({
      message: 'The server responded with an error (status 502).',
      again: true,
      isTemporary: false,
    });
    expect(libraryFailure(new TypeError('Failed to fetch'))).toMatchObject({ again: true, isTemporary: true });
    expect(libraryFailure(new Error('No access token received'))).toMatchObject({ again: false });
  });

  it('is retried twice if it is temporary', async () => {
    const attempts: number[] = [];
    const fail = (status: number) => async () => {
      attempts.push(status);
      throw libraryFailure(answered(status, '', { 'retry-after': '0.001' }));
    };
    for (const status of [503, 500]) await expect(withRetry(fail(status))).rejects.toMatchObject({ status });
    expect(attempts).toEqual([503, 503, 503, 500]);
  });
});

const { patients } = sandboxData();
const record = (key: string) => {
  const resources = patients.find((person) => person.key === key)?.resources ?? [];
  return (type: string) => resources.filter(({ resourceType }) => resourceType === type);
};

describe('the app’s model of an R4 record', async () => {
  const { R4 } = await load('record-r4.js');
  const { seriesOf, wordsLatest, latestText } = await load('series.js');

  it.each(patients.map(({ key }) => key))('of %s has a name for every entry', (key) => {
    const of = record(key);
    const parts = ['medicines', 'allergies', 'problems', 'results', 'shots', 'visits', 'documents'];
    const items = parts.flatMap((part) => R4[part](of(R4.names[part])));
    expect(items.length).toBeGreaterThan(5);
    expect(items.filter(({ name }) => typeof name !== 'string' || name === '')).toEqual([]);
    expect(R4.person(of('Patient')[0]).practice).toBe('Sandbox Family Practice');
  });

  it('shows the official name without a courtesy title, and never a former name', () => {
    const maiden = { use: 'maiden', family: 'Jacobi', given: ['Kristie'], prefix: ['Mrs.'] };
    const official = { use: 'official', family: 'Effertz', given: ['Kristie'], prefix: ['Mrs.'], suffix: ['PhD'] };
    expect(R4.person({ name: [maiden, official] }).name).toBe('Kristie Effertz, PhD');
    expect(R4.person({ name: [{ text: 'Kristie Effertz', family: 'Effertz' }] }).name).toBe('Kristie Effertz');
    expect(R4.person({}).name).toBe('');
  });

  it('distinguishes medications that are taken, reported by the patient, planned and stopped', () => {
    const medicines = R4.medicines(record('ana')('MedicationRequest'));
    const named = (name: string) => medicines.find((each: { name: string }) => each.name === name);
    expect(named('Metformin 500 mg, extended release')).toMatchObject({
      state: 'active',
      reported: false,
      planned: false,
    });
    for (const reported of ['Aspirin 81 mg', 'Loratadine 10 mg'])
      expect(named(reported)).toMatchObject({ reported: true, planned: false });
    expect(named('Insulin glargine')).toMatchObject({ planned: true });
    expect(named('Simvastatin 20 mg')).toMatchObject({ state: 'stopped', ended: 'Side effect: sore muscles' });
  });

  it('leaves out what was entered in error', () => {
    const weights = R4.results(record('ana')('Observation')).filter(({ code }: { code: string }) => code === '29463-7');
    const values = weights.flatMap(({ value }: { value?: number }) => value ?? []);
    expect(values.length).toBeGreaterThan(10);
    expect(Math.max(...values)).toBeLessThan(100);
  });

  it('shows the components of a value, and the reason why a value is missing', async () => {
    const { DSTU2 } = await load('record-dstu2.js');
    const component = [{ code: { text: 'Position' } }];
    const given = { status: 'final', code: { text: 'Weight' }, component };
    for (const { results } of [R4, DSTU2]) {
      expect(results([{ ...given, valueQuantity: { value: 70, unit: 'kg' } }])).toMatchObject([
        { name: 'Weight', value: 70, unit: 'kg' },
      ]);
      expect(results([{ ...given, dataAbsentReason: { text: 'Not wanted' } }])).toMatchObject([
        { name: 'Weight', missing: 'Not wanted' },
      ]);
      expect(results([given])).toMatchObject([{ name: 'Position' }]);
    }
  });

  it('leaves out conditions, medications and allergies entered in error, and marks refuted ones', () => {
    const code = (value: string) => ({ coding: [{ code: value }] });
    const wrong = { verificationStatus: code('entered-in-error') };
    expect(
      R4.problems([wrong, { verificationStatus: code('refuted') }]).map(({ state }: { state: string }) => state),
    ).toEqual(['refuted']);
    expect(R4.allergies([wrong])).toEqual([]);
    expect(R4.medicines([{ status: 'entered-in-error' }])).toEqual([]);
  });

  it('distinguishes active, resolved and refuted allergies', () => {
    const states = R4.allergies(record('ana')('AllergyIntolerance')).map(
      ({ name, state }: { name: string; state: string }) => `${name.split(' ')[0]} ${state}`,
    );
    expect(states.sort()).toEqual(['Latex resolved', 'Penicillin active', 'Shellfish active', 'Sulfa refuted']);
  });

  it('charts both blood pressures together, oldest first', () => {
    const [pressure] = seriesOf(R4.results(record('ana')('Observation')));
    expect({ name: pressure.name, lines: pressure.lines.map(({ name }: { name: string }) => name) }).toEqual({
      name: 'Blood pressure',
      lines: ['Systolic', 'Diastolic'],
    });
    const days = pressure.lines[0].points.map(({ at }: { at: string }) => at);
    expect(days).toEqual(days.toSorted());
    expect(latestText(pressure, String)).toMatch(/^\d{3}\/\d{2} mmHg$/);
  });

  it('shows coded results, and why one has no value', () => {
    const words = wordsLatest(R4.results(record('ana')('Observation')));
    expect(words).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'Smoking status', word: 'Former smoker' }),
        expect.objectContaining({ name: 'Serious difficulty walking or climbing stairs', word: 'No' }),
        expect.objectContaining({ name: 'Potassium', missing: expect.stringContaining('hemolyzed') }),
      ]),
    );
  });
});

describe('the app’s model of a DSTU2 record', async () => {
  const { DSTU2 } = await load('record-dstu2.js');

  it('family names are lists, and the doctor is a careProvider', () => {
    const patient = {
      name: [{ family: ['Larkspur'], given: ['Ana'] }],
      birthDate: '1974-07-07',
      careProvider: [{ display: 'Dr. S' }],
    };
    expect(DSTU2.person(patient)).toMatchObject({ name: 'Ana Larkspur', doctor: 'Dr. S', born: '1974-07-07' });
  });

  it('an order is a MedicationOrder with dateWritten', () => {
    const order = {
      status: 'active',
      dateWritten: '2026-01-02',
      medicationCodeableConcept: { text: 'Metformin' },
      dosageInstruction: [{ text: 'Once a day' }],
    };
    expect(DSTU2.medicines([order])).toEqual([
      expect.objectContaining({ name: 'Metformin', how: 'Once a day', state: 'active', since: '2026-01-02' }),
    ]);
  });

  it('an allergy has a substance and one status', () => {
    const of = (status: string) => DSTU2.allergies([{ substance: { text: 'Peanut' }, status }])[0].state;
    expect(['active', 'confirmed', 'unconfirmed', 'resolved', 'refuted', 'inactive'].map(of)).toEqual([
      'active',
      'active',
      'active',
      'resolved',
      'refuted',
      'inactive',
    ]);
  });

  it('category, clinicalStatus and interpretation are single', () => {
    const code = (value: string) => ({ coding: [{ code: value }] });
    expect(
      DSTU2.problems([{ code: { text: 'Gout' }, category: code('diagnosis'), clinicalStatus: 'resolved' }])[0],
    ).toMatchObject({ kind: 'visit', state: 'resolved' });
    expect(DSTU2.problems([{ category: code('health-concern') }])[0].kind).toBe('concern');
    const [result] = DSTU2.results([
      {
        status: 'final',
        code: { text: 'A1c' },
        category: code('laboratory'),
        interpretation: code('H'),
        valueQuantity: { value: 7.1, unit: '%' },
      },
    ]);
    expect(result).toMatchObject({ category: 'laboratory', flag: 'high', value: 7.1, unit: '%' });
  });
});

describe('charts and dates', async () => {
  const { niceTicks, scale } = await load('chart.js');
  const { age, dateOf, day, valueText, withDays } = await load('format.js');
  const { unitText } = await load('units.js');

  it.each([[[6, 8.9]], [[70, 70]], [[0, 0]], [[0.74, 8.1]], [[-3, 4]], [[118, 2350]]])(
    'the ticks of %j include both ends and are few',
    ([low, high]) => {
      const ticks = niceTicks([low, high]);
      expect(ticks[0]).toBeLessThanOrEqual(low as number);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(high as number);
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks).toEqual(ticks.toSorted((a: number, b: number) => a - b));
    },
  );

  it('puts a single value in the middle', () =>
    expect([scale([5, 5], 0, 10)(5), scale([0, 2], 10, 0)(1)]).toEqual([5, 5]));

  it('a date stays the same in every time zone and keeps its precision', () => {
    expect(dateOf('2026-03-01').getDate()).toBe(1);
    expect([day('2026'), day('2026-03').length > 4, day(undefined)]).toEqual(['2026', true, '']);
  });

  it.each(['not a date', 'maybe 5', '2026-02-31', '2026-13', '31.12.2026', 20261231])(
    '%s isn’t a date: it is shown unchanged and gives no age',
    (odd) =>
      expect({ date: dateOf(odd), day: day(odd), age: age(odd) }).toEqual({
        date: undefined,
        day: String(odd),
        age: undefined,
      }),
  );

  it('formats the dates within a title like all others', () =>
    expect(withDays('Follow-up visit, 2026-05-12')).toBe(`Follow-up visit, ${day('2026-05-12')}`));

  it.each([
    ['mm[Hg]', 'mmHg'],
    ['Cel', '°C'],
    ['/a', 'per year'],
    ['{cigarettes}/d', 'per day'],
    ['{score}', 'points'],
    ['kg/m2', 'kg/m²'],
    ['10*3/uL', '×10³/mcL'],
    ['10^3/uL', '×10³/mcL'],
    ['10³/µL', '×10³/mcL'],
    ['mL/min/{1.73_m2}', 'mL/min/1.73 m²'],
    ['m[IU]/L', 'milliunits/L'],
    ['mIU/L', 'milliunits/L'],
    ['U/L', 'units/L'],
    ['[IU]', 'units'],
    ['ug/dL', 'mcg/dL'],
    ['umol/L', 'mcmol/L'],
    ['mg/dl', 'mg/dL'],
    ['ml', 'mL'],
    ['min', 'minutes'],
    ['[lb_av]', 'lb'],
    ['mg/dL', 'mg/dL'],
    ['%', '%'],
    ['mm/h', 'mm/h'],
    [undefined, ''],
  ])('UCUM %s is written %s', (code, written) => expect(unitText(code)).toBe(written));

  it.each([
    [27.06722703889899, '27.0672'],
    [0.005, '0.005'],
    [1234567, '1234567'],
    [1234567.89, '1234568'],
    [7, '7'],
  ])('the value %s is written %s', (value, written) => expect(valueText(value)).toBe(written));

  it.each([
    ['2026-10-30', 'newborn'],
    ['2026-10-15', '1 month old'],
    ['2024-12-01', '23 months old'],
    ['1974-11-17', '51 years old'],
    ['1974-11-16', '52 years old'],
  ])('someone born %s is %s', (born, expected) => expect(age(born, new Date('2026-11-16T12:00:00'))).toBe(expected));
});
