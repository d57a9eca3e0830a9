import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { listResourcesWithIssues, openValidation } from '../../../src/intake/index.ts';
import type { PracticeId } from '../../../src/kernel/index.ts';
import {
  type BundleEntry,
  entryResponses,
  feedToken,
  makeBundle,
  putEntry,
  sendBundle,
} from '../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

let server: FhirServer;
let token: string;
beforeAll(async () => {
  const validation = openValidation({ mode: 'warn', guides: [] });
  server = await startFhir(validation === undefined ? {} : { validation });
  token = await feedToken(server);
});
afterAll(() => server.close());

type Named = Resource & { readonly id: string };
const person = (id: string, more: object = {}): Named => ({ resourceType: 'Patient', id, ...more });
const send = (type: string, ...entries: readonly BundleEntry[]) =>
  sendBundle(server, token, makeBundle(type, ...entries));
const stored = async () =>
  (await server.db.queryText("select from resource where content like '%unreadable%'", [])).length;

/** Another error in the same resource, which is only reported and stored. Invalid R4 JSON rejects the resource. */
const beside = { address: [{ use: 'unreadable' }] };

describe('VALIDATION=warn', () => {
  it.each<[string, object, string]>([
    ['a number for text', { birthDate: 7 }, 'birthDate'],
    ['text for true or false', { active: 'true' }, 'active'],
    ['text for a number', { multipleBirthInteger: '2' }, 'multipleBirth'],
    ['an object for text', { gender: {} }, 'gender'],
    ['text for an object', { maritalStatus: 'M' }, 'maritalStatus'],
    ['one value for an array', { name: { family: 'F' } }, 'name'],
    ['an array for one value', { gender: ['male'] }, 'gender'],
    ['a number for text, in a part', { name: [{ given: [7] }] }, 'name[0].given[0]'],
    ['a number for text, in an extension', { extension: [{ url: 'urn:a', valueString: 7 }] }, 'extension[0].value'],
    [
      'a number for text, in a contained resource',
      { contained: [{ resourceType: 'Organization', id: 'o', name: 7 }] },
      'contained[0].name',
    ],
  ])('rejects %s (FHIR R4 §2.6.2), with position and reason', async (_, wrong, where) => {
    const patient = person('p', { ...beside, ...wrong });
    const report = await server.load([patient, person('q')]);
    expect(report).toMatchObject({
      faulty: 0,
      refused: [{ id: 'p', reason: expect.stringContaining(`Patient.${where}: `) }],
    });
    const [first, second] = entryResponses(await send('batch', putEntry(patient), putEntry(person('r'))));
    expect(first?.status).toBe('422 Unprocessable Entity');
    expect(first?.outcome).toMatchObject({
      issue: [{ severity: 'error', expression: [`Bundle.entry[0].resource.${where}`] }],
    });
    expect(second?.status).toMatch(/^20/);
    const whole = await send('transaction', putEntry(patient), putEntry(person('r')));
    expect({ status: whole.statusCode, expression: whole.json().issue[0].expression }).toEqual({
      status: 422,
      expression: [`Bundle.entry[0].resource.${where}`],
    });
    expect(await stored()).toBe(0);
  });

  it('stores resources with missing, unknown or malformed content', async () => {
    const odd = person('odd', { gender: null, name: [], telecom: [null], color: 'red', birthDate: 'soon' });
    expect(await server.load([odd])).toMatchObject({ created: 1, refused: [], faulty: 1 });
    const [invalid] = await listResourcesWithIssues(server.db, { practices: [1 as PracticeId], limit: 10 });
    expect(invalid?.issues.length).toBeGreaterThan(3);
  });
});
