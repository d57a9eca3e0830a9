import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadTexts } from '../../support/fhir/load-texts.ts';

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());

it('a name or number of 100 kilobytes doesn’t reject a Patient', async () => {
  const text = Array.from({ length: 20_000 }, (_, i) => (i * 7919).toString(36)).join('');
  const person = {
    resourceType: 'Patient',
    id: 'long',
    identifier: [{ system: 'urn:mrn', value: text }],
    name: [{ family: text, given: [text, text] }],
  };
  const report = await loadTexts(server, { 'a.json': JSON.stringify(person) });
  expect(report).toMatchObject({ created: 1, refused: [] });
  const [row] = await server.db.queryText<{ content: string }>('select content from resource', []);
  expect(JSON.parse(row?.content ?? '').name[0].family).toBe(text);
});
