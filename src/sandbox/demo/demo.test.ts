import { describe, expect, it } from 'vitest';
import { attributesOf, codeIn, countOf, hasElement, parse } from '../../../test/support/browser/html.ts';
import { demoAssets, demoFiles } from './assets.ts';
import { LIBRARY_PATH } from './document.ts';
import { type DemoConfig, demoPage } from './page.ts';
import { staffPage } from './staff-page.ts';

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

const { hint, ...server } = config;
const staffConfig = { ...server, hint, launcher: 'https://here.example/launch', chart: 'https://here.example/chart' };
const pages = {
  patient: demoPage(config),
  launch: staffPage(staffConfig, 'launch.js'),
  visit: staffPage(staffConfig, 'visit.js'),
};

describe.each(Object.entries(pages))('the page %s', (name, page) => {
  it('has no script or style that the Content Security Policy ‘self’ would block', () => {
    expect(hasElement(page, 'style, [style]')).toBe(false);
    expect(codeIn(page)).toEqual([]);
    expect(attributesOf(page, 'script:not([src])', 'id')).toEqual(['config']);
    expect(countOf(page, 'script:not([src])')).toBe(1);
  });

  it('embeds its configuration unchanged, whatever it contains', () => {
    expect(JSON.parse(parse(page)('script#config').text())).toEqual(name === 'patient' ? config : staffConfig);
  });
});

describe('the files of both apps', () => {
  it('are all served, and every script import resolves', () => {
    const paths = demoAssets.map(({ path }) => path);
    const requested = Object.values(pages).flatMap((page) =>
      [...attributesOf(page, 'link', 'href'), ...attributesOf(page, 'script', 'src')].filter((path) =>
        /^\/demo\/.*\.(css|js)$/.test(path),
      ),
    );
    expect([...new Set(requested)].sort()).toEqual([
      LIBRARY_PATH,
      '/demo/patient/demo.js',
      '/demo/shared/app.css',
      '/demo/shared/record.css',
      '/demo/staff/launch.js',
      '/demo/staff/staff.css',
      '/demo/staff/visit.js',
    ]);
    const imported = scripts.flatMap(({ path, body }) =>
      [...body.toString().matchAll(/(?:from|import) '(\.[^']+)'/g)].map(
        ([, target]) => new URL(target ?? '', `https://here.example${path}`).pathname,
      ),
    );
    expect([...requested, ...imported].filter((path) => !paths.includes(path))).toEqual([]);
    expect(scripts.filter(({ path }) => ![...requested, ...imported].includes(path))).toEqual([]);
  });

  it('share code only through the shared folder', () => {
    const between = scripts.filter(({ path, body }) => {
      const others = path.startsWith('/demo/staff/') ? 'patient' : 'staff';
      const isShared = path.startsWith('/demo/shared/');
      return new RegExp(isShared ? "from '\\.\\./" : `from '\\.\\./${others}/`).test(body.toString());
    });
    expect(between.map(({ path }) => path)).toEqual([]);
  });

  it('never reads data as HTML or code', () => {
    const forbidden =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function|setAttribute\('style'|localStorage/;
    expect(scripts.filter(({ body }) => forbidden.test(body.toString())).map(({ path }) => path)).toEqual([]);
    expect(text('shared/dom.js')).toContain('append(');
  });
});

describe('the failure of a request', async () => {
  const { libraryFailure, withRetry } = await load('shared/failure.js');
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

it.each(['patient', 'staff', 'shared'])('the %s texts are the same in English and Spanish', async (folder) => {
  const { english } = await load(`${folder}/messages-en.js`);
  const { spanish } = await load(`${folder}/messages-es.js`);
  const keysOf = (messages: object): unknown[] =>
    Object.entries(messages).map(([key, value]) => [key, typeof value === 'object' ? keysOf(value) : typeof value]);
  expect(keysOf(spanish)).toEqual(keysOf(english));
});

describe('charts and dates', async () => {
  const { niceTicks, scale } = await load('shared/chart.js');
  const { age, dateOf, day, moment, valueText, withDays } = await load('shared/format.js');
  const { unitText } = await load('shared/units.js');

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
    expect({ flat: scale([5, 5], 0, 10)(5), reversed: scale([0, 2], 10, 0)(1) }).toEqual({ flat: 5, reversed: 5 }));

  it('a date stays the same in every time zone and keeps its precision', () => {
    expect(dateOf('2026-03-01').getDate()).toBe(1);
    expect({ year: day('2026'), hasDay: day('2026-03').length > 4, missing: day(undefined) }).toEqual({
      year: '2026',
      hasDay: true,
      missing: '',
    });
  });

  it('a time is that of the place where it was recorded, with its time zone', () => {
    expect(moment('2026-08-20T10:15:00-07:00')).toMatch(/^Aug 20, 2026, 10:15\sAM (?:GMT-7|PDT|MST)$/);
    expect(day('2026-08-20T23:30:00-11:00')).toBe('Aug 20, 2026');
    expect(moment('2026-08-20T10:15:00Z')).toMatch(/[A-Z]/);
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
    ['{score}', ''],
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
    [1e-7, '0.0000001'],
  ])('the value %s is written %s', (value, written) => expect(valueText(value)).toBe(written));

  it.each([
    ['2026-10-30', 'newborn'],
    ['2026-10-15', '1 month old'],
    ['2024-12-01', '23 months old'],
    ['1974-11-17', '51 years old'],
    ['1974-11-16', '52 years old'],
  ])('someone born %s is %s', (born, expected) => expect(age(born, new Date('2026-11-16T12:00:00'))).toBe(expected));
});
