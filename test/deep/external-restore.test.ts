import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { R4, TOKEN_PATH } from '../../bench/against/api-paths.ts';
import { createSigningKeys } from '../../bench/against/prepare-tree.ts';
import { clientCredentials } from '../../bench/against/tokens.ts';
import { type BackedUpDatabase, missingForBackups, startBackedUp } from '../support/database/backed-up.ts';
import { makeFolder } from '../support/database/folders.ts';
import { queryValues } from '../support/database/query.ts';
import { SANDBOX_DEVELOPER } from '../support/people/sandbox-developer.ts';
import { runCli } from '../support/servers/command-line.ts';
import { type Acknowledged, type FailoverLoad, startFailoverLoad } from '../support/servers/failover-load.ts';
import { consentOverHttp, exchangeOverHttp, type Fields } from '../support/servers/over-http.ts';
import { bundledServer, freePort, type RunningServer, startServerProcess } from '../support/servers/processes.ts';

const CHAINS = 4;
const REDIRECT_URI = 'https://app.example/callback';
const SIZE = 'select (pg_database_size(current_database()) / 1e6)::int';
const missing = missingForBackups();

// The tests keep their order: they follow one restore.
describe.skipIf(missing !== undefined)(
  `a restore with pgBackRest to a chosen second${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  { shuffle: false, timeout: 120_000 },
  () => {
    let database: BackedUpDatabase;
    let server: RunningServer;
    let load: FailoverLoad;
    let journal: Acknowledged['journal'];
    let feedToken: string;
    let client: Fields;
    let suspended: string;
    let settings: Record<string, string>;
    /** The chosen second. */
    let target: Date;
    const kills: (() => void)[] = [];
    let files: ReturnType<typeof makeFolder>;

    async function run(...words: readonly string[]): Promise<string> {
      const { code, out, err } = await runCli(words, settings);
      if (code !== 0) throw new Error(err);
      return out;
    }
    const start = async () =>
      startServerProcess({ ...settings, PORT: String(await freePort()) }, (kill) => kills.push(kill), bundledServer());

    beforeAll(async () => {
      files = makeFolder();
      database = await startBackedUp();
      settings = { DATABASE_URL: database.url, SANDBOX: 'on' };
      await run('sandbox', 'fill');
      server = await start();
      const app = ['apps', 'add', '--active', '--json', '--name'];
      const reading = ['--redirect-uri', REDIRECT_URI, '--api', 'r4', '--scope', 'patient/*.rs'];
      client = { ...JSON.parse(await run(...app, 'App', ...reading)), redirect_uri: REDIRECT_URI };
      suspended = JSON.parse(await run(...app, 'Other app', ...reading)).client_id;
      const [key] = createSigningKeys();
      if (key === undefined) throw new Error('no key');
      const keys = path.join(files.folder, 'jwks.json');
      const jwk = { ...key.publicKey.export({ format: 'jwk' }), alg: key.alg, kid: key.alg, use: 'sig' };
      writeFileSync(keys, JSON.stringify({ keys: [jwk] }));
      const feeding = ['--kind', 'backend', '--api', 'r4', '--jwks', keys, '--scope', 'system/*.cruds'];
      const { client_id } = JSON.parse(await run(...app, 'Feed', ...feeding, '--practice', 'Live practice'));
      const { origin } = server;
      const body = clientCredentials({ origin }, client_id, key, 'system/*.cruds');
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const response = await fetch(`${origin}${TOKEN_PATH}`, { method: 'POST', headers, body });
      feedToken = ((await response.json()) as { access_token: string }).access_token;
      const codes = await consentOverHttp(origin, client, CHAINS);
      const chains = await Promise.all(codes.map((code) => exchangeOverHttp(origin, client, code)));
      load = await startFailoverLoad({ origin, client, feedToken, chains, developer: SANDBOX_DEVELOPER });
    }, 300_000);

    afterAll(async () => {
      await load?.stop();
      await server?.stop();
      for (const kill of kills) kill();
      await database?.close();
      await files?.remove();
    });

    it('is possible from a backup that was made while the server wrote', async () => {
      await load.untilAllSucceed(5);
      await database.backUp();
      await load.untilAllSucceed(10);
      target = new Date(Math.ceil(Date.now() / 1000) * 1000);
      await pause(target.getTime() - Date.now());
      await load.untilAllSucceed(10);
      const reason = ['--ground', 'security-risk', '--reason', 'A key leaked.'];
      await run('apps', 'set-state', suspended, 'suspended', ...reason);
      ({ journal } = await load.stop());
      expect(load.wrong).toEqual([]);
      await database.archive();
      database.lose();
      await server.stop();
      const began = performance.now();
      await database.restore(`${target.toISOString().slice(0, 19).replace('T', ' ')}+00`);
      const seconds = Math.round((performance.now() - began) / 100) / 10;
      server = await start();
      const count = (which: typeof isBefore) => journal.filter(which).length;
      const between = journal.length - count(isBefore) - count(isAfter);
      const [megabytes] = await queryValues({ connectionString: database.url }, SIZE);
      console.log(
        JSON.stringify({ megabytes, restoreSeconds: seconds, before: count(isBefore), after: count(isAfter), between }),
      );
    });

    type Entry = Acknowledged['journal'][number];
    const isBefore = ({ acknowledged }: Entry): boolean => acknowledged < target.getTime();
    const isAfter = ({ sent }: Entry): boolean => sent > target.getTime();
    /** Returns which of the entries the restored database has. */
    async function findStored(entries: readonly Entry[]): Promise<readonly Entry[]> {
      const sql =
        "select request_id || ' ' || kind from audit_event where outcome = 'success' and request_id is not null";
      const audited = new Set(await queryValues({ connectionString: database.url }, sql));
      const isStored = async (entry: Entry): Promise<boolean> =>
        entry.kind === 'audit' ? audited.has(entry.value) : (await statusOf(entry)) === 200;
      const stored: Entry[] = [];
      const waiting = [...entries];
      const check = async () => {
        for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop())
          if (await isStored(entry)) stored.push(entry);
      };
      await Promise.all(Array.from({ length: 8 }, check));
      return stored;
    }
    const statusOf = async ({ kind, value }: Entry): Promise<number> => {
      const [url, token] = kind === 'token' ? [`${R4}/Patient`, value] : [value, feedToken];
      return (await fetch(`${server.origin}${url}`, { headers: { authorization: `Bearer ${token}` } })).status;
    };
    const byKind = (entries: readonly Entry[]) =>
      Object.fromEntries(
        ['audit', 'resource', 'token'].map((kind) => [kind, entries.filter((one) => one.kind === kind).length]),
      );

    it('has all writes that were acknowledged before', async () => {
      const before = journal.filter(isBefore);
      for (const count of Object.values(byKind(before))) expect(count).toBeGreaterThan(10);
      const stored = new Set(await findStored(before));
      expect(before.filter((entry) => !stored.has(entry))).toEqual([]);
    });

    it('has none that were sent after', async () => {
      const after = journal.filter(isAfter);
      for (const count of Object.values(byKind(after))) expect(count).toBeGreaterThan(10);
      expect(await findStored(after)).toEqual([]);
    });

    it('doesn’t let an app work again that was suspended after, if the database from before can be read', async () => {
      const stateOf = async () => JSON.parse(await run('apps', 'show', suspended, '--json')).state;
      expect(await stateOf()).toBe('active');
      const url = path.join(files.folder, 'lost-url');
      writeFileSync(url, await database.startLost());
      const { revocations } = JSON.parse(await run('after-restore', '--reapply', '--database', url, '--json'));
      expect(revocations).toContainEqual(expect.objectContaining({ name: 'app/set-state', result: 'reapplied' }));
      expect(await stateOf()).toBe('suspended');
    });
  },
);
