import { afterAll, beforeAll, expect, it } from 'vitest';
import { dstu2, dstu2Projections } from '../../../../src/fhir/dstu2/index.ts';
import { type Projection, refreshProjections } from '../../../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const RESULT = '00000001-0000-4000-8000-000000000000';

/** A later version of the DSTU2 conversion, with another output. */
const newer = (projection: Projection): Projection => ({
  ...projection,
  converterVersion: projection.converterVersion + 1,
  project: (...given) => {
    const made = projection.project(...given);
    if (made === undefined || !('content' in made)) return made;
    return { content: made.content.replace('"x"', '"in better words"') };
  },
});

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir({ version: dstu2, projections: dstu2Projections });
  const subject = { reference: `Patient/${ANN}` };
  const { refused } = await server.load([
    { resourceType: 'Patient', id: ANN, gender: 'female' },
    { resourceType: 'Observation', id: RESULT, status: 'final', code: { text: 'x' }, subject },
  ]);
  expect(refused).toEqual([]);
});
afterAll(() => server.close());

it('RFC 9110 §13.1.2: another conversion of the same version is not answered with 304', async () => {
  const token = await server.token(ANN);
  const read = (known?: unknown) =>
    server.get(token, `/Observation/${RESULT}`, known === undefined ? {} : { 'if-none-match': `${known}` });
  const before = await read();
  expect((await read(before.headers['etag'])).statusCode).toBe(304);

  await refreshProjections(server.db, { projections: dstu2Projections.map(newer) });
  const after = await read(before.headers['etag']);
  expect({ status: after.statusCode, code: after.json().code }).toEqual({
    status: 200,
    code: { text: 'in better words' },
  });
  expect(after.json().meta.versionId).toBe(before.json().meta.versionId);
  expect((await read(after.headers['etag'])).statusCode).toBe(304);
});
