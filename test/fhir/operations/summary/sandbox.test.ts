import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import { sandboxData } from '../../../support/fhir/sandbox.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';
import { schemaValidator } from '../../xml/schema.ts';
import { documentProblems, findSection, type Summary } from './document.ts';

const PEOPLE = ['ana', 'sofia', 'milo'];
const sandbox = sandboxData();
const people = sandbox.patients.filter(({ key }) => PEOPLE.includes(key));
const patientOf = (key: string) =>
  people.find((one) => one.key === key)?.resources.find(({ resourceType }) => resourceType === 'Patient')?.id ?? '';

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
  await server.load([...sandbox.directory, ...people.flatMap(({ resources }) => resources)]);
});
afterAll(() => server.close());

const summary = async (key: string, as?: string): Promise<Summary> => {
  const answer = await server.get(as ?? (await server.token(patientOf(key))), `/Patient/${patientOf(key)}/$summary`);
  expect(answer.statusCode).toBe(200);
  return answer.json();
};
const entries = (made: Summary, code: string): number => findSection(made, code)?.entry?.length ?? 0;

describe('the summary of a person in the sandbox', () => {
  it.each(PEOPLE)('%s: is a document, valid by the rules and by the official schema', async (key) => {
    const made = await summary(key);
    expect(documentProblems(made)).toEqual([]);
    expect(made.meta?.profile).toHaveLength(1);
    const xml = await server.get(await server.token(patientOf(key)), '/Patient/$summary?_format=xml');
    if (SHARED_DATA !== undefined) expect(schemaValidator('r4')(xml.body)).toEqual([]);
  });

  it('has what a clinician needs who has never seen the patient, and remains short enough to read', async () => {
    const made = await summary('ana');
    for (const code of ['11450-4', '48765-2', '10160-0', '11369-6', '30954-2', '8716-3', '29762-2'])
      expect(entries(made, code), code).toBeGreaterThan(0);
    expect(made.entry.length).toBeLessThan(150);
    const names = made.entry.map(({ resource }) => `${resource.resourceType}/${resource.id}`);
    expect(new Set(names).size).toBe(names.length);
    expect(findSection(made, '48765-2')?.text.div).toContain('<td>Penicillin</td><td>Hives; Itching</td>');
    expect(findSection(made, '10160-0')?.text.div).not.toContain('<td>completed</td>');
  });
});
