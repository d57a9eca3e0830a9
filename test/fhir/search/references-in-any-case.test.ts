import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projection } from '../../../src/fhir/dstu2/index.ts';
import { r4 } from '../../../src/fhir/r4/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { BASE, type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const VISIT = '00000001-0000-4000-8000-000000000000';
const WEIGHT = '00000002-0000-4000-8000-000000000000';
const subject = { reference: `Patient/${ANN}` };

const VERSIONS = [
  { name: 'R4', version: r4, projections: [] },
  { name: 'DSTU2', version: dstu2, projections: [dstu2Projection] },
] as const;

/** The server reads types and ids in paths in any case, so a reference in a search is treated the same. */
describe.each(VERSIONS)(
  'a reference in a search matches in any case, as a path does: $name',
  ({ version, projections }) => {
    let server: FhirServer;
    let token: string;
    beforeAll(async () => {
      server = await startFhir({ version, projections });
      await server.load([
        patient(ANN, 'Ann'),
        patient(BOB, 'Bob'),
        { resourceType: 'Encounter', id: VISIT, status: 'finished', class: { code: 'AMB' }, subject },
        {
          resourceType: 'Observation',
          id: WEIGHT,
          status: 'final',
          subject,
          code: { text: 'Weight' },
          effectiveDateTime: '2024-05-17',
          encounter: { reference: `Encounter/${VISIT}` },
        },
      ]);
      token = await server.token(ANN);
    });
    afterAll(() => server.close());

    const ask = (query: string) =>
      server.get(token, `/Observation?${query}`, { accept: 'application/json', prefer: 'handling=strict' });

    it.each([
      `patient=patient/${ANN}`,
      `patient=PATIENT/${ANN.toUpperCase()}`,
      `subject=${BASE}/patient/${ANN}`,
      `encounter=encounter/${VISIT}`,
      `encounter=${BASE.replace('/r4', '/R4')}/encounter/${VISIT}`,
    ])('%s', async (query) => {
      const answer = await ask(query);
      expect({ status: answer.statusCode, total: answer.json().total }).toEqual({ status: 200, total: 1 });
    });

    it.each([`patient=patient/${BOB}`, `subject=${BASE}/patient/${BOB}`, `patient=encounter/${ANN}`])(
      'the compartment is enforced: %s',
      async (query) => {
        expect((await ask(query)).statusCode).toBe(403);
      },
    );
  },
);
