import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BundleEntry,
  type EntryResponse,
  entryResponses,
  feedToken,
  makeBundle,
  postEntry,
  putEntry,
  sendBundle,
  writtenId,
} from '../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  token = await feedToken(server);
});
afterAll(() => server.close());

const send = (type: string, ...entries: readonly BundleEntry[]) =>
  sendBundle(server, token, makeBundle(type, ...entries));
const batch = async (...entries: readonly BundleEntry[]) => entryResponses(await send('batch', ...entries));
const person = (id: string) => putEntry({ resourceType: 'Patient', id, name: [{ family: id }] } as never);
const medication = (id: string, more: object = {}) =>
  putEntry({ resourceType: 'Medication', id, code: { text: `Medicine ${id}` }, ...more } as never);
const request = (id: string, patient: string, medicine: string, more: object = {}) => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: `Patient/${patient}` },
  medicationReference: { reference: medicine },
  ...more,
});
const textOf = ({ outcome }: EntryResponse = { status: '' }) => outcome?.issue[0]?.details.text;
const storedTypes = async (sourceId: string) => {
  const rows = await server.db.queryText<{ type: string; waits: boolean }>(
    'select type, waits from refused_entry where source_id = $1',
    [sourceId],
  );
  return rows.map(({ type, waits }) => `${type} ${waits}`).sort();
};

describe('a resource that is stored with what refers to it', () => {
  it('is rejected if all of that was rejected, is retried with it, and is stored with it', async () => {
    const [asked, medicine] = await batch(putEntry(request('late', 'late', 'Medication/late')), medication('late'));
    expect({ asked: asked?.status, medicine: medicine?.status }).toEqual({
      asked: '422 Unprocessable Entity',
      medicine: '422 Unprocessable Entity',
    });
    expect(textOf(medicine)).toBe(
      'All resources that refer to it were rejected. It is stored only with a resource that refers to it.',
    );
    expect(await storedTypes('late')).toEqual(['Medication true', 'MedicationRequest true']);

    const [patient] = await batch(person('late'));
    expect(await storedTypes('late')).toEqual([]);
    const patientId = writtenId(patient ?? { status: '' });
    const [row] = await server.db.queryText<{ n: number }>(
      `select count(*)::int as n from resource e join record r using (record_id)
       where r.patient_id = $1 and e.type = 'Medication'`,
      [patientId],
    );
    expect(row?.n).toBe(1);
  });

  it('is stored if one that refers to it is, and so are its ingredients', async () => {
    const [, , , medicine, part] = await batch(
      person('two'),
      putEntry(request('refused', 'nobody', 'Medication/two')),
      putEntry(request('stored', 'two', 'Medication/two')),
      medication('two', { ingredient: [{ itemReference: { reference: 'Medication/part' } }] }),
      medication('part'),
    );
    for (const one of [medicine, part]) {
      expect(one?.status).toBe('200 OK');
      expect(textOf(one)).toBe('It is stored with the resources that refer to it.');
    }
  });

  it('is reported if nothing that could be written refers to it', async () => {
    const narrow = await feedToken(server, 'narrow', [1], 'system/Patient.cud system/Medication.cud');
    const [, , medicine] = entryResponses(
      await sendBundle(
        server,
        narrow,
        makeBundle('batch', person('bare'), putEntry(request('bare', 'bare', 'Medication/bare')), medication('bare')),
      ),
    );
    expect(medicine?.status).toBe('422 Unprocessable Entity');
    expect(textOf(medicine)).toContain('No resource of this Bundle that could be written refers to it');
  });

  it('a Binary behaves the same', async () => {
    const [, binary] = await batch(
      putEntry({
        resourceType: 'DocumentReference',
        id: 'scan',
        status: 'current',
        subject: { reference: 'Patient/nobody' },
        content: [{ attachment: { contentType: 'text/plain', url: 'Binary/scan' } }],
      } as never),
      putEntry({ resourceType: 'Binary', id: 'scan', contentType: 'text/plain', data: 'YQ==' } as never),
    );
    expect(binary?.status).toBe('422 Unprocessable Entity');
  });

  it('a transaction reports what was rejected, not what would have been stored with it', async () => {
    const answer = await send(
      'transaction',
      putEntry(request('t', 'nobody', 'Medication/t')),
      medication('t'),
      person('another'),
    );
    expect(answer.statusCode).toBe(422);
    const [issue, ...others] = answer.json().issue;
    expect({ expression: issue.expression, others }).toEqual({
      expression: ['Bundle.entry[0].resource.subject'],
      others: [],
    });
  });

  it('depends on stored resources as well: a conditional create that matches one, and a stale version', async () => {
    const identifier = [{ system: 'urn:rx', value: 'once' }];
    const once = () =>
      send(
        'transaction',
        person('once'),
        postEntry(request('once', 'once', 'urn:uuid:6a5b4c3d-0000-4000-8000-00000000000a', { identifier }), undefined, {
          ifNoneExist: 'identifier=urn:rx|once',
        }),
        postEntry(
          { resourceType: 'Medication', code: { text: 'Iron' } } as never,
          'urn:uuid:6a5b4c3d-0000-4000-8000-00000000000a',
        ),
      );
    expect((await once()).statusCode).toBe(200);
    const again = await once();
    expect(again.statusCode, again.body).toBe(200);
    expect(textOf(entryResponses(again)[2])).toBe('The resources that refer to it already exist and were not changed.');

    const at = (lastUpdated: string) => request('late-state', 'once', 'Medication/m', { meta: { lastUpdated } });
    await batch(putEntry(at('2024-02-01T00:00:00Z')), medication('m'));
    const [, late] = await batch(putEntry(at('2024-01-01T00:00:00Z')), medication('m'));
    expect({ status: late?.status, text: textOf(late) }).toEqual({
      status: '200 OK',
      text: 'The resources that refer to it already exist and were not changed.',
    });
  });
});
