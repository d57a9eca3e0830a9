import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, type FhirVersion, projections, r4 } from '../../../src/fhir/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';

/** Makes a search value for each kind of parameter. Different numbers give different values. */
const VALUES: Readonly<Record<string, (number: number) => string>> = {
  token: (number) => `http://loinc.org|c${number}`,
  date: (number) =>
    `ge2020-01-01T00:${String(Math.floor(number / 60)).padStart(2, '0')}:${String(number % 60).padStart(2, '0')}Z`,
  string: (number) => `text${number}`,
  quantity: (number) => `${number}`,
  uri: (number) => `http://a.example/${number}`,
  reference: (number) => `Encounter/${number}`,
  patient: () => ANN,
  composite: (number) => `c${number}$${number}`,
};

/** One parameter of each kind, and the parameters that every type has. */
function waysOf(version: FhirVersion): readonly (readonly [path: string, value: (number: number) => string])[] {
  const kinds = new Map<string, readonly [string, (number: number) => string]>();
  for (const { name, parameters } of version.types)
    for (const { kind, name: parameter } of parameters) {
      const value = VALUES[kind];
      if (value !== undefined && kind !== 'patient' && !kinds.has(kind))
        kinds.set(kind, [`${name}?${parameter}`, value]);
    }
  return [
    ...kinds.values(),
    ['Observation?_id', (number) => `0000000a-0000-4000-8000-${String(number).padStart(12, '0')}`],
    ['Observation?_lastUpdated', (number) => VALUES['date']?.(number) ?? ''],
    ['Observation?code:not', (number) => `c${number}`],
    ['Observation?_elements', (number) => `element${number}`],
    ['Observation?not-a-parameter', (number) => `x${number}`],
    ['Observation?encounter.identifier', (number) => `x${number}`],
    ['Encounter?_has:Observation:encounter:code', (number) => `c${number}`],
  ];
}

describe.each([
  ['R4', r4],
  ['DSTU2', dstu2],
] as const)('a search in %s', (_, version) => {
  let server: FhirServer;
  let token: string;
  beforeAll(async () => {
    server = await startFhir({ version, projections });
    await server.load([patient(ANN, 'Ann')]);
    token = await server.token(ANN, { scope: 'patient/*.rs' });
  });
  afterAll(() => server.close());

  const get = (path: string) => server.get(token, `/${path}`);
  const post = (type: string, payload: string, query = '') =>
    server.app.inject({
      method: 'POST',
      url: `/api/fhir/r4/${type}/_search${query}`,
      payload,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
    });
  const pairs = (name: string, values: readonly string[]) =>
    values.map((value) => `${name}=${encodeURIComponent(value)}`).join('&');
  const numbers = (count: number) => Array.from({ length: count }, (_one, number) => number);

  function expectLimit({ statusCode, body }: { statusCode: number; body: string }, limit: string) {
    expect({ statusCode, body }).toEqual({ statusCode: 400, body: expect.stringContaining('OperationOutcome') });
    const [issue] = JSON.parse(body).issue;
    expect(issue.details).toEqual({
      coding: [{ system: 'urn:patient-access:problem', code: 'search-invalid' }],
      text: expect.stringContaining(`at most ${limit}`),
    });
  }

  describe.each(waysOf(version))('by %s', (path, value) => {
    const [type = '', name = ''] = path.split('?');

    it('rejects more values than a parameter takes, in the address and in a form', async () => {
      const many = numbers(201).map(value).join(',');
      const form = pairs(name, [many]);
      expectLimit(await post(type, form), '200 values for one parameter');
      if (form.length < 8000) expectLimit(await get(`${type}?${form}`), '200 values for one parameter');
    });

    it('counts the values of a repeated parameter together', async () => {
      const repeated = numbers(67).map((number) => [0, 1, 2].map((more) => value(3 * number + more)).join(','));
      expectLimit(await post(type, pairs(name, repeated)), '200 values for one parameter');
    });

    it('counts the same value once', async () => {
      const { statusCode, body } = await post(type, pairs(name, [`${value(1)},`.repeat(500)]));
      expect({ statusCode, total: JSON.parse(body).total }).toEqual({ statusCode: 200, total: expect.any(Number) });
    });
  });

  it('rejects more values than a request takes', async () => {
    const names = ['code', 'category', 'status'];
    const form = names
      .map((name) =>
        pairs(name, [
          numbers(170)
            .map((number) => `c${number}`)
            .join(','),
        ]),
      )
      .join('&');
    expectLimit(await post('Observation', form), '500 values');
  });

  it('rejects more dates than a search compares', async () => {
    const names = ['date', '_lastUpdated'];
    const form = names.map((name) =>
      pairs(name, [
        numbers(160)
          .map((number) => VALUES['date']?.(number))
          .join(','),
      ]),
    );
    expectLimit(await post('Observation', form.join('&')), '300 dates');
  });

  it.each([
    ['a parameter', (number: number) => `code=c${number}`],
    ['an unknown parameter', (number: number) => `x${number}=y`],
    ['_include', (number: number) => `_include=Observation:x${number}`],
    ['_has', (number: number) => `_has:Observation:encounter:code=c${number}`],
    ['a name without a value', (number: number) => `x${number}`],
  ])('rejects more parameters than a request takes: %s', async (_name, pair) => {
    const many = numbers(101).map(pair).join('&');
    expectLimit(await get(`Encounter?${many}`), '100 parameters');
    expectLimit(await post('Encounter', many), '100 parameters');
    const [inAddress, inBody] = [numbers(50), numbers(101).slice(50)].map((some) => some.map(pair).join('&'));
    expectLimit(await post('Encounter', inBody ?? '', `?${inAddress}`), '100 parameters');
  });

  it('takes the same parameter again and again for one', async () => {
    const form = 'code=a&'.repeat(99);
    const { statusCode, body } = await post('Observation', form);
    expect({ statusCode, url: JSON.parse(body).link[0].url }).toEqual({
      statusCode: 200,
      url: expect.stringMatching(/Observation\?code=a$/),
    });
  });

  it('rejects a form that is longer than any search', async () => {
    const { statusCode, body } = await post('Observation', `code=${'a,'.repeat(40_000)}`);
    expect({ statusCode, resourceType: JSON.parse(body).resourceType }).toEqual({
      statusCode: 413,
      resourceType: 'OperationOutcome',
    });
  });

  it('applies the limits of searches to reads and operations, too', async () => {
    const elements = numbers(201).map((number) => `e${number}`);
    expectLimit(await get(`Patient/${ANN}?_elements=${elements}`), '200 values for one parameter');
    if (version.operations.some(({ name }) => name === 'everything'))
      expectLimit(await get(`Patient/$everything?_type=${elements}`), '200 values for one parameter');
  });

  it('records a rejected search in the audit log', async () => {
    await get(`Observation?code=${numbers(201)}`);
    expect(server.disclosures.at(-1)).toMatchObject({ outcome: 'failure', detail: { problem: 'search-invalid' } });
  });
});
