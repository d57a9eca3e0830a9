import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { parseScopes } from '../../../src/access/index.ts';
import { createAuditLog } from '../../../src/audit/index.ts';
import {
  addGroup,
  type BackendGrantLookup,
  changeGroupMembers,
  projections,
  r4,
  runExports,
} from '../../../src/fhir/index.ts';
import { type MergeDeps, mergePatients, retractFromPatient, unmergePatients } from '../../../src/intake/index.ts';
import { systemRandom as random } from '../../../src/kernel/index.ts';
import {
  addBackendApp,
  type BackendApp,
  callApi,
  id,
  LIVE,
  loadResources,
  observation,
  patient,
  runExport,
  startExport,
} from '../../fhir/export/export-client.ts';
import { mergeNotifier } from '../../support/people/merged-people.ts';
import { R4 } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let app: BackendApp;
/** Numbers of two patients, each with one resource. The record of `early` is exported first. */
let early: number;
let late: number;
let next = 0;
beforeAll(async () => {
  server = await startServer();
  app = await addBackendApp(server, { scope: 'system/*.rs system/Group.rs' });
});
afterAll(() => server.close());
beforeEach(async () => {
  next += 100;
  const numbers = [next + 1, next + 2];
  await loadResources(
    server,
    LIVE,
    numbers.map((one) => patient(one)),
  );
  const rows = await server.db.queryText<{ patient_id: string }>(
    'select patient_id from record where patient_id = any($1::uuid[]) order by record_id',
    [numbers.map((one) => id(one))],
  );
  [early = 0, late = 0] = numbers.toSorted((a, b) => place(rows, a) - place(rows, b));
  const large = { note: [{ text: 'x'.repeat(430_000) }] };
  await loadResources(server, LIVE, [
    ...Array.from({ length: 14 }, (_, at) => observation(next + 20 + at, early, 'laboratory', large)),
    observation(next + 13, late),
  ]);
});
const place = (rows: readonly { readonly patient_id: string }[], number: number) =>
  rows.findIndex(({ patient_id }) => patient_id === id(number));

const author = { by: 'test' };
const act = <Done>(work: (deps: MergeDeps) => Promise<Done>): Promise<Done> => {
  const { db, clock } = server;
  clock.advance(2000);
  return db.transaction((tx) =>
    work({
      tx,
      clock,
      random,
      projections,
      audit: createAuditLog({ db, clock, random }),
      notifier: mergeNotifier(clock),
    }),
  );
};
const merge = (merged: number, into: number) =>
  act((deps) =>
    mergePatients(deps, {
      practiceId: LIVE,
      patientId: id(merged),
      into: id(into),
      said: 'operator',
      source: undefined,
      author,
      evenSo: true,
    }),
  );
const unmerge = (merged: number) =>
  act((deps) => unmergePatients(deps, { practiceId: LIVE, patientId: id(merged), author }));
const retract = (number: number, to: number) =>
  act((deps) =>
    retractFromPatient(deps, {
      practiceId: LIVE,
      resources: [{ type: 'Observation', id: id(number) }],
      to: id(to),
      author,
      namesOf: (type) => [type],
    }),
  );

/** Starts an export of Observations, and stops it between the two records. */
async function begun(token: string): Promise<string> {
  const job = await startExport(server, token, '/Patient/$export?_type=Observation');
  const grants: BackendGrantLookup = {
    currentGrant: async ({ clientId, grantId, familyId, scope }) => ({
      clientId,
      grantId,
      familyId,
      scopes: parseScopes(scope).scopes,
      practices: [LIVE],
      apis: ['r4'],
      accountId: undefined,
      record: undefined,
      practiceEnabled: true,
      withheld: [],
      fhirUser: undefined,
    }),
  } as BackendGrantLookup;
  const { db, clock } = server;
  const deps = { db, clock, random, version: r4, base: `http://localhost:8080${R4}`, retentionMs: 86_400_000, grants };
  let questions = 0;
  await runExports(deps, () => {
    questions += 1;
    return questions > 2;
  });
  const [row] = await db.queryText<{ state: string; written: number }>(
    'select state, written from export_job where job_id = $1',
    [job.split('/').at(-1)],
  );
  expect(row?.state).toBe('running');
  expect(row?.written).toBeGreaterThan(0);
  return job;
}

/**
 * Continues the export.
 * @returns the status of its job
 */
async function ended(token: string, job: string): Promise<number> {
  server.clock.advance(2000);
  await server.runExports();
  const answer = await callApi(server, token, job);
  expect(answer.json()).toMatchObject({ resourceType: 'OperationOutcome' });
  expect(answer.body).toContain('Start a new export');
  return answer.statusCode;
}

it('a running export ends when a record is merged into one that it has finished, and its files are deleted', async () => {
  const token = await app.token();
  const job = await begun(token);
  await merge(late, early);
  expect(await ended(token, job)).toBe(409);
  const chunks = 'select from export_chunk where job_id = $1';
  expect(await server.db.queryText(chunks, [job.split('/').at(-1)])).toEqual([]);
  const { done } = await runExport(server, token, '/Patient/$export?_type=Observation');
  expect((await callApi(server, token, done.output[0]?.url ?? '')).body).toContain(id(next + 13));
});

it('it also ends when a merge is undone, and when a resource is moved to another record', async () => {
  const token = await app.token();
  await merge(late, early);
  const job = await begun(token);
  await unmerge(late);
  expect(await ended(token, job)).toBe(409);
  const other = await begun(token);
  await retract(next + 13, early);
  expect(await ended(token, other)).toBe(409);
});

it('a Group has a new version when a merge removes a member, and when that is undone', async () => {
  const groupId = random.uuid();
  const members = [id(early), id(late)];
  await server.db.transaction(async (tx) => {
    const now = server.clock.now();
    await addGroup(tx, now, { groupId, practiceId: LIVE, name: `Group ${next}`, everyone: false });
    await changeGroupMembers(tx, now, groupId, 'add', members);
  });
  const token = await app.token();
  const group = async (etag?: unknown) =>
    callApi(
      server,
      token,
      `/Group/${groupId}`,
      etag === undefined ? {} : { headers: { 'if-none-match': String(etag) } },
    );
  const before = await group();
  expect(before.json().member).toHaveLength(2);
  await merge(late, early);
  const joined = await group(before.headers['etag']);
  expect({ status: joined.statusCode, member: joined.json().member?.length }).toEqual({ status: 200, member: 1 });
  await unmerge(late);
  const apart = await group(joined.headers['etag']);
  expect({ status: apart.statusCode, member: apart.json().member?.length }).toEqual({ status: 200, member: 2 });
});
