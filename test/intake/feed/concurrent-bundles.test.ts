import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../../src/audit/index.ts';
import { purgeIdClaims } from '../../../src/fhir/store/id-registry/purge-id-claims.ts';
import { mergePatients } from '../../../src/intake/index.ts';
import { type PracticeId, systemRandom as random } from '../../../src/kernel/index.ts';
import { WAITING_FOR_LOCK } from '../../support/database/waiting-for-lock.ts';
import { entryResponses, feedToken, makeBundle, postEntry, putEntry, sendBundle } from '../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { mergeNotifier } from '../../support/people/merged-people.ts';
import { until } from '../../support/runs/until.ts';

const ANN = '00000000-0000-4000-8000-0000000000a1';
const BEA = '00000000-0000-4000-8000-0000000000b1';
const SHARED_ID = '00000000-0000-4000-8000-0000000000c1';

let server: FhirServer;
let tokens: { readonly ehr: string; readonly laboratory: string; readonly reader: string };

beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(async () => {
  await server.reset();
  tokens = {
    ehr: await feedToken(server, 'ehr'),
    laboratory: await feedToken(server, 'laboratory'),
    reader: await server.token('', { backend: 'reader', practices: [1], scope: 'system/*.rs' }),
  };
  await send(tokens.ehr, putEntry(person(ANN)), putEntry(person(BEA)));
});

const person = (id: string) => ({ resourceType: 'Patient', id, name: [{ family: id }], birthDate: '1980-02-03' });
const observation = (id: string, patient: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference: `Patient/${patient}` },
  ...more,
});
type Entry = Parameters<typeof makeBundle>[1];
async function send(token: string, ...entries: readonly Entry[]): Promise<readonly string[]> {
  const response = await sendBundle(server, token, makeBundle('batch', ...entries));
  expect(response.statusCode, response.body).toBe(200);
  return entryResponses(response).map(({ status }) => status);
}

/** Keeps a transaction open that has run a statement, until the returned function is called. */
async function holdOpen(statement: string, parameter: string): Promise<() => Promise<void>> {
  const held = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const ended = server.db.transaction(async (tx) => {
    await tx.queryText(statement, [parameter]);
    held.resolve();
    await release.promise;
  });
  await held.promise;
  return () => {
    release.resolve();
    return ended;
  };
}

/** Locks a patient record, as a Bundle for that patient does, until the returned function is called. */
const holdRecord = (patient: string) => holdOpen('select from record where patient_id = $1 for update', patient);

const waitingForLock = (count: number) =>
  until(async () => (await server.db.queryText(WAITING_FOR_LOCK, [])).length === count);

/** Ids of the Observations that a client finds that asks for all changes since a time, in their order. */
async function poll(since = '2000-01-01'): Promise<readonly string[]> {
  const response = await server.get(tokens.reader, `/Observation?_lastUpdated=gt${since}&_sort=_lastUpdated`);
  expect(response.statusCode, response.body).toBe(200);
  const { entry = [] } = response.json();
  return entry.map(({ resource }: { resource: { note: [{ text: string }] } }) => resource.note[0].text);
}
/** Patients whose records have a resource. */
const stored = async (id: string): Promise<readonly string[]> =>
  (
    await server.db.queryText<{ patient_id: string }>(
      'select x.patient_id from resource r join record x on x.record_id = r.record_id where r.id = $1',
      [id],
    )
  ).map(({ patient_id }) => patient_id);
const named = (text: string) => ({ note: [{ text }] });

describe('Bundles of one practice that are sent at the same time', () => {
  it('do not wait for each other if they are about different patients', async () => {
    const release = await holdRecord(ANN);
    const slow = send(tokens.ehr, putEntry(observation('1', ANN)));
    await waitingForLock(1);
    expect(await send(tokens.laboratory, putEntry(observation('1', BEA)))).toEqual(['201 Created']);
    await release();
    expect(await slow).toEqual(['201 Created']);
  });

  it('are written one after the other if they are about one patient', async () => {
    await send(tokens.ehr, putEntry(observation('1', ANN)));
    const changes = Array.from({ length: 8 }, (_, number) =>
      send(tokens.ehr, putEntry(observation('1', ANN, named(String(number))), { ifMatch: 'W/"1"' })),
    );
    const statuses = (await Promise.all(changes)).flat().toSorted();
    expect(statuses).toEqual(['200 OK', ...Array.from({ length: 7 }, () => '412 Precondition Failed')]);
  });

  it('never store one id in two records', async () => {
    const statuses = await Promise.all([
      send(tokens.ehr, putEntry(observation(SHARED_ID, ANN))),
      send(tokens.laboratory, putEntry(observation(SHARED_ID, BEA))),
    ]);
    expect(statuses.flat().filter((status) => status === '201 Created')).toHaveLength(1);
    expect(await stored(SHARED_ID)).toHaveLength(1);
  });

  it('create one resource for a condition that nothing matches', async () => {
    const create = postEntry(
      observation('x', ANN, { identifier: [{ system: 'urn:accession', value: '7' }] }),
      undefined,
      { ifNoneExist: 'identifier=urn:accession|7' },
    );
    const statuses = (await Promise.all(Array.from({ length: 6 }, () => send(tokens.ehr, create)))).flat();
    expect(statuses.toSorted()).toEqual([...Array.from({ length: 5 }, () => '200 OK'), '201 Created']);
  });

  it('create a directory that all of them have once', async () => {
    const organization = { resourceType: 'Organization', id: 'clinic', name: 'Clinic' };
    const sent = Array.from({ length: 6 }, (_, number) =>
      send(tokens.ehr, putEntry(organization), putEntry(observation(String(number), number % 2 === 0 ? ANN : BEA))),
    );
    const statuses = (await Promise.all(sent)).flat();
    expect(statuses.filter((status) => status === '201 Created')).toHaveLength(1 + 6);
  });

  it('wait for a merge of records, and follow it', async () => {
    const { db, clock } = server;
    const deps = { clock, random, projections: [], notifier: mergeNotifier(clock) };
    const audit = createAuditLog({ db, clock, random });
    const author = { by: 'operator' } as const;
    const request = {
      practiceId: 1 as PracticeId,
      patientId: BEA,
      into: ANN,
      said: 'operator',
      source: undefined,
      author,
    } as const;
    const release = await holdRecord(BEA);
    const merged = server.db.transaction((tx) => mergePatients({ ...deps, audit, tx }, request));
    await waitingForLock(1);
    const sent = send(tokens.laboratory, putEntry(observation('1', BEA)));
    await waitingForLock(2);
    await release();
    expect(await merged).toMatchObject({ done: true });
    expect(await sent).toEqual(['201 Created']);
    const rows = await server.db.queryText<{ patient_id: string }>(
      `select x.patient_id from resource r join record x on x.record_id = r.record_id where r.type = 'Observation'`,
      [],
    );
    expect(rows).toEqual([{ patient_id: ANN }]);
  });
});

describe('the claims of new ids', () => {
  const claims = async (): Promise<readonly string[]> =>
    (await server.db.queryText<{ id: string }>('select id from resource_key order by id', [])).map(({ id }) => id);
  const purge = () => purgeIdClaims(server.db);
  beforeEach(purge);
  /** Claims an id for no record, so that a Bundle with this id waits until the returned function is called. */
  const holdClaim = (id: string) => holdOpen("insert into resource_key values (1, 'Observation', $1, 0)", id);

  it('are made by Bundles and deleted afterward; imports make none, because nothing else is written meanwhile', async () => {
    await send(tokens.ehr, putEntry(observation(SHARED_ID, ANN)));
    expect(await claims()).toEqual([SHARED_ID]);
    await purge();
    expect(await claims()).toEqual([]);
    await server.load([observation('2', BEA)]);
    expect(await claims()).toEqual([]);
  });

  it('stay while a Bundle is being written that has looked for the ids before', async () => {
    const first = '00000000-0000-4000-8000-000000000001';
    const release = await holdClaim(first);
    const slow = send(tokens.ehr, putEntry(observation(first, ANN)), putEntry(observation(SHARED_ID, ANN)));
    await waitingForLock(1);
    expect(await send(tokens.laboratory, putEntry(observation(SHARED_ID, BEA)))).toEqual(['201 Created']);
    await purge();
    expect(await claims()).toEqual([SHARED_ID]);
    await release();
    const [, conflict] = await slow;
    expect(conflict).not.toBe('201 Created');
    expect(await stored(SHARED_ID)).toEqual([BEA]);
  });

  it('stay while a process of an earlier release writes, which locks the row of the practice', async () => {
    await send(tokens.ehr, putEntry(observation(SHARED_ID, ANN)));
    await server.db.transaction(async (tx) => {
      await tx.queryText('select from practice where practice_id = 1 for update', []);
      await purge();
      expect(await claims()).toEqual([SHARED_ID]);
    });
    await purge();
    expect(await claims()).toEqual([]);
  });

  it('are deleted when there are many, even if the practice is always written to', async () => {
    await server.db.queryText(
      "insert into resource_key select 1, 'Observation', gen_random_uuid(), 0 from generate_series(1, 20001)",
      [],
    );
    const release = await holdRecord(ANN);
    const slow = send(tokens.ehr, putEntry(observation('1', ANN)));
    await waitingForLock(1);
    const purged = purge();
    await waitingForLock(2);
    await release();
    expect(await slow).toEqual(['201 Created']);
    await purged;
    expect(await claims()).toEqual([]);
  });
});

describe('a client that asks for changes of a practice', () => {
  it('gets a change only after all earlier ones are committed', async () => {
    const start = server.clock.now().getTime();
    const at = (seconds: number) => server.clock.set(new Date(start + seconds * 1000));
    const release = await holdRecord(ANN);
    at(1);
    const slow = send(tokens.ehr, putEntry(observation('1', ANN, named('slow'))));
    await waitingForLock(1);
    at(2);
    await send(tokens.laboratory, putEntry(observation('1', BEA, named('fast'))));
    at(3);
    expect(await poll()).toEqual([]);
    await release();
    await slow;
    at(4);
    expect(await poll()).toEqual(['fast', 'slow']);
  });

  it('finds new resources at once in searches of one patient', async () => {
    const release = await holdRecord(ANN);
    const slow = send(tokens.ehr, putEntry(observation('1', ANN, named('slow'))));
    await waitingForLock(1);
    await send(tokens.laboratory, putEntry(observation('1', BEA, named('fast'))));
    const response = await server.get(tokens.reader, `/Observation?patient=${BEA}&_lastUpdated=gt2000-01-01`);
    expect(response.json().entry).toHaveLength(1);
    await release();
    await slow;
  });
});
