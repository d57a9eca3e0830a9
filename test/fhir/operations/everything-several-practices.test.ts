import { afterAll, expect, it } from 'vitest';
import { dstu2, dstu2Projections } from '../../../src/fhir/dstu2/index.ts';
import { type Resource, r4 } from '../../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const ANN = id(900);
const ann: Resource = { resourceType: 'Patient', id: ANN, gender: 'female' };
const observation = (number: number) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code: { text: 'Weight' },
  subject: { reference: `Patient/${ANN}` },
});
const condition = (number: number) => ({
  resourceType: 'Condition',
  id: id(number),
  code: { text: 'Cough' },
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-category', code: 'problem-list-item' }] },
  ],
  verificationStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'confirmed' }],
  },
  subject: { reference: `Patient/${ANN}` },
});

const servers: FhirServer[] = [];
afterAll(() => Promise.all(servers.map((one) => one.close())));

/**
 * Reads all pages.
 * @returns `Type/number` of their resources in order, and the total on each page
 */
async function pagesOf(server: FhirServer, token: string, count: number) {
  const [seen, totals]: [string[], number[]] = [[], []];
  const first = `/Patient/${ANN}/$everything?_count=${count}&_type=Condition,Observation`;
  for (let url: string | undefined = first; url !== undefined; ) {
    const answer = await server.get(token, url);
    expect(answer.statusCode, answer.body).toBe(200);
    const { total, entry = [], link } = answer.json();
    expect(entry.length).toBeGreaterThan(0);
    totals.push(total);
    for (const { resource } of entry) seen.push(`${resource.resourceType}/${Number(resource.id.slice(0, 8))}`);
    url = link.find(({ relation }: { relation: string }) => relation === 'next')?.url;
  }
  return { seen, totals: [...new Set(totals)] };
}

it.each([
  ['R4', r4],
  ['DSTU2', dstu2],
] as const)(
  '%s: pages of $everything for a patient of two practices lose nothing, repeat nothing, and keep the order',
  async (_name, version) => {
    const server = await startFhir({ version, projections: dstu2Projections });
    servers.push(server);
    // In id order, the resources of the two practices alternate.
    const one = await server.load([
      ann,
      ...[12, 14, 16, 18].map(observation),
      ...[22, 23].map(condition),
    ] as Resource[]);
    const two = await server.load(
      [ann, ...[11, 13, 15, 17, 19].map(observation), ...[21, 24].map(condition)] as Resource[],
      { practiceId: 2 },
    );
    expect([...one.refused, ...two.refused]).toEqual([]);
    const token = await server.token(ANN, { scope: 'user/*.rs', practices: [1, 2], record: false });
    const whole = await pagesOf(server, token, 100);
    expect(whole.seen.toSorted()).toEqual([
      ...[21, 22, 23, 24].map((number) => `Condition/${number}`),
      ...[11, 12, 13, 14, 15, 16, 17, 18, 19].map((number) => `Observation/${number}`),
    ]);
    expect(whole.totals).toEqual([13]);
    for (const count of [7, 5, 3, 2, 1])
      expect(await pagesOf(server, token, count), `pages of ${count}`).toEqual(whole);
  },
);

it('$everything has the records of at most 50 practices', async () => {
  const server = await startFhir({ version: r4, projections: dstu2Projections });
  servers.push(server);
  const practices = Array.from({ length: 51 }, (_, number) => number + 1);
  await server.db.queryText(
    `insert into practice (practice_id, kind, name, id_registry)
     select id, 'live', 'Practice ' || id, (select id_registry from practice where practice_id = 1)
     from unnest($1::int[]) as t (id)`,
    [practices.slice(2)],
  );
  for (const practiceId of practices) await server.load([ann], { practiceId });
  const read = async (count: number) => {
    const grant = { scope: 'user/*.rs', practices: practices.slice(0, count), record: false } as const;
    return server.get(await server.token(ANN, grant), `/Patient/${ANN}/$everything`);
  };
  expect((await read(50)).json().total).toBe(50);
  const answer = await read(51);
  expect(answer.statusCode).toBe(422);
  expect(answer.json().issue[0]).toMatchObject({
    code: 'too-costly',
    details: { text: expect.stringContaining('records at more than 50 practices') },
  });
});
