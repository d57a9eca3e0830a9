import type { Resource } from '../../src/fhir/core/version.ts';

export const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
export const concept = (system: string, code: string, display = code) => ({ coding: [{ system, code, display }] });
export const local = (code: string) => concept('https://example.org/codes', code);
export const mg = (value: number) => ({ value, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' });
export const years = (value: number) => ({ value, unit: 'years', system: 'http://unitsofmeasure.org', code: 'a' });
export const span = { start: '2020-01-01', end: '2020-02-01' };
export const patient = { reference: 'Patient/p', display: 'Ada Example' };
export const practitioner = { reference: 'Practitioner/d', display: 'Dr. Grace Example' };
export const note = [
  { authorString: 'Ada', time: '2020-01-02', text: 'first' },
  { authorReference: practitioner, time: '2020-03-04', text: 'second' },
];
export const identifier = [
  {
    use: 'official',
    type: concept(`${TERMINOLOGY}/v2-0203`, 'MR'),
    system: 'https://example.org/mrn',
    value: '42',
    period: span,
    assigner: { reference: 'Organization/o' },
  },
];
export const telecom = [{ system: 'phone', value: '+1 555 0100', use: 'home', rank: 1, period: span }];
export const address = {
  use: 'home',
  type: 'both',
  text: '1 Main St',
  line: ['1 Main St'],
  city: 'Town',
  district: 'County',
  state: 'MA',
  postalCode: '01234',
  country: 'US',
  period: span,
};
export const name = {
  use: 'official',
  text: 'Ada Example',
  family: 'Example',
  given: ['Ada', 'B'],
  prefix: ['Dr.'],
  suffix: ['Jr.'],
  period: span,
};
export const referenceRange = [
  {
    low: mg(1),
    high: mg(2),
    type: concept(`${TERMINOLOGY}/referencerange-meaning`, 'normal'),
    appliesTo: [local('adult')],
    age: { low: years(18), high: years(99) },
    text: '1-2 mg',
  },
];

/** A copy of `of` without some elements, and with others. */
export const variant = (
  of: Resource,
  without: readonly string[],
  added: Readonly<Record<string, unknown>>,
): Resource => ({
  ...(Object.fromEntries(Object.entries(of).filter(([key]) => !without.includes(key))) as unknown as Resource),
  ...added,
});
