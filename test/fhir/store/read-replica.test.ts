import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openReadReplica } from '../../../src/database/index.ts';
import { probeContents, type Resource } from '../../../src/fhir/index.ts';
import { addApp } from '../../support/apps/apps.ts';
import { createFakeStandby, type FakeStandby } from '../../support/database/fake-standby.ts';
import { connectApp, DSTU2, R4 } from '../../support/people/patient.ts';
import { until } from '../../support/runs/until.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import {
  addBackendApp,
  callApi,
  id,
  loadResources,
  observation,
  patient,
  readFiles,
  runExport,
  SANDBOX,
} from '../export/export-client.ts';

const METRICS_TOKEN = 'a-token-for-metrics';
/** Results whose contents a standby serves, in the first and later pages. */
const PATHS = [
  `${R4}/Patient/$everything?_count=150`,
  `${R4}/Observation?category=laboratory&_count=100`,
  `${R4}/Observation?_count=100&_sort=_lastUpdated&_total=accurate`,
  `${R4}/MedicationRequest?_count=100&_include=MedicationRequest:requester`,
  `${DSTU2}/Observation?category=laboratory&_count=100`,
  `${DSTU2}/CarePlan?_count=100`,
];

let standby: FakeStandby;
let server: TestServer;
let token: string;
/** Responses while the standby has everything. */
let expected: readonly string[];

beforeAll(async () => {
  server = await startServer(async (databaseUrl) => {
    standby = await createFakeStandby(databaseUrl);
    return { DATABASE_URL: databaseUrl, DATABASE_READ_URL: standby.url, METRICS_TOKEN };
  });
  token = (await connectApp(server.app, await addApp(server))).access_token;
  await untilUsed();
  expected = await readAll();
});
beforeEach(async () => {
  await standby.catchUp();
  await standby.setReadable(true);
  await standby.setTimelines({});
  await untilUsed();
});
afterAll(async () => {
  await standby?.close();
  await server?.close();
});

const observations = (text: string): readonly Resource[] =>
  Array.from({ length: 20 }, (_, at) => observation(100 + at, 1, 'laboratory', { code: { text } }));

/** Ids of the documents that an entry of a Bundle refers to. */
const documentIds = (entry: object): readonly string[] =>
  [...JSON.stringify(entry).matchAll(/\/Binary\/([0-9a-f-]{36})/g)].map(([, found = '']) => found);

async function scrape(): Promise<string> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  return (await server.app.inject({ url: '/metrics', headers })).body;
}

const untilUsed = () => until(async () => /^patient_access_replica_up 1$/m.test(await scrape()));

/** Returns a function that tells how many reads with the standby have ended since, by their results. */
async function startCounting() {
  const before = await countReads();
  return async (): Promise<Readonly<Record<string, number>>> => {
    const added = Object.entries(await countReads()).map(([result, now]) => [result, now - (before[result] ?? 0)]);
    return Object.fromEntries(added.filter(([, count]) => count !== 0));
  };
}

async function countReads(): Promise<Readonly<Record<string, number>>> {
  const counts = (await scrape()).matchAll(/^patient_access_replica_reads_total\{result="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...counts].map(([, result = '', count]) => [result, Number(count)]));
}

async function get(url: string): Promise<string> {
  const { statusCode, body } = await server.app.inject({ url, headers: { authorization: `Bearer ${token}` } });
  expect(statusCode, url).toBe(200);
  return body;
}

/** Requests the first page of each path, and the second page if there is one. */
async function readAll(): Promise<readonly string[]> {
  const pages: string[] = [];
  for (const path of PATHS) {
    const first = await get(path);
    pages.push(first);
    const next = JSON.parse(first).link.find(({ relation }: { relation: string }) => relation === 'next')?.url;
    if (next !== undefined) pages.push(await get(next.slice(new URL(next).origin.length)));
  }
  return pages;
}

it('contents of large results come from the standby, whose role may read nothing else', async () => {
  const countAdded = await startCounting();
  expect(await readAll()).toEqual(expected);
  const { complete = 0, ...others } = await countAdded();
  expect(complete).toBeGreaterThanOrEqual(PATHS.length);
  expect(others).toEqual({});
  const [line = ''] = server.log.filter((one) => one.includes('readReplica'));
  expect(JSON.parse(line)).toMatchObject({ readReplica: 'used' });
});

it('exports and large documents come from the standby', async () => {
  const [document] = await server.db.queryText<{ id: string; content: string }>(
    `update document d set bytes = convert_to(repeat('A large document. ', 4000), 'UTF8') from resource r
     where r.record_id = d.record_id and r.id = d.resource_id and d.id = $1 returning d.id`,
    [JSON.parse(expected[0] ?? '').entry.flatMap(documentIds)[0]],
  );
  const backend = await (await addBackendApp(server, { practiceIds: [SANDBOX] })).token();
  const exportConditions = async () =>
    readFiles(server, backend, (await runExport(server, backend, '/Patient/$export?_type=Condition')).done);
  const countAdded = await startCounting();
  expect(await get(`${R4}/Binary/${document?.id}`)).toHaveLength(72_000);
  const files = await exportConditions();
  expect(await countAdded()).toEqual({ complete: 2 });
  await standby.hideHalf();
  expect(await exportConditions()).toEqual(files);
});

it('what the standby lacks is read from the primary', async () => {
  await standby.hideHalf();
  const countAdded = await startCounting();
  expect(await readAll()).toEqual(expected);
  // The few resources of a small page may all be there.
  expect((await countAdded())['partial']).toBeGreaterThan(PATHS.length / 2);
});

it('a standby on which replay stands still never shows an older version', async () => {
  await loadResources(server, SANDBOX, [patient(1), ...observations('before')]);
  await standby.pause();
  await loadResources(server, SANDBOX, observations('after'));
  const backend = await (await addBackendApp(server, { practiceIds: [SANDBOX] })).token();
  const { body } = await callApi(server, backend, `/Observation?patient=${id(1)}&_count=100`);
  const texts = JSON.parse(body).entry.map((entry: { resource: Resource }) => entry.resource['code']);
  expect(texts).toEqual(Array(20).fill({ text: 'after' }));
});

it('a standby that doesn’t follow the new primary after a failover is not used, also before a check notices it', async () => {
  await standby.failOver();
  expect(await readAll()).toEqual(expected);
  expect(JSON.parse(server.log.findLast((one) => one.includes('readReplica')) ?? '')).toMatchObject({
    readReplica: 'not-used',
    problem: 'other-database',
  });
});

it('a standby that accepts connections and never responds doesn’t delay the stop of the server', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const replica = openReadReplica({
    connection: { connectionString: `postgresql://reader:secret@127.0.0.1:${port}/records` },
    connections: 1,
    primary: server.db,
    probe: probeContents,
    onChange() {},
    timeLimit: 50,
  });
  await until(() => sockets.length > 0);
  const begun = performance.now();
  await replica.close();
  // The driver waits for five seconds.
  expect(performance.now() - begun).toBeLessThan(4000);
  for (const socket of sockets) socket.destroy();
  silent.close();
});

it('a standby that fails is not used, and no request fails', async () => {
  const countAdded = await startCounting();
  await standby.setReadable(false);
  expect(await readAll()).toEqual(expected);
  const { failed = 0, skipped = 0 } = await countAdded();
  // A check may have noticed it before the first request did.
  expect(failed).toBeLessThan(2);
  expect(failed + skipped).toBeGreaterThanOrEqual(PATHS.length);
  const line = server.log.findLast((one) => one.includes('readReplica')) ?? '';
  expect(JSON.parse(line)).toMatchObject({ readReplica: 'not-used', problem: '42501' });
  expect(await scrape()).toMatch(/^patient_access_replica_up 0$/m);
});

it('after a failover, a standby is used once its WAL receiver is on the timeline of the primary', async () => {
  const primary = 'select pg_walfile_name(pg_current_wal_lsn()) as file';
  const [{ file = '' } = {}] = await server.db.queryText<{ file: string }>(primary, []);
  const timeline = Number.parseInt(file.slice(0, 8), 16);
  const problems: (string | undefined)[] = [];
  await standby.setTimelines({ control: timeline - 1, received: timeline - 1 });
  const replica = openReadReplica({
    connection: { connectionString: standby.url },
    connections: 1,
    primary: server.db,
    probe: probeContents,
    onChange: (problem) => void problems.push(problem),
    checkEvery: 10,
  });
  await until(() => problems.length === 1);
  await standby.setTimelines({ control: timeline - 1, received: timeline });
  await until(() => problems.length === 2);
  expect(problems).toEqual(['other-database', undefined]);
  await replica.close();
});
