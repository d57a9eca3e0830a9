import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { R4 } from '../../bench/against/api-paths.ts';
import { type LoadGenerator, startLoadGenerator } from '../../bench/against/load-generator.ts';
import type { LoadRequest } from '../../bench/against/load-process.ts';
import { dropDatabase, newDatabase } from '../support/database/databases.ts';
import { ensureFilled } from '../support/database/filled-template.ts';
import { testDatabase } from '../support/database/test-database.ts';
import { runCli } from '../support/servers/command-line.ts';
import { connectOverHttp, type Fields } from '../support/servers/over-http.ts';
import { bundledServer, freePort, type RunningServer, startServerProcess } from '../support/servers/processes.ts';

/** People of the noisy app. It sends the requests of all of them at once. */
const PEOPLE = ['patient02', 'patient03', 'patient04', 'patient05', 'patient06', 'patient08'];
const NOISY_CLIENTS = 64;
const ROUNDS = Number(process.env['NOISE_ROUNDS'] ?? 5);
const SECONDS = Number(process.env['NOISE_SECONDS'] ?? 5);
/** Requests per minute with which the noisy app is above its limit almost from the start. */
const LOW_LIMIT = 120;
const REDIRECT_URI = 'https://app.example/callback';
/** Clients of most languages ask for compressed responses. */
const ACCEPT_ENCODING = 'gzip, deflate, br';

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/**
 * The server runs as `npm start` does. Server and database use all cores. Two processes send the requests: they share
 * the last core with them. The one of the noisy app has a low priority, because its CPU time would be spent on other
 * machines. All of that is the same when the quiet app is alone.
 */
describe.skipIf(process.platform !== 'linux')(`an app that sends ${NOISY_CLIENTS} requests at a time`, () => {
  let databaseUrl: string;
  let env: Record<string, string>;
  let server: RunningServer;
  let noisyApp: Fields;
  let noise: readonly LoadRequest[];
  let quiet: readonly LoadRequest[];
  let quietClient: LoadGenerator;
  let noisyClients: LoadGenerator;
  const atEnd: (() => void)[] = [];

  beforeAll(async () => {
    const templates = inject('templates');
    await ensureFilled(testDatabase(), templates);
    databaseUrl = await newDatabase(testDatabase(), templates.filled);
    env = { DATABASE_URL: databaseUrl, SANDBOX: 'on', PORT: String(await freePort()) };
    server = await startServerProcess(env, (kill) => atEnd.push(kill), bundledServer());
    noisyApp = await addApp();
    noise = (await Promise.all(PEOPLE.map((username) => requestsOf(noisyApp, username)))).flat();
    quiet = await requestsOf(await addApp(), 'patient07');
    quietClient = startLoadGenerator();
    noisyClients = startLoadGenerator(10);
    await send(noisyClients, noise, NOISY_CLIENTS, 2);
    await send(quietClient, quiet, 1, 2);
  }, 600_000);

  afterAll(async () => {
    quietClient?.close();
    noisyClients?.close();
    await server?.stop();
    for (const kill of atEnd) kill();
    if (databaseUrl !== undefined) await dropDatabase(testDatabase(), databaseUrl);
  });

  async function command(...words: readonly string[]): Promise<string> {
    const { code, out, err } = await runCli(words, env);
    if (code !== 0) throw new Error(err);
    return out;
  }

  async function addApp(): Promise<Fields> {
    const words = ['apps', 'add', '--name', 'App', '--redirect-uri', REDIRECT_URI, '--api', 'r4', '--json'];
    return { ...JSON.parse(await command(...words)), redirect_uri: REDIRECT_URI };
  }

  /** Requests of a typical app for one person: reads by id, and searches of everything that such apps show. */
  async function requestsOf(app: Fields, username: string): Promise<readonly LoadRequest[]> {
    const person = { username, password: 'Password1!' };
    const { access_token, patient } = await connectOverHttp(server.origin, app, person);
    const headers = { authorization: `Bearer ${access_token}`, 'accept-encoding': ACCEPT_ENCODING };
    return [
      `Patient/${patient}`,
      'Observation?category=laboratory&_count=50',
      `Patient/${patient}`,
      'Condition?_include=Condition:encounter',
      `Patient/${patient}`,
      'Observation?category=vital-signs&_sort=-date&_count=20',
      `Patient/${patient}`,
      'MedicationRequest?_include=MedicationRequest:medication&_revinclude=Provenance:target',
    ].map((path) => ({ method: 'GET', path: `${R4}/${path}`, headers }));
  }

  const send = (from: LoadGenerator, requests: readonly LoadRequest[], connections: number, seconds: number) =>
    from.run({ port: Number(env['PORT']), connections, until: { seconds }, source: { kind: 'list', requests } });

  /** Measures the quiet app in turns: alone, and beside the noisy app. */
  async function measure() {
    const alone: number[] = [];
    const beside: number[] = [];
    const noisy: Record<string, number> = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      alone.push((await send(quietClient, quiet, 1, SECONDS)).p99);
      const [loud, own] = await Promise.all([
        // It begins earlier and ends later, so that all of the quiet app's requests are beside it.
        send(noisyClients, noise, NOISY_CLIENTS, SECONDS + 1),
        pause(500).then(() => send(quietClient, quiet, 1, SECONDS)),
      ]);
      expect(Object.keys(own.statuses)).toEqual(['200']);
      beside.push(own.p99);
      for (const [status, count] of Object.entries(loud.statuses)) noisy[status] = (noisy[status] ?? 0) + count;
    }
    return { alone, beside, noisy };
  }

  it.each([
    ['is below its limit', 1_000_000],
    ['is above its limit and ignores Retry-After', LOW_LIMIT],
  ] as const)(
    'leaves another app’s p99 within twice its quiet value when it %s',
    {
      timeout: 600_000,
    },
    async (_which, perMinute) => {
      await command('apps', 'set', noisyApp['client_id'] ?? '', '--requests-per-minute', String(perMinute));
      const { alone, beside, noisy } = await measure();
      console.log(JSON.stringify({ perMinute, alone, beside, noisy }));
      expect(Object.keys(noisy).filter((status) => !['200', '429', '503'].includes(status))).toEqual([]);
      expect(noisy['429'] !== undefined).toBe(perMinute === LOW_LIMIT);
      // It isn't stopped either.
      if (perMinute !== LOW_LIMIT) expect(noisy['200']).toBeGreaterThan(5 * ROUNDS * SECONDS);
      expect(median(beside)).toBeLessThan(2 * median(alone));
    },
  );
});
