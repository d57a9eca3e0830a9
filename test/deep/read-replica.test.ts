import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DSTU2, R4, TOKEN_PATH } from '../../bench/against/api-paths.ts';
import { createSigningKeys, type SigningKey } from '../../bench/against/prepare-tree.ts';
import { clientCredentials } from '../../bench/against/tokens.ts';
import { CONTENT_TABLES } from '../support/database/fake-standby.ts';
import { makeFolder } from '../support/database/folders.ts';
import { queryValues } from '../support/database/query.ts';
import { type StandbyDatabase, startReplicated } from '../support/database/replicated.ts';
import { OAUTH } from '../support/people/patient.ts';
import { until } from '../support/runs/until.ts';
import { runCli } from '../support/servers/command-line.ts';
import { connectOverHttp, type Fields } from '../support/servers/over-http.ts';
import { bundledServer, freePort, type RunningServer, startServerProcess } from '../support/servers/processes.ts';

const METRICS_TOKEN = 'a-token-for-metrics';
const REDIRECT_URI = 'https://app.example/callback';
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';
const LABORATORY_ONLY = `system/Observation.rs?category=${CATEGORY}|laboratory system/Patient.rs`;
/** Number of results that the feed sends first. */
const RESULTS = 30;
/** Requests that run at the same time while the standby is killed and started again. */
const CLIENTS = 4;
const PAGES = [
  `${R4}/Observation?category=laboratory&_count=100`,
  `${R4}/Patient/$everything?_count=200`,
  `${DSTU2}/Observation?category=laboratory&_count=100`,
];

const problem = process.platform === 'linux' ? '' : ' (skipped: it needs Linux)';

// The tests keep their order: they follow one standby.
describe.skipIf(problem !== '')(`a standby for reads${problem}`, { shuffle: false }, () => {
  let database: StandbyDatabase;
  let server: RunningServer;
  let app: Fields;
  let patientToken: string;
  let feedToken: string;
  let laboratoryToken: string;
  let files: ReturnType<typeof makeFolder>;
  const kills: (() => void)[] = [];
  const settings: Record<string, string> = {};

  beforeAll(async () => {
    files = makeFolder();
    database = await startReplicated({ synchronous: false });
    Object.assign(settings, { DATABASE_URL: database.primaryUrl, SANDBOX: 'on' });
    await run('sandbox', 'fill');
    await onPrimary("create role reader login password 'secret'");
    await onPrimary(`grant select on ${CONTENT_TABLES.join(', ')} to reader`);
    // With both hosts, the server finds out which one is the standby.
    const readUrl = database.url.replace(/\/\/[^@]*@/, '//reader:secret@');
    const environment = { ...settings, DATABASE_READ_URL: readUrl, METRICS_TOKEN, PORT: String(await freePort()) };
    server = await startServerProcess(environment, (kill) => kills.push(kill), bundledServer());
    const words = ['apps', 'add', '--name', 'App', '--active', '--json', '--api', 'r4', 'dstu2'];
    const added = await run(...words, '--redirect-uri', REDIRECT_URI);
    app = { ...JSON.parse(added), redirect_uri: REDIRECT_URI };
    patientToken = (await connectOverHttp(server.origin, app)).access_token;
    feedToken = await addBackendApp('system/*.cruds');
    laboratoryToken = await addBackendApp(LABORATORY_ONLY);
    await until(isUsed);
  }, 300_000);

  afterAll(async () => {
    await server?.stop();
    for (const kill of kills) kill();
    await database?.close();
    await files?.remove();
  });

  const onPrimary = (sql: string) => queryValues({ connectionString: database.primaryUrl }, sql);
  const onStandby = (sql: string) => queryValues({ connectionString: database.standbyUrl }, sql);

  async function run(...words: readonly string[]): Promise<string> {
    const { code, out, err } = await runCli(words, settings);
    if (code !== 0) throw new Error(err);
    return out;
  }

  async function addBackendApp(scope: string): Promise<string> {
    const [key] = createSigningKeys();
    if (key === undefined) throw new Error('no key');
    const words = [
      'apps',
      'add',
      '--name',
      `Backend ${scope}`,
      '--active',
      '--kind',
      'backend',
      '--api',
      'r4',
      '--json',
    ];
    const access = ['--jwks', writeKey(key), '--scope', scope, '--practice', 'Live practice'];
    const { client_id } = JSON.parse(await run(...words, ...access));
    const body = clientCredentials({ origin: server.origin }, client_id, key, scope);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(`${server.origin}${TOKEN_PATH}`, { method: 'POST', headers, body });
    return ((await response.json()) as { access_token: string }).access_token;
  }

  function writeKey({ publicKey, alg }: SigningKey): string {
    const file = path.join(files.folder, 'jwks.json');
    const key = { ...publicKey.export({ format: 'jwk' }), alg, kid: alg, use: 'sig' };
    writeFileSync(file, JSON.stringify({ keys: [key] }));
    return file;
  }

  const send = (url: string, token: string, init: RequestInit = {}) =>
    fetch(`${server.origin}${url}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });

  async function scrape(): Promise<string> {
    return (await send('/metrics', METRICS_TOKEN)).text();
  }
  const isUsed = async () => /^patient_access_replica_up 1$/m.test(await scrape());
  async function countReads(): Promise<Readonly<Record<string, number>>> {
    const counts = (await scrape()).matchAll(/^patient_access_replica_reads_total\{result="(\w+)"\} (\d+)$/gm);
    return Object.fromEntries([...counts].map(([, result = '', count]) => [result, Number(count)]));
  }

  /** Reads again and again, until the standby has served all contents of a result. */
  async function untilComplete(read: () => Promise<unknown>): Promise<void> {
    const before = (await countReads())['complete'] ?? 0;
    await until(async () => {
      await read();
      return ((await countReads())['complete'] ?? 0) > before;
    });
  }

  type Entry = readonly [method: 'PUT' | 'DELETE', number: number, value?: number, category?: string];

  /** Sends results to the practice as its system does. */
  async function feed(...entries: readonly Entry[]): Promise<void> {
    const patient = { resourceType: 'Patient', id: 'ann', name: [{ family: 'Example' }], birthDate: '1980-05-17' };
    const identifier = [{ system: 'urn:example:mrn', value: 'ann' }];
    const results = entries.map(([method, number, value, category = 'laboratory']) => ({
      ...(method === 'PUT' && {
        resource: {
          resourceType: 'Observation',
          id: `result-${number}`,
          status: 'final',
          category: [{ coding: [{ system: CATEGORY, code: category }] }],
          code: { text: `Result ${number}` },
          subject: { reference: 'Patient/ann' },
          effectiveDateTime: '2026-05-17T09:30:00Z',
          valueQuantity: { value },
        },
      }),
      request: { method, url: `Observation/result-${number}` },
    }));
    const entry = [
      { resource: { ...patient, identifier }, request: { method: 'PUT', url: 'Patient/ann' } },
      ...results,
    ];
    const body = JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });
    const headers = { 'content-type': 'application/fhir+json' };
    const response = await send(R4, feedToken, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(await response.text());
  }

  interface Result {
    readonly resourceType: string;
    readonly id: string;
    readonly code: { readonly text: string };
    readonly valueQuantity: { readonly value: number };
  }

  async function readResults(token: string, url = `${R4}/Observation?_count=100`): Promise<readonly Result[]> {
    const response = await send(url, token);
    expect(response.status).toBe(200);
    const { entry = [] } = (await response.json()) as { readonly entry?: readonly { readonly resource: Result }[] };
    return entry.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === 'Observation');
  }

  /** Values of the results, by name. */
  const valuesOf = (results: readonly Result[]): Readonly<Record<string, number>> =>
    Object.fromEntries(results.map(({ code, valueQuantity }) => [code.text, valueQuantity.value]));

  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

  it('sends the contents of results, and is asked for nothing else', async () => {
    await feed(...numbers(1, RESULTS).map((number): Entry => ['PUT', number, number]));
    await until(
      async () => (await onStandby("select count(*)::int from resource r where r.content like '%Result 30%'"))[0] === 1,
    );
    for (const page of PAGES) {
      await untilComplete(async () => {
        const response = await send(page, patientToken);
        expect(response.status).toBe(200);
        await response.text();
      });
    }
    await untilComplete(async () => expect(await readResults(feedToken)).toHaveLength(RESULTS));
    const scanned = `select relname from pg_stat_user_tables where coalesce(seq_scan, 0) + coalesce(idx_scan, 0) > 0`;
    // A backend reports its counts within a second after its statement.
    await until(async () => (await onStandby(scanned)).includes('resource'));
    const tables = await onStandby(scanned);
    expect(tables.filter((table) => !CONTENT_TABLES.includes(String(table)))).toEqual([]);
  });

  it('never shows what has changed while its replay stands still', async () => {
    await onStandby('select pg_wal_replay_pause()');
    await until(async () => (await onStandby('select pg_get_wal_replay_pause_state()'))[0] === 'paused');
    const [toRetract] = (await readResults(feedToken)).filter(({ code }) => code.text === 'Result 4');
    await feed(['PUT', 1, 1001], ['DELETE', 2], ['PUT', 3, 3, 'vital-signs'], ['PUT', RESULTS + 1, RESULTS + 1]);
    await run('record', 'retract', `Observation/${toRetract?.id}`, '--practice', 'Live practice');
    const rest = Object.fromEntries(numbers(5, RESULTS + 1).map((number) => [`Result ${number}`, number]));
    expect(valuesOf(await readResults(feedToken))).toEqual({ 'Result 1': 1001, 'Result 3': 3, ...rest });
    // The app may only see laboratory results, which result 3 no longer is.
    expect(valuesOf(await readResults(laboratoryToken))).toEqual({ 'Result 1': 1001, ...rest });
    expect((await countReads())['partial']).toBeGreaterThan(1);

    const { client_id = '', client_secret = '' } = app;
    const ended = (await connectOverHttp(server.origin, app)).access_token;
    expect((await send(PAGES[0] ?? '', ended)).status).toBe(200);
    const body = new URLSearchParams({ token: ended, client_id, client_secret });
    expect((await fetch(`${server.origin}${OAUTH}/token/revoke`, { method: 'POST', body })).status).toBe(200);
    // A token is cached for at most a second.
    await until(async () => (await send(PAGES[0] ?? '', ended)).status === 401);

    await onStandby('select pg_wal_replay_resume()');
    await untilComplete(() => readResults(feedToken));
    expect(valuesOf(await readResults(feedToken))).toEqual({ 'Result 1': 1001, 'Result 3': 3, ...rest });
  });

  it('can be killed under load, and no request fails; it is used again when it is back', {
    timeout: 240_000,
  }, async () => {
    const statuses = new Map<number, number>();
    let isOver = false;
    const clients = numbers(1, CLIENTS).map(async (client) => {
      for (let at = client; !isOver; at += 1) {
        const response = await send(PAGES[at % PAGES.length] ?? '', patientToken);
        await response.text();
        const { status } = response;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    });
    const untilServed = async (count: number) => {
      const from = statuses.get(200) ?? 0;
      await until(() => (statuses.get(200) ?? 0) >= from + count);
    };
    try {
      await untilServed(20);
      database.killStandby();
      await until(async () => !(await isUsed()));
      await untilServed(20);
      expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
      await database.startStandby();
      await until(isUsed);
      const before = (await countReads())['complete'] ?? 0;
      await untilServed(20);
      expect((await countReads())['complete'] ?? 0).toBeGreaterThan(before);
    } finally {
      isOver = true;
      await Promise.all(clients);
    }
    expect([...statuses.keys()]).toEqual([200]);
  });

  it('is not used after it was promoted, because it then has changes of its own', async () => {
    await database.failOver();
    await onStandby("update resource set content = replace(content, 'Result', 'Wrong') where content like '%Result%'");
    expect(Object.keys(valuesOf(await readResults(feedToken))).every((name) => name.startsWith('Result'))).toBe(true);
    await until(async () => !(await isUsed()));
    expect(await readResults(feedToken)).toHaveLength(RESULTS - 1);
  });
});
