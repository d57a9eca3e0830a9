import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadTexts } from '../../support/fhir/load-texts.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const person = { resourceType: 'Patient', id: ANN };
const subject = { reference: `Patient/${ANN}` };
const bundle = (...entry: object[]) => JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry });

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(() => server.reset());

describe('a Binary', () => {
  it('isn’t among the report’s omitted types once its bytes were used', async () => {
    const binary = (own: string, data: string) => ({ resource: { resourceType: 'Binary', id: own, data } });
    const document = (number: number, attachment: object) => ({
      resource: {
        resourceType: 'DocumentReference',
        id: id(number),
        status: 'current',
        subject,
        content: [{ attachment }],
      },
    });
    const report = await loadTexts(server, {
      'a.json': bundle(
        { resource: person },
        binary('taken', 'QUJD'),
        binary('bad', '%'),
        binary('alone', 'QUJD'),
        document(1, { url: 'Binary/taken' }),
        document(2, { url: 'Binary/bad' }),
      ),
    });
    expect(report).toMatchObject({ created: 2, skipped: { Binary: 2 }, refused: [{ id: id(2) }] });
  });
});
