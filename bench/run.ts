// What bearer check, compartment, database and audit cost: each hot path as a ratio to the same bytes without them,
// measured in turns in one run. Absolute figures belong to the machine, ratios travel. Where the system can pin processes,
// the server has one core and PostgreSQL and the load share the next.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig } from '../src/config/index.ts';
import { migrate, openDatabase, startEmbedded } from '../src/database/index.ts';
import { systemClock as clock, systemRandom as random } from '../src/kernel/index.ts';
import { ensurePractices } from '../src/practices/index.ts';
import { registerApp } from '../src/registry/index.ts';
import { fillSandbox } from '../src/sandbox/index.ts';
import { postmasterOf } from '../test/support/folders.ts';
import { connectOver, type Fields } from '../test/support/over-http.ts';
import { type Meter, meterOf } from './cpu.ts';
import { baseline, codeExchanges, introspections, type Rate, reads, refreshes } from './load.ts';

const PORT = 8097;
const ORIGIN = `http://localhost:${PORT}`;
const SECONDS = 4;
const ROUNDS = 3;
const CODES = 4000;

/** Everything that is started from here on, PostgreSQL included, stays on the second core. */
const pinned = spawnSync('taskset', ['-acp', '1', String(process.pid)]).status === 0;
const dataDir = mkdtempSync(path.join(tmpdir(), 'patient-access-bench-'));
chmodSync(dataDir, 0o711);
const embedded = await startEmbedded({ dataDir, serving: true });
const { host, port, user, password, database } = embedded.connection;
const databaseUrl = `postgres://${user}:${password}@${host}:${port}/${database}`;
let server: ChildProcess | undefined;
try {
  const apps = await prepare();
  server = await startServer();
  await measure(apps, meterOf(server.pid ?? 0, postmasterOf(dataDir) ?? 0));
} finally {
  server?.kill();
  await embedded.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Most refreshes ask for no id_token; most first exchanges do. */
interface Apps {
  readonly plain: Fields;
  readonly openid: Fields;
}

async function prepare(): Promise<Apps> {
  const config = readConfig({ PORT: String(PORT) });
  await migrate({ connectionString: databaseUrl });
  const db = openDatabase({ connectionString: databaseUrl }, 4);
  await ensurePractices(db, { liveName: config.practiceName, sandbox: true });
  await fillSandbox(db, () => {});
  const redirect_uri = 'https://bench.example/callback';
  const register = async (scope: string): Promise<Fields> => {
    const app = { name: 'Bench', redirectUris: [redirect_uri], apis: ['r4'], scope, state: 'active' } as const;
    const made = await registerApp(db, { clock, random }, app);
    return { client_id: made.clientId, client_secret: made.clientSecret ?? '', redirect_uri };
  };
  const apps = { plain: await register('patient/*.rs'), openid: await register('openid fhirUser patient/*.rs') };
  await db.close();
  return apps;
}

async function startServer(): Promise<ChildProcess> {
  const env = { DATABASE_URL: databaseUrl, PORT: String(PORT), LOG_LEVEL: 'silent' };
  const program = [process.execPath, path.join(import.meta.dirname, 'server.ts')];
  const [command = '', ...rest] = pinned ? ['taskset', '-c', '0', ...program] : program;
  const child = spawn(command, rest, {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    child.stdout?.once('data', resolve);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return child;
}

async function measure(apps: Apps, meter: Meter): Promise<void> {
  const target = { origin: ORIGIN, meter };
  const token = await connectOver(ORIGIN, apps.plain);
  const headers = { authorization: `Bearer ${token.access_token}`, accept: 'application/json' };
  const base = `${ORIGIN}/nge/prod/fhir-api-r4/fhir/r4`;
  const rows: string[][] = [];
  for (const [name, url] of [
    ['R4 Patient read', `${base}/Patient/${token.patient}`],
    ['Observation page of 50', `${base}/Observation?category=laboratory&_count=50`],
  ] as const) {
    const size = await keepBaseline(name, url, headers);
    const pairs = await inTurns(
      () => reads({ url, meter }, headers, SECONDS),
      () => reads({ url: baselineOf(name), meter }, headers, SECONDS),
    );
    rows.push(rowOf(name, size, pairs));
  }
  for (const [name, measureOnce] of [
    ['Token refresh', () => refreshes(target, apps.plain, SECONDS)],
    ['Introspection', () => introspections(target, apps.plain, SECONDS)],
    ['Code exchange with id_token', () => codeExchanges(target, apps.openid, CODES)],
  ] as const) {
    const { sample } = await measureOnce();
    await put(name, 'application/json', Buffer.from(sample));
    const pairs = await inTurns(measureOnce, () => baseline({ url: baselineOf(name), meter }, SECONDS));
    rows.push(rowOf(name, sample.length, pairs));
  }
  process.stdout.write(
    pinned ? 'Server on one core, PostgreSQL and load on the other.\n' : 'Processes are not pinned.\n',
  );
  print(['path', 'bytes', 'per second', 'same bytes bare', 'ratio', 'server µs', 'bare µs', 'database µs'], rows);
}

type Pair = readonly [full: Rate, bare: Rate];

/** In turns, so that a slow moment of the machine hits both. */
async function inTurns(full: () => Promise<Rate>, bare: () => Promise<Rate>): Promise<readonly Pair[]> {
  await full();
  await bare();
  const pairs: Pair[] = [];
  for (let round = 0; round < ROUNDS; round += 1) pairs.push([await full(), await bare()]);
  return pairs;
}

function baselineOf(name: string): string {
  return `${ORIGIN}/baseline/${encodeURIComponent(name)}`;
}

async function keepBaseline(name: string, url: string, headers: Record<string, string>): Promise<number> {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  const body = Buffer.from(await response.arrayBuffer());
  await put(name, response.headers.get('content-type') ?? '', body);
  return body.length;
}

async function put(name: string, contentType: string, body: Buffer): Promise<void> {
  const url = `${baselineOf(name)}?type=${encodeURIComponent(contentType)}`;
  const response = await fetch(url, {
    method: 'PUT',
    body: new Uint8Array(body),
    headers: { 'content-type': 'application/octet-stream' },
  });
  if (!response.ok) throw new Error(await response.text());
}

function rowOf(name: string, size: number, pairs: readonly Pair[]): string[] {
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const medianOf = (values: readonly (number | undefined)[]): string => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? '' : Math.round(median(known)).toLocaleString('en');
  };
  return [
    name,
    size.toLocaleString('en'),
    medianOf(pairs.map(([full]) => full.perSecond)),
    medianOf(pairs.map(([, bare]) => bare.perSecond)),
    median(pairs.map(([full, bare]) => full.perSecond / bare.perSecond)).toFixed(2),
    medianOf(pairs.map(([full]) => full.each?.server)),
    medianOf(pairs.map(([, bare]) => bare.each?.server)),
    medianOf(pairs.map(([full]) => full.each?.database)),
  ];
}

function print(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of [header, ...rows])
    process.stdout.write(`${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}\n`);
}
