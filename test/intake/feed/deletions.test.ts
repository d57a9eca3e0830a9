import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projections } from '../../../src/fhir/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import {
  type BundleEntry,
  entryResponses,
  feedToken,
  makeBundle,
  putEntry,
  sendBundle,
  writtenId,
} from '../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const LOADED = '00000001-0000-4000-8000-000000000000';
const observation = (id: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  category: [{ coding: [{ code: 'laboratory' }] }],
  code: { text: 'x' },
  subject: { reference: `Patient/${ANN}` },
  ...more,
});
const remove = (type: string, id: string, more: object = {}): BundleEntry => ({
  request: { method: 'DELETE', url: `${type}/${id}`, ...more },
});

let server: FhirServer;
let token: string;
let ann: string;
let bob: string;
beforeAll(async () => {
  server = await startFhir({ projections });
  token = await feedToken(server);
  await server.load([patient(ANN, 'Ann'), patient(BOB, 'Bob'), observation(LOADED)]);
  [ann, bob] = [await server.token(ANN), await server.token(BOB)];
});
afterAll(() => server.close());

const send = (...entries: readonly BundleEntry[]) => sendBundle(server, token, makeBundle('transaction', ...entries));
const statusOf = async (by: string, path: string) => (await server.get(by, path)).statusCode;

/**
 * Sends a resource and then its deletion.
 * @returns the id that the server gave it
 */
async function sentAndDeleted(resource: { readonly resourceType: string; readonly id: string }): Promise<string> {
  const [made] = entryResponses(await send(putEntry(resource)));
  const answer = await send(remove(resource.resourceType, resource.id));
  expect(answer.statusCode, answer.body).toBe(200);
  expect(entryResponses(answer)[0]).toEqual({
    status: '204 No Content',
    etag: 'W/"2"',
    lastModified: server.clock.now().toISOString(),
  });
  return writtenId(made ?? { status: '' });
}

describe('a deletion (FHIR R4 §3.1.0.7)', () => {
  it('removes the resource from reads, searches, totals, $everything and projections', async () => {
    const before = (await server.get(ann, '/Observation')).json().total;
    const id = await sentAndDeleted(observation('gone'));
    expect((await server.get(ann, '/Observation')).json().total).toBe(before);
    for (const path of ['/Observation', `/Observation?_id=${id}`, `/Patient/${ANN}/$everything`])
      expect(JSON.stringify((await server.get(ann, path)).json().entry ?? [])).not.toContain(id);
    const left = await server.db.queryText<object>(
      'select 1 as one from resource where id = $1 union all select 1 from conversion where id = $1',
      [id],
    );
    expect(left).toEqual([]);
  });

  it('lowers the total of a search that was counted before', async () => {
    await send(putEntry(observation('stays')), putEntry(observation('goes')));
    const total = async () => (await server.get(ann, '/Observation?_count=1')).json().total;
    const before = await total();
    await send(remove('Observation', 'goes'));
    expect(await total()).toBe(before - 1);
  });

  it('is 410 for tokens that could read it, and 404 for others', async () => {
    const id = await sentAndDeleted(observation('told'));
    const answer = await server.get(ann, `/Observation/${id}`);
    expect({ status: answer.statusCode, code: answer.json().issue[0].code }).toEqual({ status: 410, code: 'deleted' });
    expect(await statusOf(token, `/Observation/${id}`)).toBe(410);
    expect(await statusOf(bob, `/Observation/${id}`)).toBe(404);
    expect(await statusOf(bob, `/Observation/${id}/_history`)).toBe(404);
    expect(await statusOf(await server.token(ANN, { scope: 'patient/Condition.rs' }), `/Observation/${id}`)).toBe(403);
    const vitals = await server.token(ANN, { scope: 'patient/Observation.rs?category=vital-signs' });
    for (const path of ['', '/_history', '/_history/1', '/_history/2'])
      expect(await statusOf(vitals, `/Observation/${id}${path}`)).toBe(404);
    const elsewhere = await feedToken(server, 'ehr', [2]);
    expect(await statusOf(elsewhere, `/Observation/${id}`)).toBe(404);
  });

  it('a resource that was withheld before it was deleted stays withheld', async () => {
    const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' };
    const id = await sentAndDeleted(observation('labelled', { meta: { security: [label] } }));
    const narrow = await server.token(ANN, { withheld: [label] as never });
    for (const path of ['', '/_history', '/_history/1', '/_history/2'])
      expect(await statusOf(narrow, `/Observation/${id}${path}`)).toBe(404);
    expect(await statusOf(ann, `/Observation/${id}/_history/1`)).toBe(200);
  });

  it('is in the history, with the earlier versions and its time', async () => {
    const id = await sentAndDeleted(observation('past'));
    const { entry } = (await server.get(ann, `/Observation/${id}/_history`)).json();
    expect(entry).toMatchObject([
      { request: { method: 'DELETE', url: `Observation/${id}` }, response: { status: '204', etag: 'W/"2"' } },
      { resource: { id }, request: { method: 'POST' }, response: { status: '201', etag: 'W/"1"' } },
    ]);
    expect(entry[0]).not.toHaveProperty('resource');
    expect(await statusOf(ann, `/Observation/${id}/_history/1`)).toBe(200);
    expect(await statusOf(ann, `/Observation/${id}/_history/2`)).toBe(410);
    expect(await statusOf(ann, `/Observation/${id}/_history/3`)).toBe(404);
  });

  it('is reverted by a later PUT, as the next version', async () => {
    const id = await sentAndDeleted(observation('back'));
    const again = entryResponses(await send(putEntry(observation('back'))));
    expect(again[0]).toMatchObject({ status: '201 Created', location: `Observation/${id}/_history/3`, etag: 'W/"3"' });
    expect((await server.get(ann, `/Observation/${id}`)).json().meta.versionId).toBe('3');
    const { entry } = (await server.get(ann, `/Observation/${id}/_history`)).json();
    expect(entry.map(({ request }: { request: { method: string } }) => request.method)).toEqual([
      'PUT',
      'DELETE',
      'POST',
    ]);
    const [gone] = entryResponses(await send(remove('Observation', 'back')));
    expect(gone?.etag).toBe('W/"4"');
    expect(await statusOf(ann, `/Observation/${id}`)).toBe(410);
  });

  it('deletes its documents', async () => {
    const note = {
      resourceType: 'DocumentReference',
      id: 'note',
      status: 'current',
      subject: { reference: `Patient/${ANN}` },
      content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('a note').toString('base64') } }],
    };
    const [made] = entryResponses(await send(putEntry(note)));
    const read = (await server.get(ann, `/DocumentReference/${writtenId(made ?? { status: '' })}`)).json();
    const { url } = read.content[0].attachment;
    expect(await statusOf(ann, url)).toBe(200);
    await send(remove('DocumentReference', 'note'));
    expect(await statusOf(ann, url)).toBe(404);
    expect(await server.db.queryText<object>('select id from document', [])).toEqual([]);
  });

  it('deletes the copy of a Medication that nothing else refers to', async () => {
    const request = {
      resourceType: 'MedicationRequest',
      id: 'm',
      status: 'active',
      intent: 'order',
      subject: { reference: `Patient/${ANN}` },
      medicationReference: { reference: 'Medication/iron' },
    };
    await send(
      putEntry(request),
      putEntry({ resourceType: 'Medication', id: 'iron', code: { text: 'Iron' } } as never),
    );
    expect((await server.get(ann, '/Medication')).json().total).toBe(1);
    await send(remove('MedicationRequest', 'm'));
    expect((await server.get(ann, '/Medication')).json().total).toBe(0);
  });

  it('in the directory: it is deleted for all, and returns as the next version', async () => {
    const id = await sentAndDeleted({ resourceType: 'Organization', id: 'org' });
    expect(await statusOf(ann, `/Organization/${id}`)).toBe(410);
    const [again] = entryResponses(await send(putEntry({ resourceType: 'Organization', id: 'org' })));
    expect(again).toMatchObject({ status: '201 Created', etag: 'W/"3"' });
    expect(await statusOf(ann, `/Organization/${id}`)).toBe(200);
  });

  it('of an unknown or deleted resource succeeds', async () => {
    await sentAndDeleted(observation('twice'));
    const answer = entryResponses(await send(remove('Observation', 'twice'), remove('Observation', 'never')));
    expect(answer.map(({ status, etag }) => [status, etag])).toEqual([
      ['204 No Content', 'W/"2"'],
      ['204 No Content', undefined],
    ]);
  });

  it('is rolled back with its transaction', async () => {
    const [made] = entryResponses(await send(putEntry(observation('kept'))));
    const failed = await send(
      remove('Observation', 'kept'),
      putEntry(observation('bad', { subject: { reference: 'Patient/none' } })),
    );
    expect(failed.statusCode).toBe(422);
    expect(await statusOf(ann, `/Observation/${writtenId(made ?? { status: '' })}`)).toBe(200);
  });

  it('respects ifMatch', async () => {
    await send(putEntry(observation('if')));
    expect((await send(remove('Observation', 'if', { ifMatch: 'W/"2"' }))).statusCode).toBe(412);
    expect((await send(remove('Observation', 'if', { ifMatch: 'W/"1"' }))).statusCode).toBe(200);
    expect((await send(remove('Observation', 'if', { ifMatch: 'W/"2"' }))).statusCode).toBe(412);
  });
});

describe('a deletion that a feed may not make', () => {
  it.each([
    ['of another source’s resource', 409, () => remove('Observation', LOADED)],
    ['of a Patient', 422, () => remove('Patient', ANN)],
    ['of a Medication or Binary by itself', 422, () => remove('Medication', LOADED)],
    ['of a type that isn’t stored', 404, () => remove('Spaceship', 'x')],
    ['by a condition', 400, () => ({ request: { method: 'DELETE', url: 'Observation?code=x' } })],
    ['of all of a type', 400, () => ({ request: { method: 'DELETE', url: 'Observation' } })],
  ])('%s: %i', async (_what, status, entry) => {
    expect((await send(entry())).statusCode).toBe(status);
    expect(await statusOf(ann, `/Observation/${LOADED}`)).toBe(200);
  });

  it('nor may it restore another source’s deletion, or restore into another patient’s record', async () => {
    const id = await sentAndDeleted(observation('mine'));
    const other = await feedToken(server, 'lab');
    const revived = await sendBundle(server, other, makeBundle('transaction', putEntry(observation(id))));
    expect(revived.statusCode).toBe(409);
    const moved = await send(putEntry(observation('mine', { subject: { reference: `Patient/${BOB}` } })));
    expect({ moved: moved.statusCode, bob: await statusOf(bob, `/Observation/${id}`) }).toEqual({
      moved: 422,
      bob: 404,
    });
  });
});
