import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const observation = (number: number, subject: string) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  subject: { reference: `Patient/${subject}` },
  code: { text: 'Weight' },
});
const [ANN, BOB] = [id(901), id(902)];
const SECRET = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'ETH' };
const labelled = (number: number, status: string) => ({
  ...observation(number, ANN),
  meta: { security: [SECRET] },
  status,
});

let server: FhirServer;
let ann: string;
beforeAll(async () => {
  server = await startFhir();
  const at = (status: string) => ({ ...observation(1, ANN), status });
  await server.load([patient(ANN, 'Ann'), at('preliminary'), labelled(2, 'final'), observation(3, ANN)]);
  await server.load([at('final'), { ...observation(2, ANN), status: 'amended' }]);
  await server.load([at('amended'), labelled(3, 'amended')]);
  await server.load([patient(BOB, 'Bob'), observation(4, BOB)]);
  ann = await server.token(ANN);
});
afterAll(() => server.close());

const statuses = (body: { entry?: readonly { resource: { status: string } }[] }) =>
  (body.entry ?? []).map(({ resource }) => resource.status);

describe('versions of a resource (FHIR R4 §3.1.0.2 vread, §3.1.0.11 history)', () => {
  it('reads each version as it was, with its ETag', async () => {
    for (const [at, status] of ['preliminary', 'final', 'amended'].entries()) {
      const answer = await server.get(ann, `/Observation/${id(1)}/_history/${at + 1}`);
      expect({
        statusCode: answer.statusCode,
        status: answer.json().status,
        versionId: answer.json().meta.versionId,
      }).toEqual({ statusCode: 200, status, versionId: `${at + 1}` });
      expect(answer.headers['etag']).toBe(`W/"${at + 1}"`);
    }
  });

  it.each(['0', '4', '-1', 'x', '99999999999'])('has no version %s', async (version) => {
    expect((await server.get(ann, `/Observation/${id(1)}/_history/${version}`)).statusCode).toBe(404);
  });

  it.each([
    ['_elements=status', ['resourceType', 'id', 'meta', 'status', 'code']],
    ['_summary=text', ['resourceType', 'id', 'meta', 'status', 'code']],
    ['_summary=data', ['resourceType', 'id', 'meta', 'status', 'subject', 'code']],
  ])('returns a subset of each if %s requests it, tagged SUBSETTED (§3.1.0.1.8)', async (query, names) => {
    const one = await server.get(ann, `/Observation/${id(1)}/_history/2?${query}`, { 'if-none-match': 'W/"2"' });
    const all = (await server.get(ann, `/Observation/${id(1)}/_history?_count=2&${query}`)).json();
    for (const resource of [one.json(), ...all.entry.map((each: { resource: object }) => each.resource)]) {
      expect(Object.keys(resource).sort()).toEqual(names.toSorted());
      expect(resource.meta.tag).toMatchObject([{ code: 'SUBSETTED' }]);
    }
    const [self, next] = all.link.map(({ url }: { url: string }) => new URL(url).searchParams);
    for (const link of [self, next]) expect(`${link}`).toContain(query);
  });

  it('rejects parameters that it would ignore, with strict handling (search §3.1.1.2)', async () => {
    const strict = { prefer: 'handling=strict' };
    const at = await server.get(ann, `/Observation/${id(1)}/_history?_at=2020`, strict);
    expect({ status: at.statusCode, code: at.json().issue[0].details.coding[0].code }).toEqual({
      status: 400,
      code: 'parameter-unknown',
    });
    for (const path of ['_history?_at=2020', '_history?_count=1&_since=2000&_format=json&_summary=data'])
      expect(
        (await server.get(ann, `/Observation/${id(1)}/${path}`, path.includes('_at') ? {} : strict)).statusCode,
      ).toBe(200);
  });

  it('lists them, newest first, with the method that created each', async () => {
    const { type, entry } = (await server.get(ann, `/Observation/${id(1)}/_history`)).json();
    expect(type).toBe('history');
    expect(statuses({ entry })).toEqual(['amended', 'final', 'preliminary']);
    expect(entry.map((one: { request: { method: string } }) => one.request.method)).toEqual(['PUT', 'PUT', 'POST']);
    expect(entry[0].response).toMatchObject({ status: '200', etag: 'W/"3"' });
  });

  it('lists them in pages that are linked by next', async () => {
    const first = (await server.get(ann, `/Observation/${id(1)}/_history?_count=2`)).json();
    expect(statuses(first)).toEqual(['amended', 'final']);
    const next = first.link.find(({ relation }: { relation: string }) => relation === 'next').url;
    const second = (await server.get(ann, next.slice(next.indexOf('/Observation')))).json();
    expect(statuses(second)).toEqual(['preliminary']);
    expect(second.link).toHaveLength(1);
  });

  it('lists those since a time', async () => {
    expect(statuses((await server.get(ann, `/Observation/${id(1)}/_history?_since=2999`)).json())).toEqual([]);
    expect(statuses((await server.get(ann, `/Observation/${id(1)}/_history?_since=2000`)).json())).toHaveLength(3);
    expect((await server.get(ann, `/Observation/${id(1)}/_history?_since=soon`)).statusCode).toBe(400);
  });

  it('shows no version of another patient’s resource, and none of a type that wasn’t granted', async () => {
    const bob = await server.token(BOB);
    const few = await server.token(ANN, { scope: 'patient/Patient.rs' });
    for (const path of [`/Observation/${id(1)}/_history`, `/Observation/${id(1)}/_history/1`]) {
      expect((await server.get(bob, path)).statusCode).toBe(404);
      expect((await server.get(few, path)).statusCode).toBe(403);
    }
  });

  it('shows no version that was in a category that wasn’t granted', async () => {
    const narrow = await server.token(ANN, { scope: 'patient/Observation.rs?status=amended' });
    expect(statuses((await server.get(narrow, `/Observation/${id(1)}/_history`)).json())).toEqual(['amended']);
    expect((await server.get(narrow, `/Observation/${id(1)}/_history/1`)).statusCode).toBe(404);
    const before = await server.token(ANN, { scope: 'patient/Observation.rs?status=final' });
    expect((await server.get(before, `/Observation/${id(1)}/_history/2`)).statusCode).toBe(404);
  });

  it('shows no version with a label that wasn’t granted, nor any version once the resource has one', async () => {
    const plain = await server.token(ANN, { withheld: [SECRET] });
    expect(statuses((await server.get(plain, `/Observation/${id(2)}/_history`)).json())).toEqual(['amended']);
    expect((await server.get(plain, `/Observation/${id(2)}/_history/1`)).statusCode).toBe(404);
    expect((await server.get(plain, `/Observation/${id(3)}/_history/1`)).statusCode).toBe(404);
    expect((await server.get(ann, `/Observation/${id(3)}/_history`)).json().entry).toHaveLength(2);
  });
});
