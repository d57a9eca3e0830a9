import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { R4 } from '../../bench/against/api-paths.ts';
import { type BackedUpDatabase, missingForBackups, startBackedUp } from '../support/database/backed-up.ts';
import { makeFolder } from '../support/database/folders.ts';
import { queryValues } from '../support/database/query.ts';
import { runCli } from '../support/servers/command-line.ts';
import type { Acknowledged, FailoverLoad } from '../support/servers/failover-load.ts';
import { loadServer } from '../support/servers/feed-app.ts';
import { bundledServer, freePort, type RunningServer, startServerProcess } from '../support/servers/processes.ts';

const CHAINS = 4;
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
      const reading = ['--redirect-uri', 'https://app.example/callback', '--api', 'r4', '--scope', 'patient/*.rs'];
      const added = await run('apps', 'add', '--name', 'Other app', '--active', ...reading, '--json');
      suspended = JSON.parse(added).client_id;
      ({ feedToken, load } = await loadServer(server.origin, run, files.folder, CHAINS));
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
