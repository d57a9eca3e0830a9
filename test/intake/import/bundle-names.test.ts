import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadTexts, ndjson } from '../../support/fhir/load-texts.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const SAME = 'urn:uuid:99999999-9999-4999-8999-999999999999';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const person = (patientId: string, mrn?: string) => ({
  resourceType: 'Patient',
  id: patientId,
  ...(mrn === undefined ? {} : { identifier: [{ system: 'urn:mrn', value: mrn }] }),
});
const observation = (number: number, reference: string) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code: {},
  subject: { reference },
});
const bundle = (...entry: object[]) => JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const idsOf = async (patientId: string): Promise<readonly string[]> => {
  const { entry = [] } = (await server.get(await server.token(patientId), '/Observation')).json();
  return entry.map(({ resource }: { resource: { id: string } }) => resource.id).sort();
};

describe('a fullUrl', () => {
  it('is a name within its own Bundle alone (FHIR R4 Bundle, resolving references)', async () => {
    const of = (patientId: string, number: number) =>
      bundle({ fullUrl: SAME, resource: person(patientId) }, { resource: observation(number, SAME) });
    expect(await loadTexts(server, { 'a.json': of(ANN, 1), 'b.json': of(BOB, 2) })).toMatchObject({ refused: [] });
    expect(await idsOf(ANN)).toEqual([id(1)]);
    expect(await idsOf(BOB)).toEqual([id(2)]);
  });

  it('names nothing in another file', async () => {
    const report = await loadTexts(server, {
      'a.json': bundle({ fullUrl: SAME, resource: person(ANN) }),
      'b.json': bundle({ resource: observation(1, SAME) }),
    });
    expect(report.refused).toMatchObject([
      { file: 'b.json', reason: expect.stringContaining('patient of this resource was not found') },
    ]);
  });

  it('that two resources of a Bundle share names neither', async () => {
    const report = await loadTexts(server, {
      'a.json': bundle(
        { fullUrl: SAME, resource: person(ANN) },
        { fullUrl: SAME, resource: person(BOB) },
        { resource: observation(1, SAME) },
      ),
    });
    expect(report.refused).toMatchObject([{ at: 'entry 3', reason: expect.stringContaining('ambiguous') }]);
  });
});

describe('a conditional reference', () => {
  it('is resolved within the whole input', async () => {
    const files = {
      'a.json': bundle({ resource: person(ANN, '7') }),
      'b.json': bundle({ resource: observation(1, 'Patient?identifier=urn:mrn|7') }),
    };
    expect(await loadTexts(server, files)).toMatchObject({ refused: [] });
    expect(await idsOf(ANN)).toEqual([id(1)]);
  });

  it('that matches two patients is rejected and not guessed', async () => {
    const report = await loadTexts(server, {
      'a.ndjson': ndjson(
        person(ANN, '7'),
        person(BOB, '7'),
        observation(1, 'Patient?identifier=urn:mrn|7'),
        observation(2, 'Patient?identifier=urn%3Amrn%7C7'),
        { resourceType: 'Provenance', id: id(9), target: [{ reference: 'Patient?identifier=urn:mrn|7' }] },
      ),
    });
    expect(report.created).toBe(2);
    expect(report.refused.map(({ reason }) => reason)).toEqual(Array(3).fill(expect.stringContaining('ambiguous')));
    expect({ ANN: await idsOf(ANN), BOB: await idsOf(BOB) }).toEqual({ ANN: [], BOB: [] });
  });

  it('that matches the same patient twice is unambiguous', async () => {
    const files = {
      'a.ndjson': ndjson(person(ANN, '7'), person(ANN, '7'), observation(1, 'Patient?identifier=urn:mrn|7')),
    };
    expect(await loadTexts(server, files)).toMatchObject({ refused: [] });
    expect(await idsOf(ANN)).toEqual([id(1)]);
  });
});
