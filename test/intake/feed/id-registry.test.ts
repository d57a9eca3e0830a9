import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyIdRegistries } from '../../../src/fhir/index.ts';
import { purgeIdClaims } from '../../../src/fhir/store/id-registry/purge-id-claims.ts';
import { patient } from '../../support/fhir/charts.ts';
import {
  type BundleEntry,
  entryResponses,
  feedToken,
  makeBundle,
  postEntry,
  putEntry,
  sendBundle,
} from '../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { completeRegistry, findUnregistered } from '../../support/fhir/id-registry.ts';
import { ANN, CAT, id, observationAbout } from '../../support/fhir/merging.ts';

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(reset);
afterEach(async () => expect(await findUnregistered(server.db)).toEqual([]));

async function reset(): Promise<void> {
  await server.reset();
  token = await feedToken(server);
}

const deleteEntry = (number: number): BundleEntry => ({
  request: { method: 'DELETE', url: `Observation/${id(number)}` },
});
const put = (number: number, patientId: string, more: object = {}) =>
  putEntry(observationAbout(number, patientId, more));

/** Sends entries in one Bundle. Returns the status of each, or the reason why it was rejected. */
async function send(...entries: readonly BundleEntry[]): Promise<readonly string[]> {
  const response = await sendBundle(server, token, makeBundle('batch', ...entries));
  expect(response.statusCode, response.body).toBe(200);
  return entryResponses(response).map(({ status, outcome }) => outcome?.issue[0]?.details.text ?? status);
}
const registered = async (): Promise<readonly string[]> =>
  (await server.db.queryText<{ id: string }>('select id from resource_key where practice_id = 1 order by id', [])).map(
    (row) => row.id,
  );

const PROVENANCE = {
  resourceType: 'Provenance',
  id: id(8),
  target: [{ reference: `Observation/${id(3)}` }],
  recorded: '2026-01-01T00:00:00Z',
  agent: [{ who: { display: 'A clinic' } }],
};
/** Bundles about two patients: what is new, known, changed, deleted, and in the record of the other one. */
const BUNDLES: readonly (readonly BundleEntry[])[] = [
  [putEntry({ ...patient(ANN, 'Ann'), id: ANN }), putEntry({ ...patient(CAT, 'Cat'), id: CAT })],
  [put(1, ANN), put(2, ANN), put(3, CAT)],
  [put(1, ANN), put(2, ANN, { status: 'amended' }), put(4, ANN)],
  [put(1, CAT)],
  [deleteEntry(2), deleteEntry(9)],
  [put(2, CAT)],
  [put(2, ANN), put(2, ANN, { status: 'corrected' })],
  [postEntry(observationAbout(5, ANN, { identifier: [{ system: 'urn:accession', value: '5' }] }))],
  [
    postEntry(observationAbout(6, ANN, { identifier: [{ system: 'urn:accession', value: '5' }] }), undefined, {
      ifNoneExist: 'identifier=urn:accession|5',
    }),
  ],
  [put(7, ANN, { hasMember: [{ reference: `Observation/${id(1)}` }] })],
  [putEntry(PROVENANCE)],
];

describe('a practice whose id registry has all ids', () => {
  it('gets from each Bundle what one without it gets', async () => {
    const sendAll = async () => {
      const statuses: string[][] = [];
      for (const entries of BUNDLES) statuses.push([...(await send(...entries))]);
      const rows = await server.db.queryText(
        'select type, id, version, deleted_at is not null as deleted from (select type, id, version, null as deleted_at from resource union all select type, id, version, deleted_at from tombstone) r order by type, id, version',
        [],
      );
      return { statuses, count: rows.length };
    };
    await emptyIdRegistries(server.db);
    const without = await sendAll();
    await reset();
    await completeRegistry(server.db);
    expect(await sendAll()).toEqual(without);
    expect(without.statuses[1]).toEqual(['201 Created', '201 Created', '201 Created']);
    expect(without.statuses[3]).toEqual([expect.stringContaining('another')]);
  });

  it('has the ids from before, also those of deleted resources', async () => {
    await emptyIdRegistries(server.db);
    for (const entries of BUNDLES.slice(0, 5)) await send(...entries);
    await completeRegistry(server.db);
    expect(await registered()).toEqual([ANN, CAT, ...[1, 2, 3, 4].map(id)].toSorted());
    expect(await send(put(2, CAT))).toEqual([expect.stringContaining('another')]);
    expect(await send(put(3, CAT, { status: 'amended' }))).toEqual(['200 OK']);
  });

  it('registers what imports store, and keeps its ids', async () => {
    await completeRegistry(server.db);
    await server.load([patient(ANN, 'Ann'), observationAbout(1, ANN)]);
    await purgeIdClaims(server.db);
    expect(await registered()).toEqual([id(1), ANN].toSorted());
  });

  it('stores an id once if Bundles for two patients have it at the same time', async () => {
    await completeRegistry(server.db);
    await send(...(BUNDLES[0] ?? []));
    const statuses = (await Promise.all([send(put(1, ANN)), send(put(1, CAT))])).flat();
    expect(statuses.filter((status) => status === '201 Created')).toHaveLength(1);
    const rows = await server.db.queryText('select record_id from resource where id = $1', [id(1)]);
    expect(rows).toHaveLength(1);
  });

  it('loses its ids when the tables are on one PostgreSQL again, and looks them up in the index', async () => {
    await completeRegistry(server.db);
    await send(...(BUNDLES[0] ?? []), put(1, ANN));
    await emptyIdRegistries(server.db);
    expect(await registered()).toEqual([]);
    expect(await send(put(1, CAT))).toEqual([expect.stringContaining('another')]);
  });
});
