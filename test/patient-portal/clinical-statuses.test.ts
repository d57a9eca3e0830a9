import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addApp } from '../support/apps/apps.ts';
import { DOCUMENT, rowsOf } from '../support/browser/demo-page.ts';
import { type Html, linksOf, parse, tableRows, textOf, textsOf } from '../support/browser/html.ts';
import { connectApp, DSTU2, getFhir, type PatientBrowser, R4 } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { STATUS_RULES, SURFACES } from './clinical-status-rules.ts';
import { STATUS_CASES, type StatusCase } from './clinical-statuses.ts';
import { addPatientWithRecord, signInBrowser } from './patients.ts';

type Json = Readonly<Record<string, unknown>>;
/** How one place displays each case. Cases that it doesn't show are missing. */
type DisplayedCases = ReadonlyMap<StatusCase, string>;

let server: TestServer;
let spanish: DisplayedCases;
const looks = new Map<string, DisplayedCases>();
beforeAll(async () => {
  server = await startServer();
  const person = await addPatientWithRecord(
    server,
    STATUS_CASES.map(({ resource }) => resource),
  );
  const browser = await signInBrowser(server, person);
  const base = `/account/${person.key}`;
  looks.set('record page', await recordLooks(browser, base));
  looks.set('printed summary', await summaryLooks(browser, base));
  await browser.get(`/language?${new URLSearchParams({ to: 'es', return_to: base })}`);
  spanish = await recordLooks(browser, base);

  const { access_token } = await connectApp(server.app, await addApp(server), {}, {}, person);
  const read = async (url: string): Promise<Json> => (await getFhir(server.app, url, access_token)).json();
  looks.set('$summary', narrativeLooks(await read(`${R4}/Patient/$summary`)));
  const inR4 = await readAll(read, R4);
  const inDstu2 = await readAll(read, DSTU2);
  looks.set('demo app', await demoLooks(inR4));
  looks.set('demo app, DSTU2', await demoLooks(inDstu2));
  looks.set(
    'DSTU2',
    looksIn(
      inDstu2.map((one) => JSON.stringify(one)),
      dstu2Looks,
    ),
  );
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await server.close();
});

/** Reads all resources of all types in the CapabilityStatement. */
async function readAll(read: (url: string) => Promise<Json>, api: string): Promise<readonly Json[]> {
  const { rest } = (await read(`${api}/metadata`)) as unknown as { rest: { resource: { type: string }[] }[] };
  const found: Json[] = [];
  for (const { type } of rest[0]?.resource ?? [])
    for (let url: string | undefined = `${api}/${type}?_count=100`; url !== undefined; ) {
      const page: Bundle = await read(url);
      found.push(...(page.entry ?? []).map(({ resource }) => resource));
      const next: string | undefined = page.link?.find(({ relation }) => relation === 'next')?.url;
      url = next?.replace(server.config.publicUrl, '');
    }
  return found;
}
interface Bundle {
  readonly entry?: readonly { readonly resource: Json }[];
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
}

/**
 * Finds the cases in the parts of a page or file.
 * @param parts HTML or JSON
 */
function looksIn(parts: readonly string[], display: (part: string, title: string) => string): DisplayedCases {
  const read = parts.map((part) => ({ part, text: textOf(part).toLowerCase() }));
  return new Map(
    STATUS_CASES.flatMap((one) => {
      const own = read.filter(({ text }) => text.includes(one.title.toLowerCase()));
      return own.length === 0 ? [] : [[one, own.map(({ part }) => display(part, one.title)).join(' / ')] as const];
    }),
  );
}

/** Text without dates, because these tests are only about statuses. */
const withoutDays = (text: string): string =>
  text
    .replaceAll(/\(\d+\)|[A-Z][a-z]{2,8} \d{1,2}, \d{4}|[Dd]ate not recorded|No date on record|No day/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[\s:.·,]+|[\s:.·,]+$/g, '');

async function recordLooks(browser: PatientBrowser, base: string): Promise<DisplayedCases> {
  const sections = linksOf(await browser.get(`${base}/record`)).filter((link) => /\/record\/[a-z-]+$/.test(link));
  const entries: string[] = [];
  for (const section of sections) entries.push(...partsOf(await browser.get(section), 'section.entry, .results tr'));
  return looksIn(entries, entryLooks);
}

/** HTML of each element that a selector matches. A row is in a table, because a parser drops a row without one. */
const partsOf = (html: Html, selector: string): string[] => {
  const $ = parse(html);
  return $(selector)
    .toArray()
    .map((element) => ($(element).is('tr') ? `<table>${$.html(element)}</table>` : $.html(element)));
};

const FACTS = ['Status', 'Note', 'Estado', 'Nota'];

/** Status, notes and flag of an entry on a record page. */
function entryLooks(entry: string, title: string): string {
  const $ = parse(entry);
  const facts = $('dt')
    .toArray()
    .flatMap((name) => (FACTS.includes($(name).text()) ? textOf($.html($(name).next('dd'))) : []));
  const about = textOf(entry, ':is(h1, h2, h3, h4, h5, h6, th)').replace(title, '').trim();
  return [...facts, ...textsOf(entry, '.flag'), about].filter((text) => text !== '').join('; ');
}

async function summaryLooks(browser: PatientBrowser, base: string): Promise<DisplayedCases> {
  const cell = (row: string, name: string) => textOf(row, `td[data-name="${name}"]`);
  const display = (row: string) => {
    const flag = cell(row, 'Flag');
    const result = [cell(row, 'Result'), ...(flag === '' ? [] : [`(${flag})`])].join(' ').trim();
    return result || cell(row, 'Note') || 'current';
  };
  // A row of a table is parsed as a row only within a table.
  const rows = partsOf(await browser.get(`${base}/summary`), '.summary tbody tr');
  return looksIn(
    rows.map((row) => `<table>${row}</table>`),
    display,
  );
}

/** Reads the narratives of a summary: the status column of a table, or all its columns if it has none. */
function narrativeLooks(document: Json): DisplayedCases {
  const composition = (document as unknown as { entry: { resource: { section: { text: { div: string } }[] } }[] })
    .entry[0];
  const rows = (composition?.resource.section ?? []).flatMap(({ text: { div } }) => {
    const at = textsOf(div, 'th').indexOf('Status');
    return tableRows(div).map((cells) => ({ cells, at }));
  });
  return looksIn(
    rows.map(({ cells, at }) => JSON.stringify([cells[at] ?? '', ...cells])),
    (row) => JSON.parse(row)[0],
  );
}

/** Reads a DSTU2 resource: its status, the flags that negate it, and its notes. */
function dstu2Looks(json: string): string {
  const one = JSON.parse(json) as Json;
  const { resourceType, clinicalStatus, verificationStatus, status } = one;
  const documentStatus = /"docStatus":\{"coding":\[\{[^}]*"code":"([a-z-]+)"/.exec(json)?.[1];
  const flags = ['wasNotTaken', 'wasNotGiven', 'notPerformed'].filter((name) => one[name] === true);
  const note = /(?:is on hold|was stopped|is suspended|is being prepared)/.exec(json)?.[0];
  const display = [
    resourceType,
    clinicalStatus,
    verificationStatus,
    status,
    documentStatus,
    ...flags,
    note && `(${note})`,
  ];
  return display.filter((text) => text !== undefined).join(' ');
}

/** Reads the rows of the demo app's sections, each with the heading above it. */
async function demoLooks(resources: readonly Json[]): Promise<DisplayedCases> {
  vi.stubGlobal('document', DOCUMENT);
  const load = (name: string) => import(new URL(`../../src/sandbox/demo/assets/${name}`, import.meta.url).href);
  const { SECTIONS } = await load('patient/sections.js');
  const { entriesView } = await load('shared/view-entries.js');
  const { resultsView } = await load('patient/view-results.js');
  const byType = Object.groupBy(resources, ({ resourceType }) => String(resourceType));
  const rows: string[] = [];
  for (const { key, make } of SECTIONS) {
    const entries = make(byType);
    const shown = rowsOf(key === 'results' ? resultsView(entries) : entriesView(entries, { key, open() {} }));
    rows.push(...shown.map(({ heading, text }) => (heading === '' ? text : `${text} under ${heading}`)));
  }
  return looksIn(rows, (row, title) => withoutDays(row.replace(new RegExp(title, 'ig'), '')) || 'current');
}

/** The rules for types that the API serves. */
const SERVED = new Set(STATUS_CASES.map(({ type }) => type));
const rulesOfServedTypes = Object.entries(STATUS_RULES).filter(([name]) => SERVED.has(name.split('.')[0] ?? ''));

const found = (surface: string) =>
  Object.fromEntries(STATUS_CASES.map((one) => [`${one.name} ${one.code}`, looks.get(surface)?.get(one) ?? '-']));

describe('each status that R4 defines for a type of the record', () => {
  it('has a rule for how it is displayed', () => {
    const names = rulesOfServedTypes.flatMap(([name, codes]) => Object.keys(codes).map((code) => `${name} ${code}`));
    expect(STATUS_CASES.map(({ name, code }) => `${name} ${code}`).sort()).toEqual(names.sort());
  });

  it.each(SURFACES.map((surface, at) => [surface, at] as const))(
    'is displayed on the %s as its rule says',
    (surface, at) => {
      const expected = rulesOfServedTypes.flatMap(([name, codes]) =>
        Object.entries(codes).map(([code, columns]) => [`${name} ${code}`, columns[at]] as const),
      );
      expect(found(surface)).toEqual(Object.fromEntries(expected));
    },
  );

  it('has a Spanish text wherever there is an English one', () => {
    const english = looks.get('record page');
    const same = STATUS_CASES.filter(
      (one) => (english?.get(one) ?? '') !== '' && spanish.get(one) === english?.get(one),
    );
    expect(same.map(({ name, code }) => `${name} ${code}`)).toEqual([]);
    expect(spanish.size).toBe(english?.size);
  });
});
