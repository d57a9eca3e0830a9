import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { postmasterOf } from '../support/database/folders.ts';
import { until } from '../support/runs/until.ts';
import { type Installation, makeInstallation } from '../support/servers/installation.ts';
import { bundledServer, freePort, type RunningServer } from '../support/servers/processes.ts';
import { startTraceReceiver, type TraceReceiver } from '../support/servers/trace-receiver.ts';

/** Processes take long to start beside other tests. */
vi.setConfig({ testTimeout: 150_000, hookTimeout: 150_000 });

const TOKEN_PATH = '/nge/prod/patient-oauth/token';
const BODY = 'grant_type=client_credentials&client_id=unknown';

// These tests keep their order. They follow one installation, because each start takes seconds.
describe('a server with two workers', { shuffle: false }, () => {
  let installation: Installation;
  let server: RunningServer;
  let traces: TraceReceiver;
  beforeAll(async () => {
    // The bundle that `npm start` runs also starts faster than the sources.
    traces = await startTraceReceiver();
    const settings = { WORKERS: '2', LOG_LEVEL: 'info', LOG_FORMAT: 'json', DRAIN_SECONDS: '2' };
    const monitoring = { METRICS_PORT: String(await freePort()), OTEL_EXPORTER_OTLP_ENDPOINT: traces.endpoint };
    installation = await makeInstallation({ SANDBOX: 'off', ...monitoring, ...settings }, bundledServer());
    return async () => {
      await installation.remove();
      await traces.close();
    };
  });

  async function start(): Promise<void> {
    server = await installation.startServer();
    await whenPrinted('Worker 2 is listening');
  }

  const whenPrinted = (text: string, times = 1): Promise<unknown> =>
    until(() => server.printed().split(text).length > times);

  /** Process id of a worker, by the last line that the parent process printed about it. */
  const pidOf = (worker: number): number =>
    Number([...server.printed().matchAll(RegExp(`Worker ${worker} .*\\(process (\\d+)\\)`, 'g'))].at(-1)?.[1]);

  const workersOfRequests = (): readonly number[] =>
    [...server.printed().matchAll(/^\{.*"worker":(\d).*"method":"GET".*\/token"/gm)].map(([, worker]) =>
      Number(worker),
    );

  /** A connection of its own with a request of which a part is missing. One request was answered on it before. */
  async function openRequest(): Promise<{ socket: Socket; finish(): Promise<string> }> {
    const socket = connect(Number(installation.env['PORT']), '127.0.0.1');
    let received = '';
    socket.on('data', (data) => {
      received += data;
    });
    socket.on('error', () => {});
    const head = `POST ${TOKEN_PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${BODY.length}\r\n\r\n`;
    const answers = () => received.match(/HTTP\/1\.1 \d+/g) ?? [];
    socket.write(head + BODY);
    await until(() => answers().length === 1);
    socket.write(head + BODY.slice(0, 10));
    return {
      socket,
      async finish() {
        socket.write(BODY.slice(10));
        await until(() => answers().length === 2);
        socket.destroy();
        return answers().at(-1) ?? '';
      },
    };
  }

  it('hands connections to its workers in turn, and says in its log which one answered', async () => {
    await start();
    const get = async () => {
      const [response] = await once(request(`${server.origin}${TOKEN_PATH}`, { agent: false }).end(), 'response');
      await once(response.resume(), 'end');
    };
    for (let i = 0; i < 10; i += 1) await get();
    await until(() => workersOfRequests().length === 10);
    expect(workersOfRequests().filter((worker) => worker === 1)).toHaveLength(5);
  });

  const readMetrics = async () => (await fetch(`http://127.0.0.1:${installation.env['METRICS_PORT']}/metrics`)).text();
  const countRequests = (metrics: string): number =>
    [...metrics.matchAll(/^patient_access_http_requests_total\{.*token".*\} (\d+)$/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );

  it('has the metrics of all workers together on a port of their own', async () => {
    const text = await readMetrics();
    expect(countRequests(text)).toBe(10);
    // The first check opens a connection, which may take longer on a busy machine than the check waits.
    await expect.poll(readMetrics).toMatch(/^patient_access_database_up 1$/m);
    expect(text).toMatch(/^patient_access_processes 2$/m);
    expect(text).toMatch(/^patient_access_processes_expected 2$/m);
    expect(text).toMatch(/^patient_access_database_connections\{state="most"\} 20$/m);
  });

  it('finishes the requests of a worker when the other one is killed, and replaces that', async () => {
    const killed = pidOf(2);
    const requests = [await openRequest(), await openRequest()];
    const closed = Promise.race(
      requests.map(({ socket }) => new Promise<Socket>((resolve) => socket.once('close', () => resolve(socket)))),
    );
    process.kill(killed, 'SIGKILL');
    const lost = await closed;
    const survivor = requests.find(({ socket }) => socket !== lost);
    expect(await survivor?.finish()).toBe('HTTP/1.1 401');
    await whenPrinted('Worker 2 is listening', 2);
    expect(pidOf(2)).not.toBe(killed);
    expect((await fetch(`${server.origin}/`)).status).toBe(200);
    // The requests of the killed worker still count: 10 before, and two of the survivor.
    await expect.poll(async () => countRequests(await readMetrics())).toBeGreaterThanOrEqual(12);
    await expect.poll(readMetrics).toMatch(/^patient_access_processes 2$/m);
  });

  it('finishes running requests on SIGTERM, and then stops all its processes', async () => {
    const requests = [await openRequest(), await openRequest()];
    const workers = [pidOf(1), pidOf(2)];
    const stopped = server.stop();
    // Each connection reaches the next worker. None of them is ready, and all of them answer for DRAIN_SECONDS more.
    const status = async (path: string) => (await fetch(`${server.origin}${path}`)).status;
    await until(async () => (await status('/readyz')) === 503 && (await status('/readyz')) === 503);
    expect({ root: await status('/'), again: await status('/') }).toEqual({ root: 200, again: 200 });
    expect(await Promise.all(requests.map(({ finish }) => finish()))).toEqual(['HTTP/1.1 401', 'HTTP/1.1 401']);
    expect((await stopped).code).toBe(0);
    for (const pid of workers) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    // Each worker has sent its spans before its end.
    const lastSpans = traces.spans.filter(
      ({ name, resource }) => name === 'GET /' && workers.includes(Number(resource['process.pid'])),
    );
    expect([...new Set(lastSpans.map(({ resource }) => resource['patient_access.worker']))].toSorted()).toEqual([1, 2]);
    // Standard output has JSON lines only, those of the process that starts the workers included.
    for (const line of server.printed().trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('level');
    expect(postmasterOf(installation.env.DATA_DIR)).toBeUndefined();
  });

  it('gives up when a worker dies again and again', async () => {
    await start();
    for (let kills = 1; kills <= 6; kills += 1) {
      process.kill(pidOf(2), 'SIGKILL');
      await until(() => server.printed().split(/Worker 2 ended/).length > kills);
    }
    expect((await server.ended).code).toBe(1);
    expect(server.printed()).toContain('Worker 2 ended (SIGKILL), after 5 restarts within a minute. The server stops.');
    expect(postmasterOf(installation.env.DATA_DIR)).toBeUndefined();
  });
});
