import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../support/fhir-server.ts';

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
  ] as const)('?%s', async (query, expected) => {
    expect(numbers(await docref(query))).toEqual(expected);
  });

  it('leads to the documents, by absolute addresses', async () => {
    const [entry] = (await docref('type=11506-3')).entry ?? [];
    const url = entry?.resource.content[0]?.attachment.url ?? '';
    expect(url).toMatch(/^https:\/\/records\.example\/api\/fhir\/r4\/document\/txt-/);
    expect((await server.get(token, url.replace(/^.*(?=\/document)/, ''))).body).toBe('text 4');
  });

  it('has pages whose links keep what was asked', async () => {
    const first = await docref('start=2021&_count=1');
    const next = first.link.find(({ relation }) => relation === 'next')?.url ?? '';
    expect(next).toContain('/DocumentReference/$docref?start=2021&');
    const second: Bundle = (await server.get(token, next.slice(next.indexOf('/DocumentReference')))).json();
    expect(second.total).toBe(first.total);
    expect(numbers(second)).not.toEqual(numbers(first));
  });

  it('is refused for another patient, without the scope, and with a time that is none', async () => {
    expect((await server.get(token, `/DocumentReference/$docref?patient=${BOB}`)).statusCode).toBe(403);
    const few = await server.token(ANN, { scope: 'patient/Patient.rs' });
    expect((await server.get(few, '/DocumentReference/$docref')).statusCode).toBe(403);
    expect((await server.get(token, '/DocumentReference/$docref?start=soon')).statusCode).toBe(400);
    expect((await server.get(undefined, '/DocumentReference/$docref')).statusCode).toBe(401);
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
});
