import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileInput, importFiles } from '../../../../src/intake/index.ts';
import { type PracticeId, systemRandom } from '../../../../src/kernel/index.ts';
import { type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import { dataFiles, withData } from '../../../support/fhir/published-data.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';
import { schemaValidator } from '../../xml/schema.ts';
import { documentProblems, type Summary } from './document.ts';

const FILES = [
  ...dataFiles('inferno-reference-data/resources', '.json').filter((file) => /patient_(85|355)\.json$/.test(file)),
  ...dataFiles('synthea-r4', '.json').slice(0, 2),
];

/** Published records have codes and narratives that we didn't choose, in every type of resource. */
describe.runIf(SHARED_DATA).each(SHARED_DATA === undefined ? [''] : FILES)(withData('the summary of %s'), (file) => {
  let server: FhirServer;
  let patient: string;
  beforeAll(async () => {
    server = await startFhir();
    const into = {
      practiceId: 1 as PracticeId,
      source: 'test',
      projections: [],
      clock: server.clock,
      random: systemRandom,
    };
    await importFiles(server.db, into, [fileInput(file)]);
    const [row] = await server.db.queryText<{ patient_id: string }>('select patient_id from record limit 1', []);
    patient = row?.patient_id ?? '';
  });
  afterAll(() => server.close());

  it('is a document, valid by the rules and by the official schema', async () => {
    const token = await server.token(patient);
    const made: Summary = (await server.get(token, '/Patient/$summary')).json();
    expect(documentProblems(made)).toEqual([]);
    const xml = await server.get(token, '/Patient/$summary?_format=xml');
    expect(schemaValidator('r4')(xml.body)).toEqual([]);
    expect(made.entry.length).toBeGreaterThan(30);
  });
});
