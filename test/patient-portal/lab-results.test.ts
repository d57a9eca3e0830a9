import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { attributeOf, attributesOf, countOf, parse, textOf, textsOf } from '../support/browser/html.ts';
import type { BrowserResponse } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { openLinkedRecord } from './linked-record.ts';
import { a1c, category } from './observations.ts';
import { subject } from './patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** Id of a resource with this name. Linked records replace the `~` of an id. */
const idOf = (name: string): string => `${name.toLowerCase().replaceAll(' ', '-')}~`;
const result = (name: string, value: number, more: object = {}): Resource => ({
  resourceType: 'Observation',
  id: idOf(name),
  status: 'final',
  subject,
  category: category('laboratory'),
  code: { text: name },
  effectiveDateTime: '2026-01-10',
  valueQuantity: { value, unit: 'mg/dL' },
  ...more,
});
const flagged = (code: string) => ({ interpretation: [{ coding: [{ code }] }] });
const members = (...names: readonly string[]) => names.map((name) => ({ reference: `Observation/${idOf(name)}` }));
const report = (name: string, results: readonly string[], more: object = {}): Resource => ({
  resourceType: 'DiagnosticReport',
  id: idOf(name),
  status: 'final',
  subject,
  category: category('laboratory'),
  code: { text: name },
  effectiveDateTime: '2026-01-10',
  result: members(...results),
  ...more,
});

/** Names in the table, with each panel's name before those of its tests. */
const tableNames = (page: BrowserResponse): readonly string[] => textsOf(page, '.results tbody th');
/** Texts of the cells of a test. */
function cellsOf(page: BrowserResponse, test: string): readonly string[] {
  const $ = parse(page);
  const row = $('.results tr')
    .toArray()
    .find((one) => $(one).find('th').text() === test);
  return row === undefined ? [] : textsOf(`<table>${$.html(row)}</table>`, 'td');
}

describe('the table of laboratory results', () => {
  it('has the latest result of each test, with the range and the flag of the source', async () => {
    const { section } = await openLinkedRecord(server, [
      a1c(7.9, '2025-01-10'),
      a1c(6.7, '2026-01-10', flagged('H')),
      result('Sodium', 140),
    ]);
    const page = await section('results');
    expect(cellsOf(page, 'Hemoglobin A1c').slice(0, 3)).toEqual(['6.7% High', '4% to 5.6%', 'January 10, 2026']);
    expect(cellsOf(page, 'Sodium')).toEqual(['140 mg/dL', '', 'January 10, 2026', '']);
    expect(attributeOf(page, '.results .spark[role=img]', 'aria-label')).toBe(
      'Hemoglobin A1c: 2 values, from 7.9% (January 10, 2025) to 6.7% (January 10, 2026).',
    );
    expect(textsOf(page, '.series h3')).toEqual(['Hemoglobin A1c']);
    const history = attributeOf(page, '.results th a', 'href') ?? '';
    expect(countOf(page, `.series ${history}`)).toBe(1);
  });

  it('groups the results of a report, and the members of a panel, under its name', async () => {
    const { section } = await openLinkedRecord(server, [
      result('Sodium', 140),
      result('Cholesterol', 180),
      result('Triglycerides', 90),
      result('HDL', 60),
      result('Ferritin', 50),
      report('Lipid report', ['Cholesterol', 'Triglycerides']),
      { ...result('Metabolic panel', 0, { hasMember: members('Sodium', 'HDL') }), valueQuantity: undefined },
      report('Single', ['Ferritin']),
      result('Protein', 1, { category: category('vital-signs') }),
      result('Iron', 80, { effectiveDateTime: '2026-01-09' }),
      report('Note with one lab result', ['Iron', 'Protein']),
    ]);
    const names = tableNames(await section('results'));
    const inPanel = (panel: string) => names.slice(names.indexOf(panel) + 1, names.indexOf(panel) + 3).toSorted();
    expect(inPanel('Lipid report')).toEqual(['Cholesterol', 'Triglycerides']);
    expect(inPanel('Metabolic panel')).toEqual(['HDL', 'Sodium']);
    expect(names.slice(-3)).toEqual(['Other tests', 'Ferritin', 'Iron']);
    expect(names).not.toContain('Single');
    expect(names).not.toContain('Note with one lab result');
  });

  it('ignores a report that was entered by mistake', async () => {
    const { section } = await openLinkedRecord(server, [
      result('Cholesterol', 180),
      result('HDL', 60),
      report('Mistake', ['Cholesterol', 'HDL'], { status: 'entered-in-error' }),
    ]);
    expect(tableNames(await section('results')).toSorted()).toEqual(['Cholesterol', 'HDL']);
  });

  it('starts with the results that the source marks, in words and with a symbol', async () => {
    const { section } = await openLinkedRecord(server, [
      result('Albumin', 4, { effectiveDateTime: '2026-02-01' }),
      result('Cholesterol', 260, flagged('HH')),
      result('HDL', 20, flagged('L')),
      result('LDL', 90, flagged('N')),
      result('Culture', 1, flagged('AA')),
      report('Lipids', ['LDL', 'HDL', 'Cholesterol']),
    ]);
    const page = await section('results');
    expect(textsOf(page, '.marked li').toSorted()).toEqual([
      'Cholesterol : 260 mg/dL Critically high',
      'Culture : 1 mg/dL Critically abnormal',
      'HDL : 20 mg/dL Low',
    ]);
    expect(textOf(page, '.marked p')).toBe('Flagged as high, low or abnormal: 3 of 5 latest results.');
    expect(tableNames(page).at(3)).toBe('LDL');
    expect(attributesOf(page, '.results .flag', 'class').toSorted()).toEqual(['flag high', 'flag low', 'flag odd']);
    expect(textOf(page)).toContain('A result without a flag may still need attention.');
  });

  it('never marks a result by itself, and not one that was canceled or entered by mistake', async () => {
    const range = { referenceRange: [{ low: { value: 4, unit: 'mg/dL' }, high: { value: 6, unit: 'mg/dL' } }] };
    const { section } = await openLinkedRecord(server, [
      result('Far out of range', 99, range),
      result('Canceled', 99, { ...flagged('H'), status: 'cancelled' }),
      result('Mistake', 99, { ...flagged('H'), status: 'entered-in-error' }),
    ]);
    const page = await section('results');
    expect(countOf(page, '.marked')).toBe(0);
    expect(countOf(page, '.flag:is(.high, .low, .odd)')).toBe(0);
    expect(cellsOf(page, 'Canceled')[0]).toContain('Canceled');
    expect(tableNames(page)).not.toContain('Mistake');
  });

  it('is in Spanish for a Spanish reader', async () => {
    const { section, browser, base } = await openLinkedRecord(server, [result('Sodio', 160, flagged('H'))]);
    await browser.get(`/language?${new URLSearchParams({ to: 'es', return_to: base })}`);
    const text = textOf(await section('results'));
    expect(text).toContain('Señalados como altos, bajos o anormales: 1 de 1 último resultado. Sodio : 160 mg/dL Alto');
    expect(text).toContain('Último resultado de cada prueba');
  });
});
