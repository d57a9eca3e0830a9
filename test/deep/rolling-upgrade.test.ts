import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Checkout, checkOut, workingTree } from '../../bench/against/checkout.ts';
import { type NpmServer, startWithNpm } from '../../bench/against/npm-server.ts';
import { createSigningKeys, type SigningKey } from '../../bench/against/prepare-tree.ts';
import { CHECKOUT } from '../support/checkout.ts';
import { dropDatabase, newDatabase } from '../support/database/databases.ts';
import { testDatabase } from '../support/database/test-database.ts';
import { until } from '../support/runs/until.ts';
import { findInstalled } from '../support/servers/installed-program.ts';
import { startMixedLoad } from '../support/servers/mixed-load.ts';
import { NO_APP_LIMIT } from '../support/servers/no-app-limit.ts';
import { consentOverHttp, exchangeOverHttp, type Fields, type Tokens } from '../support/servers/over-http.ts';
import { freePort } from '../support/servers/processes.ts';
import { createCertificate, PROXIES, startProxy, type TlsFolder } from '../support/servers/proxies.ts';

/** Requests through each proxy, none of which may fail. */
const REQUESTS = 100_000;
/** Users who send requests at the same time. */
const USERS = 32;
const REDIRECT_URI = 'https://app.example/callback';

const isInstalled = (name: string): boolean => findInstalled(name) !== undefined;

/** The latest release, or the previous commit if nothing is released yet. */
function previousRef(): string {
  const tags = execFileSync('git', ['tag', '--list', 'v*', '--merged', 'HEAD~1', '--sort=-creatordate'], {
    cwd: CHECKOUT,
    encoding: 'utf8',
  });
  return tags.split('\n')[0] || 'HEAD~1';
}

describe.skipIf(process.platform !== 'linux' || !PROXIES.some(isInstalled))('an upgrade under load', () => {
  let previous: Checkout;
  let databaseUrl: string;
  let tls: TlsFolder;
  let folder: string;
  /** Port of the proxy, and those of the two servers. */
  let ports: readonly [proxy: number, one: number, two: number];
  let origin: string;
  const servers: (NpmServer | undefined)[] = [];
  /** The checkout that both servers run. */
  let running: Checkout;
  let client: Fields;
  let backend: { readonly clientId: string; readonly key: SigningKey };
  const trusted = getCACertificates('default');

  beforeAll(async () => {
    previous = await checkOut(previousRef());
    databaseUrl = await newDatabase(testDatabase());
    folder = mkdtempSync(path.join(tmpdir(), 'patient-access-upgrade-'));
    tls = createCertificate();
    setDefaultCACertificates([...trusted, tls.certificate]);
    ports = [await freePort(), await freePort(), await freePort()];
    origin = `https://localhost:${ports[0]}`;
    await command('sandbox', 'fill');
    await Promise.all([start(0, previous), start(1, previous)]);
    running = previous;
    const app = ['apps', 'add', '--name', 'App', '--active', '--json'];
    const reading = ['--redirect-uri', REDIRECT_URI, '--api', 'r4', '--scope', 'patient/*.rs'];
    client = { ...JSON.parse(await command(...app, ...reading)), redirect_uri: REDIRECT_URI };
    const [key] = createSigningKeys().filter(({ alg }) => alg === 'ES384');
    if (key === undefined) throw new Error('no key');
    const jwks = path.join(folder, 'jwks.json');
    const jwk = { ...key.publicKey.export({ format: 'jwk' }), alg: key.alg, kid: key.alg, use: 'sig' };
    writeFileSync(jwks, JSON.stringify({ keys: [jwk] }));
    const system = ['--kind', 'backend', '--api', 'r4', '--jwks', jwks, '--scope', 'system/*.rs'];
    const { client_id } = JSON.parse(await command(...app, ...system, '--practice', 'Live practice'));
    backend = { clientId: client_id, key };
  }, 600_000);

  afterAll(async () => {
    setDefaultCACertificates(trusted);
    await Promise.all(servers.map((server) => server?.stop()));
    previous?.remove();
    tls?.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    if (databaseUrl !== undefined) await dropDatabase(testDatabase(), databaseUrl);
  });

  const environment = (port: number): Record<string, string> => {
    const { PATH = '', HOME = '', TMPDIR = tmpdir() } = process.env;
    return {
      ...{ PATH, HOME, TMPDIR, PORT: String(port), DATABASE_URL: databaseUrl, PUBLIC_URL: origin },
      ...{ TRUST_PROXY: '127.0.0.1', SANDBOX: 'on', LOG_FORMAT: 'json', LOG_LEVEL: 'warn', ...NO_APP_LIMIT },
      // As in the production guide: both proxies have stopped using the server by then.
      DRAIN_SECONDS: '10',
    };
  };

  /** Runs a command of the previous release. */
  async function command(...words: readonly string[]): Promise<string> {
    const program = path.join(previous.folder, 'scripts/patient-access');
    return (await promisify(execFile)(program, words, { env: environment(ports[1]) })).stdout;
  }

  /** Starts a server, and waits until it is ready. */
  async function start(index: 0 | 1, checkout: Checkout): Promise<void> {
    const port = ports[index + 1] ?? 0;
    const server = startWithNpm(checkout, environment(port), path.join(folder, `server-${index}.log`));
    servers[index] = server;
    await server.listening;
    await until(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200);
  }

  /** Replaces both servers, one after the other. */
  async function replaceServers(checkout: Checkout): Promise<void> {
    running = checkout;
    for (const index of [0, 1] as const) {
      await servers[index]?.stop();
      await start(index, checkout);
    }
  }

  /** Connects each user's app through the proxy. */
  async function connectUsers(): Promise<Tokens[]> {
    const codes = await consentOverHttp(origin, client, USERS);
    return Promise.all(codes.map((code) => exchangeOverHttp(origin, client, code)));
  }

  describe.each(PROXIES)('behind %s', (name) => {
    it.skipIf(!isInstalled(name))(
      `answers ${REQUESTS} requests without an error${isInstalled(name) ? '' : ` (skipped: ${name} isn’t installed)`}`,
      { timeout: 600_000 },
      async () => {
        if (running !== previous) await replaceServers(previous);
        const proxy = await startProxy(name, tls, ports[0], [ports[1], ports[2]]);
        const users = await connectUsers();
        const load = startMixedLoad({ origin, certificate: tls.certificate, client, users, backend });
        let failures: readonly string[];
        try {
          // Servers of the previous release may also replace those of the new one, because migrations only add.
          for (let round = 0; round < 2 || load.answered() < REQUESTS; round += 1)
            await replaceServers(round % 2 === 0 ? workingTree() : previous);
        } finally {
          failures = await load.stop();
          await proxy.close();
        }
        console.log(JSON.stringify({ proxy: name, answered: load.answered(), failed: failures.length }));
        expect(failures).toEqual([]);
        expect(load.answered()).toBeGreaterThanOrEqual(REQUESTS);
      },
    );
  });
});
