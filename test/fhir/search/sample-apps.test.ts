import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { sandboxData } from '../../support/fhir/sandbox.ts';

// Queries of two smart-on-fhir sample apps, exactly as the apps send them, and the results that their calculations
// need.

const RISK = ['ana', 'frank'];
const CHILDREN = ['milo', 'tariq'];
const INFANTS = ['milo', 'june'];
const sandbox = sandboxData();
const people = sandbox.patients.filter(({ key }) => [...RISK, ...CHILDREN, ...INFANTS].includes(key));
const patientOf = (key: string) =>
  people.find((one) => one.key === key)?.resources.find(({ resourceType }) => resourceType === 'Patient')?.id ?? '';

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
  await server.load([...sandbox.directory, ...people.flatMap(({ resources }) => resources)]);
});
afterAll(() => server.close());

interface Observation {
  readonly status: string;
  readonly effectiveDateTime: string;
  readonly code: { readonly coding: readonly { readonly system: string; readonly code: string }[] };
  readonly valueQuantity?: { readonly value: number; readonly unit: string; readonly code: string };
}

interface Page {
  readonly entry: readonly { readonly resource: Observation }[];
  readonly link: readonly { readonly relation: string; readonly url: string }[];
}

/** Returns the resources of all pages of a search for LOINC codes. */
async function observations(key: string, codes: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const token = await server.token(patientOf(key));
  const code = codes.map((one) => `http://loinc.org|${one}`).join(',');
  let next: string | undefined = `/Observation?${new URLSearchParams({ patient: patientOf(key), code, ...more })}`;
  const found: Observation[] = [];
  while (next !== undefined) {
    const page: Page = (await server.get(token, next)).json();
    // One of the apps reads the entries of each page without checking that it has any.
    expect(page.entry).toBeInstanceOf(Array);
    found.push(...page.entry.map(({ resource }) => resource));
    next = page.link.find(({ relation }) => relation === 'next')?.url.split('/fhir/r4')[1];
  }
  const withCode = (wanted: string) =>
    found.filter((one) =>
      one.code.coding.some(({ system, code: own }) => system === 'http://loinc.org' && own === wanted),
    );
  return { found, withCode };
}

async function patient(key: string) {
  const token = await server.token(patientOf(key));
  return (await server.get(token, `/Patient/${patientOf(key)}`)).json();
}

describe('cardiac-risk-app: the Reynolds risk score', () => {
  it.each(RISK)('for %s finds each of its inputs, in the units and ranges that the app supports', async (key) => {
    const { withCode } = await observations(key, ['30522-7', '14647-2', '2093-3', '2085-9', '8480-6']);
    const inputs = [
      ['30522-7', 'mg/L', 0.03, 20],
      ['2093-3', 'mg/dL', 140, 400],
      ['2085-9', 'mg/dL', 30, 150],
      ['8480-6', 'mmHg', 105, 200],
    ] as const;
    for (const [code, unit, low, high] of inputs) {
      const values = withCode(code);
      expect(values.length, code).toBeGreaterThan(0);
      // The app uses the first result, and doesn't request an order. So every result must be suitable.
      for (const { valueQuantity } of values) {
        expect(valueQuantity?.unit, code).toBe(unit);
        expect(valueQuantity?.value, code).toBeGreaterThanOrEqual(low);
        expect(valueQuantity?.value, code).toBeLessThanOrEqual(high);
      }
    }
    const { gender, birthDate, name } = await patient(key);
    expect(gender).toMatch(/^(fe)?male$/);
    expect(birthDate).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(name[0]).toMatchObject({ given: expect.any(Array), family: expect.any(String) });
  });
});

describe('growth-chart-app', () => {
  const CODES = ['29463-7', '3141-9', '8302-2', '8306-3', '8287-5', '39156-5', '18185-9', '37362-1', '11884-4'];
  const measured = ({ status, valueQuantity }: Observation): boolean =>
    /^(final|amended|unknown)$/i.test(status) && valueQuantity?.value !== undefined && valueQuantity.code !== undefined;
  const vitals = async (key: string) => {
    const { withCode } = await observations(key, CODES, { _count: '100' });
    return (code: string) => withCode(code).filter(measured);
  };

  it.each(CHILDREN)('for %s finds weights, heights, body mass indexes and a bone age', async (key) => {
    const of = await vitals(key);
    for (const code of ['29463-7', '8302-2', '39156-5']) expect(of(code).length, code).toBeGreaterThan(5);
    expect(of('29463-7').every(({ valueQuantity }) => valueQuantity?.code === 'kg')).toBe(true);
    expect(of('8302-2').every(({ valueQuantity }) => valueQuantity?.code === 'cm')).toBe(true);
    expect(of('37362-1').map(({ valueQuantity }) => valueQuantity?.code)).toEqual(['mo']);
  });

  it.each(INFANTS)('for %s finds head circumferences and the weeks of pregnancy', async (key) => {
    const of = await vitals(key);
    expect(of('8287-5').length).toBeGreaterThan(3);
    expect(of('8287-5').every(({ valueQuantity }) => valueQuantity?.code === 'cm')).toBe(true);
    expect(of('18185-9').map(({ valueQuantity }) => valueQuantity?.code)).toEqual(['wk']);
  });
});
