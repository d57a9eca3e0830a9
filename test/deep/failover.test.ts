import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { R4 } from '../../bench/against/api-paths.ts';
import { makeFolder } from '../support/database/folders.ts';
import { queryValues } from '../support/database/query.ts';
import { type ReplicatedDatabase, startReplicated } from '../support/database/replicated.ts';
import { findRepmgr, startWithRepmgr } from '../support/database/repmgr.ts';
import { runCli } from '../support/servers/command-line.ts';
import type { Acknowledged, FailoverLoad } from '../support/servers/failover-load.ts';
import { loadServer, type Run } from '../support/servers/feed-app.ts';
import { bundledServer, freePort, type RunningServer, startServerProcess } from '../support/servers/processes.ts';

/** Seconds within which all requests must succeed again. */
const MAX_OUTAGE = 30;
/** Chains of refreshes, each of which uses the refresh token of the previous response. */
const CHAINS = 4;

/** Ways in which the standby is promoted. */
const FAILOVERS: readonly { readonly by: string; readonly problem?: string; start(): Promise<ReplicatedDatabase> }[] = [
  { by: 'pg_ctl', start: startReplicated },
  { by: 'repmgr', start: startWithRepmgr, ...(findRepmgr() === undefined && { problem: 'repmgr isn’t installed' }) },
].map((one) => (process.platform === 'linux' ? one : { ...one, problem: 'it needs Linux' }));

// The tests keep their order: they follow one failover.
for (const { by, problem, start } of FAILOVERS) {
  const title = `a failover by ${by}${problem === undefined ? '' : ` (skipped: ${problem})`}`;
  describe.skipIf(problem !== undefined)(title, { shuffle: false }, () => {
    let database: ReplicatedDatabase;
    let server: RunningServer;
    let load: FailoverLoad;
    let acknowledged: Acknowledged;
    let feedToken: string;
    const kills: (() => void)[] = [];
    let files: ReturnType<typeof makeFolder>;

    beforeAll(async () => {
      files = makeFolder();
      database = await start();
      const settings = { DATABASE_URL: `${database.url}?target_session_attrs=read-write`, SANDBOX: 'on' };
      await run(settings, 'sandbox', 'fill');
      const port = String(await freePort());
      server = await startServerProcess({ ...settings, PORT: port }, (kill) => kills.push(kill), bundledServer());
      const runHere: Run = (...words) => run(settings, ...words);
      ({ feedToken, load } = await loadServer(server.origin, runHere, files.folder, CHAINS));
    }, 300_000);

    afterAll(async () => {
      await load?.stop();
      await server?.stop();
      for (const kill of kills) kill();
      await database?.close();
      await files?.remove();
    });

    async function run(settings: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<string> {
      const { code, out, err } = await runCli(words, settings);
      if (code !== 0) throw new Error(err);
      return out;
    }

    const statusOf = async (url: string, token: string): Promise<number> =>
      (await fetch(`${server.origin}${url}`, { headers: { authorization: `Bearer ${token}` } })).status;

    it(`is answered with 503 for at most ${MAX_OUTAGE} seconds, in the format of each surface`, {
      timeout: 120_000,
    }, async () => {
      await load.untilAllSucceed(20);
      const killed = performance.now();
      database.killPrimary();
      await load.untilAllUnavailable();
      expect((await fetch(`${server.origin}/readyz`)).status).toBe(503);
      await database.failOver();
      await load.untilAllSucceed(20);
      expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
      acknowledged = await load.stop();
      const outageSeconds = Math.round((load.lastUnavailable() - killed) / 100) / 10;
      const { accessTokens, resources, audited } = acknowledged;
      const counts = { tokens: accessTokens.length, resources: resources.length, audited: audited.length };
      console.log(JSON.stringify({ by, outageSeconds, ...counts }));
      expect(load.wrong).toEqual([]);
      expect(load.lastUnavailable() - killed).toBeLessThan(MAX_OUTAGE * 1000);
    });

    it('loses no token that was issued', async () => {
      const { accessTokens } = acknowledged;
      expect(accessTokens.length).toBeGreaterThan(CHAINS + 20);
      const rejected: string[] = [];
      for (const token of accessTokens) {
        const status = await statusOf(`${R4}/Patient`, token);
        if (status !== 200) rejected.push(`${status}`);
      }
      expect(rejected).toEqual([]);
    });

    it('loses no resource that was stored', async () => {
      const { resources } = acknowledged;
      expect(resources.length).toBeGreaterThan(60);
      const lost: string[] = [];
      for (const resource of new Set(resources)) {
        const status = await statusOf(resource, feedToken);
        if (status !== 200) lost.push(`${status} ${resource}`);
      }
      expect(lost).toEqual([]);
    });

    it('loses no audit event', async () => {
      const sql =
        "select request_id || ' ' || kind from audit_event where outcome = 'success' and request_id is not null";
      const stored = new Set(await queryValues({ connectionString: database.standbyUrl }, sql));
      expect(acknowledged.audited.length).toBeGreaterThan(200);
      expect(acknowledged.audited.filter((event) => !stored.has(event))).toEqual([]);
    });
  });
}
