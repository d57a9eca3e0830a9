import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const [ANN, BOB] = [id(901), id(902)];
const document = (number: number, more: object, patient = ANN): Resource => ({
  resourceType: 'DocumentReference',
  id: id(number),
  status: 'current',
  type: { coding: [{ system: 'http://loinc.org', code: '34133-9' }] },
  subject: { reference: `Patient/${patient}` },
  content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(`text ${number}`).toString('base64') } }],
  ...more,
});

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  const { refused } = await server.load([
    { resourceType: 'Patient', id: ANN },
    document(1, { date: '2026-01-10T00:00:00Z', context: { period: { start: '2020-05-01', end: '2020-05-03' } } }),
    document(2, { date: '2021-06-01T00:00:00Z' }),
    document(3, { date: '2021-06-02T00:00:00Z', status: 'superseded' }),
    document(4, { date: '2022-01-01T00:00:00Z', type: { coding: [{ system: 'http://loinc.org', code: '11506-3' }] } }),
    { resourceType: 'Patient', id: BOB },
    document(9, { date: '2021-06-01T00:00:00Z' }, BOB),
  ]);
  expect(refused).toEqual([]);
  token = await server.token(ANN);
});
afterAll(() => server.close());

interface Bundle {
  readonly total: number;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly {
    readonly resource: {
      readonly id: string;
      readonly content: readonly { readonly attachment: { readonly url: string } }[];
    };
  }[];
}
const numbers = ({ entry = [] }: Bundle) => entry.map(({ resource }) => Number(resource.id.slice(0, 8))).sort();
async function docref(query: string): Promise<Bundle> {
  const answer = await server.get(token, `/DocumentReference/$docref?${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}

describe('$docref (US Core, OperationDefinition docref)', () => {
  it.each([
    [`patient=${ANN}`, [1, 2, 4]],
    ['', [1, 2, 4]],
    [`patient=${ANN}&type=http://loinc.org|11506-3`, [4]],
    [`patient=${ANN}&start=2021-01-01`, [1, 2, 4]],
    [`patient=${ANN}&start=2020-05-02&end=2020-05-02`, [1]],
    [`patient=${ANN}&start=2021-06-01&end=2021-06-30`, [2]],
    [`patient=${ANN}&status=superseded`, [3]],
    [`patient=${ANN}&on-demand=true`, [1, 2, 4]],
    // The parameter `type` has cardinality 0..*. A document matches if it has any of the types.
    [`patient=${ANN}&type=http://loinc.org|11506-3&type=http://loinc.org|34133-9`, [1, 2, 4]],
    [`patient=${ANN}&type=http://loinc.org|11506-3&type=http://loinc.org|18842-5`, [4]],
  ] as const)('?%s', async (query, expected) => {
    expect(numbers(await docref(query))).toEqual(expected);
  });

  it('returns absolute URLs to the documents', async () => {
    const [entry] = (await docref('type=11506-3')).entry ?? [];
    const url = entry?.resource.content[0]?.attachment.url ?? '';
    expect(url).toMatch(/^https:\/\/records\.example\/api\/fhir\/r4\/Binary\/[0-9a-f-]{36}$/);
    expect((await server.get(token, url.replace(/^.*(?=\/Binary)/, ''))).body).toBe('text 4');
  });

  it('has a self link with the parameters that were used', async () => {
    const { link } = await docref('start=2021&on-demand=true&profile=http://a.example/x');
    expect(link.find(({ relation }) => relation === 'self')?.url).toMatch(/\$docref\?start=2021&status=current$/);
  });

  it('has paging links that preserve the parameters', async () => {
    const first = await docref('start=2021&_count=1');
    const next = first.link.find(({ relation }) => relation === 'next')?.url ?? '';
    expect(next).toContain('/DocumentReference/$docref?start=2021&');
    const second: Bundle = (await server.get(token, next.slice(next.indexOf('/DocumentReference')))).json();
    expect(second.total).toBe(first.total);
    expect(numbers(second)).not.toEqual(numbers(first));
  });

  it('is rejected for another patient, without the scope, and with an invalid time', async () => {
    expect((await server.get(token, `/DocumentReference/$docref?patient=${BOB}`)).statusCode).toBe(403);
    const few = await server.token(ANN, { scope: 'patient/Patient.rs' });
    expect((await server.get(few, '/DocumentReference/$docref')).statusCode).toBe(403);
    expect((await server.get(token, '/DocumentReference/$docref?start=soon')).statusCode).toBe(400);
    expect((await server.get(undefined, '/DocumentReference/$docref')).statusCode).toBe(401);
  });

  it.each(['start=2022&end=2021', 'end=2021-06-01&start=2021-06-02'])('rejects the invalid time %s', async (query) => {
    const answer = await server.get(token, `/DocumentReference/$docref?${query}`);
    expect({ status: answer.statusCode, text: answer.json().issue[0].details.text }).toEqual({
      status: 400,
      text: expect.stringContaining('after end'),
    });
  });

  it('takes its parameters as a form', async () => {
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/fhir/r4/DocumentReference/$docref',
      payload: `patient=${ANN}&type=11506-3`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(numbers(answer.json())).toEqual([4]);
  });

  const DISCHARGE = { system: 'http://loinc.org', code: '11506-3' };
  const typed = (...values: readonly object[]) => values.map((value) => ({ name: 'type', ...value }));
  const post = (parameter: readonly object[]) =>
    server.app.inject({
      method: 'POST',
      url: '/api/fhir/r4/DocumentReference/$docref',
      payload: JSON.stringify({
        resourceType: 'Parameters',
        parameter: [{ name: 'patient', valueId: ANN }, ...parameter],
      }),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    });

  it.each([
    ['valueCoding, as its definition has it', typed({ valueCoding: DISCHARGE }), [4]],
    ['several', typed({ valueCoding: DISCHARGE }, { valueCoding: { ...DISCHARGE, code: '34133-9' } }), [1, 2, 4]],
    ['a Coding without a system', typed({ valueCoding: { code: '11506-3' } }), [4]],
    [
      'a Coding with what means something to a search',
      typed({ valueCoding: { ...DISCHARGE, code: 'a|b,11506-3' } }),
      [],
    ],
    ['valueCodeableConcept', typed({ valueCodeableConcept: { coding: [DISCHARGE] } }), [4]],
    ['valueString', typed({ valueString: 'http://loinc.org|11506-3' }), [4]],
    [
      'times',
      [
        { name: 'start', valueDateTime: '2021-06-01' },
        { name: 'end', valueDateTime: '2021-06-30' },
      ],
      [2],
    ],
    ['valueBoolean', [{ name: 'on-demand', valueBoolean: false }], [1, 2, 4]],
  ] as const)('takes its parameters as Parameters (FHIR R4 §3.2.0.1): %s', async (_what, parameter, expected) => {
    const answer = await post(parameter);
    expect({ status: answer.statusCode, numbers: numbers(answer.json()) }).toEqual({ status: 200, numbers: expected });
  });

  it.each([
    ['text only', typed({ valueCodeableConcept: { text: 'discharge' } })],
    ['no codings', typed({ valueCodeableConcept: { coding: [] } })],
    ['an invalid code', typed({ valueCoding: { system: 'http://loinc.org', code: 7 } })],
    ['a resource', [{ name: 'type', resource: { resourceType: 'Basic' } }]],
  ])('rejects %s', async (_what, parameter) => {
    const answer = await post(parameter);
    expect({ status: answer.statusCode, text: answer.json().issue[0].details.text }).toEqual({
      status: 400,
      text: expect.stringContaining('a Coding'),
    });
  });
});
