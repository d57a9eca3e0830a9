import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

/** Ids of two Patients in the source system. */
const [ANN, ANNE] = ['ann', 'anne'];
const link = (type: string, other: string) => ({ link: [{ type, other: { reference: `Patient/${other}` } }] });
const person = (id: string, more: object = {}) =>
  ({ ...patient(id, id), ...more }) as { readonly resourceType: string; readonly id: string };
const observation = (id: string, of: string) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference: `Patient/${of}` },
});

let server: FhirServer;
let token: string;
let ids: { readonly ann: string; readonly anne: string };
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(async () => {
  await server.reset();
  token = await feedToken(server);
  const made = await send(
    'transaction',
    putEntry(person(ANN)),
    putEntry(person(ANNE)),
    putEntry(observation('a', ANN)),
    putEntry(observation('b', ANNE)),
  );
  const [ann, anne] = entryResponses(made).map(writtenId);
  ids = { ann: ann ?? '', anne: anne ?? '' };
});

const send = (type: string, ...entries: readonly BundleEntry[]) =>
  sendBundle(server, token, makeBundle(type, ...entries));
const statuses = (answer: Awaited<ReturnType<typeof send>>) =>
  entryResponses(answer).map(({ status }) => status.slice(0, 3));
const totalOf = async (patientId: string) =>
  (await server.get(await server.token(patientId), '/Observation')).json().total;
const stateOf = async (patientId: string) =>
  (await server.db.queryText<{ state: string }>('select state from record where patient_id = $1', [patientId]))[0]
    ?.state;

describe('Patient.link of a feed (R4): two of its records belong to one person', () => {
  it('replaced-by: the record is merged into the other, and later entries by the old id go there', async () => {
    const answer = await send('transaction', putEntry(person(ANNE, link('replaced-by', ANN))));
    expect(statuses(answer)).toEqual(['200']);
    expect(await stateOf(ids.anne)).toBe('merged');
    expect(await totalOf(ids.ann)).toBe(2);
    const later = await send('batch', putEntry(observation('c', ANNE)), putEntry(observation('b', ANNE)));
    expect(statuses(later)).toEqual(['201', '200']);
    expect(await totalOf(ids.ann)).toBe(3);
    const [event] = await server.db.queryText<object>(
      "select client_id, outcome, detail from audit_event where kind = 'record' and detail->>'action' = 'merged'",
      [],
    );
    expect(event).toMatchObject({ client_id: 'ehr', outcome: 'success', detail: { said: 'replaced-by', by: 'app' } });
  });

  it('replaces: the same, sent with the remaining Patient', async () => {
    expect(statuses(await send('batch', putEntry(person(ANN, link('replaces', ANNE)))))).toEqual(['200']);
    expect({ state: await stateOf(ids.anne), total: await totalOf(ids.ann) }).toEqual({ state: 'merged', total: 2 });
  });

  it('sent again changes nothing', async () => {
    const both = [putEntry(person(ANN, link('replaces', ANNE))), putEntry(person(ANNE, link('replaced-by', ANN)))];
    await send('transaction', ...both);
    const rows = () =>
      server.db.queryText<object>('select record_id, type, id, version from resource order by type, id', []);
    const before = await rows();
    const again = await send('transaction', ...both, putEntry(observation('a', ANN)), putEntry(observation('b', ANNE)));
    expect(statuses(again)).toEqual(['200', '200', '200', '200']);
    expect(await rows()).toEqual(before);
  });

  it('in one Bundle with new entries for both', async () => {
    const answer = await send(
      'transaction',
      putEntry(person('bea')),
      putEntry(person('beatrice', link('replaced-by', 'bea'))),
      putEntry(observation('d', 'beatrice')),
    );
    expect(answer.statusCode, answer.body).toBe(200);
    expect(await totalOf(writtenId(entryResponses(answer)[0] ?? { status: '' }))).toBe(1);
  });

  it('removed from the Patient undoes the merge: each gets its own back', async () => {
    await send('transaction', putEntry(person(ANNE, link('replaced-by', ANN))));
    await send('transaction', putEntry(observation('c', ANNE)));
    expect(statuses(await send('transaction', putEntry(person(ANNE))))).toEqual(['200']);
    expect({ state: await stateOf(ids.anne), ann: await totalOf(ids.ann), anne: await totalOf(ids.anne) }).toEqual({
      state: 'active',
      ann: 1,
      anne: 2,
    });
    const anne = (await server.get(await server.token(ids.anne), `/Patient/${ids.anne}`)).json();
    expect(anne).not.toHaveProperty('link');
    expect(anne).not.toHaveProperty('active');
  });

  it('a merge by the operator isn’t undone by a feed that doesn’t know of it', async () => {
    await send('transaction', putEntry(person(ANNE, link('replaced-by', ANN))));
    await server.db.queryText("update record_merge set said = 'operator', source = null", []);
    await send('transaction', putEntry(person(ANNE)));
    expect({ state: await stateOf(ids.anne), total: await totalOf(ids.ann) }).toEqual({ state: 'merged', total: 2 });
  });

  it('to an unknown Patient is retried, in a batch', async () => {
    const answer = await send('batch', putEntry(person(ANNE, link('replaced-by', 'later'))));
    expect(statuses(answer)).toEqual(['412']);
    expect(await stateOf(ids.anne)).toBe('active');
    await send('batch', putEntry(person('later')));
    expect(await stateOf(ids.anne)).toBe('merged');
  });
});

describe('a link that a feed may not send', () => {
  const unchanged = async (answer: Awaited<ReturnType<typeof send>>, status: string) => {
    expect(statuses(answer)).toEqual([status]);
    expect({ state: await stateOf(ids.anne), ann: await totalOf(ids.ann), anne: await totalOf(ids.anne) }).toEqual({
      state: 'active',
      ann: 1,
      anne: 1,
    });
  };

  it('between its own Patient and another source’s, in either direction', async () => {
    const other = await feedToken(server, 'laboratory');
    const own = makeBundle('batch', putEntry(person('theirs', link('replaced-by', ids.ann))));
    await unchanged(await sendBundle(server, other, own), '409');
    const taken = makeBundle('batch', putEntry(person('theirs', link('replaces', ids.anne))));
    await unchanged(await sendBundle(server, other, taken), '409');
  });

  it('a Patient of another practice', async () => {
    const elsewhere = '0000000c-0000-4000-8000-000000000000';
    await server.load([patient(elsewhere, 'Cat')], { practiceId: 2 });
    await unchanged(await send('batch', putEntry(person(ANNE, link('replaced-by', elsewhere)))), '412');
  });

  it('without the right to change Patients', async () => {
    token = await feedToken(server, 'ehr', [1], 'system/Patient.c system/Observation.cud');
    const made = { resource: person('x', link('replaces', ANNE)), request: { method: 'POST', url: 'Patient' } };
    await unchanged(await send('batch', made as BundleEntry), '403');
  });

  it('between people with different birth dates, to two at once, or in a circle', async () => {
    const born = (birthDate: string) => ({ birthDate });
    await send('transaction', putEntry(person(ANN, born('1980-01-01'))), putEntry(person(ANNE, born('1950-01-01'))));
    const apart = putEntry(person(ANNE, { ...born('1950-01-01'), ...link('replaced-by', ANN) }));
    await unchanged(await send('batch', apart), '422');
    const two = [...link('replaced-by', ANN).link, ...link('replaced-by', 'a-third').link];
    await unchanged(await send('batch', putEntry(person(ANNE, { link: two }))), '422');
    await send('transaction', putEntry(person(ANN)), putEntry(person(ANNE)));
    await send('transaction', putEntry(person(ANNE, link('replaced-by', ANN))));
    expect(statuses(await send('batch', putEntry(person(ANN, link('replaced-by', ANNE)))))).toEqual(['422']);
    expect(await stateOf(ids.ann)).toBe('active');
  });

  it('is rolled back completely if an entry of the transaction is rejected', async () => {
    const answer = await send(
      'transaction',
      putEntry(person(ANNE, link('replaced-by', ANN))),
      putEntry(observation('e', 'nobody')),
    );
    expect(answer.statusCode).toBe(422);
    expect({ state: await stateOf(ids.anne), total: await totalOf(ids.anne) }).toEqual({ state: 'active', total: 1 });
  });
});
