import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import type { Database, Executor, SqlStatement } from '../../../src/database/index.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import {
  authorizationCode,
  connectApp,
  encodeForm,
  type Fields,
  FORM,
  OAUTH,
  PatientBrowser,
  R4,
  requestToken,
  type TokenAnswer,
} from '../../support/people/patient.ts';
import { propertyRuns } from '../../support/runs/slice.ts';
import { freePort, startServerProcess } from '../../support/servers/processes.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
});
afterAll(() => server.close());

async function newCode(): Promise<string> {
  const browser = new PatientBrowser(server.app);
  const { client_id, redirect_uri } = app;
  return authorizationCode(
    await browser.submitConsent(await browser.authorize({ response_type: 'code', client_id, redirect_uri })),
  );
}
const credentials = () => ({ client_id: app.client_id, client_secret: app.client_secret });
const tokensOfFamily = (text: string) =>
  server.db.queryText<{ kind: string; live: boolean }>(
    'select kind, used_at is null and expires_at > now() as live from token where family_id = $1 order by kind',
    [text.split('.')[0]],
  );

describe('one-time values under real concurrency: two server processes on one PostgreSQL', () => {
  const AT_ONCE = propertyRuns(200);
  let a: string;
  let b: string;
  beforeAll(async () => {
    const kills: (() => void)[] = [];
    const start = async () =>
      startServerProcess({ DATABASE_URL: server.databaseUrl, PORT: String(await freePort()) }, (kill) =>
        kills.push(kill),
      );
    const processes = [await start(), await start()];
    [a = '', b = ''] = processes.map(({ origin }) => origin);
    return async () => {
      await Promise.all(processes.map((process) => process.stop()));
      for (const kill of kills) kill();
    };
  });
  const post = async (origin: string, fields: Fields): Promise<TokenAnswer> => {
    const response = await fetch(`${origin}${OAUTH}/token`, {
      method: 'POST',
      headers: FORM,
      body: encodeForm(fields),
    });
    return { ...((await response.json()) as TokenAnswer), status: response.status };
  };
  const atOnce = (fields: Fields) =>
    Promise.all(Array.from({ length: AT_ONCE }, (_, i) => post(i % 2 === 0 ? a : b, fields)));

  it(`RFC 6749 §4.1.2: one of ${AT_ONCE} exchanges of a code gets tokens, which are revoked because the code was used twice`, async () => {
    const fields = { grant_type: 'authorization_code', code: await newCode(), ...app };
    const answers = await atOnce(fields);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ error }) => error === 'invalid_grant')).toHaveLength(AT_ONCE - 1);
    const refresh_token = answers.find(({ status }) => status === 200)?.refresh_token ?? '';
    const next = await post(a, { grant_type: 'refresh_token', refresh_token, ...credentials() });
    expect(next).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  it(`${AT_ONCE} refreshes with one token all get the same live successor`, async () => {
    const first = await connectApp(server.app, app);
    const fields = { grant_type: 'refresh_token', refresh_token: first.refresh_token ?? '', ...credentials() };
    const answers = await atOnce(fields);
    expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
    expect(new Set(answers.map(({ refresh_token }) => refresh_token)).size).toBe(1);
    const live = (await tokensOfFamily(first.access_token)).filter((token) => token.kind === 'refresh' && token.live);
    expect(live).toHaveLength(1);
    expect((await post(a, { ...fields, refresh_token: answers[0]?.refresh_token ?? '' })).status).toBe(200);
  });

  it('a token that one process revoked is rejected by the other within a second', async () => {
    const token = await connectApp(server.app, app);
    const read = async (origin: string) =>
      (await fetch(`${origin}${R4}/Patient`, { headers: { authorization: `Bearer ${token.access_token}` } })).status;
    expect({ a: await read(a), b: await read(b) }).toEqual({ a: 200, b: 200 });
    const body = encodeForm({ token: token.refresh_token ?? '', ...credentials() });
    await fetch(`${a}${OAUTH}/token/revoke`, { method: 'POST', headers: FORM, body });
    await expect.poll(() => read(b), { timeout: 1500 }).toBe(401);
    expect(await read(a)).toBe(401);
  });
});

/** Wraps a database so that all statements fail after the first `after` ones, as if the server were killed there. */
function cutOff(db: Database, after: number): Database & { readonly statements: () => number } {
  let count = 0;
  const guard = () => {
    count += 1;
    if (count > after) throw Object.assign(new Error('killed here'), { code: '08006' });
  };
  const guarded = (executor: Executor): Executor => ({
    query: async <Row>(statement: SqlStatement<Row>, values?: readonly unknown[]) => {
      guard();
      return executor.query(statement, values);
    },
    queryText: async <Row>(text: string, values: readonly unknown[], name?: string) => {
      guard();
      return executor.queryText<Row>(text, values, name);
    },
  });
  return {
    ...guarded(db),
    transaction: (work) => db.transaction((tx) => work(guarded(tx))),
    dedicatedConnection: () => guarded(db),
    withLimits: () => guarded(db),
    close: () => db.close(),
    statements: () => count,
  };
}

describe('a server that is killed between two statements leaves the old state or the new state, never neither or both', () => {
  /**
   * Runs `work` with a server whose database fails after 0 statements, then after 1, 2 and so on, until the work
   * succeeds.
   * @returns the number of statements that the work needs
   */
  async function atEachStatement(
    prepare: () => Promise<string>,
    work: (killed: TestServer['app'], token: string) => Promise<{ statusCode: number }>,
    check: (token: string, answered: boolean) => Promise<void>,
  ): Promise<number> {
    const cut = createCut();
    const { app: killed } = await createApp(server.config, cut.db, { clock: server.clock, logTo: { write() {} } });
    for (let after = 0; after < 40; after += 1) {
      const token = await prepare();
      cut.failAfter(after);
      const { statusCode } = await work(killed, token);
      await check(token, statusCode < 400);
      if (statusCode < 400) return after;
    }
    throw new Error('it never got through');
  }
  /** Wraps the server's database. After `failAfter`, its next statements work and all others fail. */
  function createCut(): { readonly db: Database; failAfter(statements: number): void } {
    let current: Database = server.db;
    const executor: Executor = {
      query: (statement, values) => current.query(statement, values),
      queryText: (text, values, name) => current.queryText(text, values, name),
    };
    return {
      db: {
        ...executor,
        transaction: (work) => current.transaction(work),
        dedicatedConnection: () => executor,
        withLimits: () => executor,
        close: () => server.db.close(),
      },
      failAfter(statements) {
        current = cutOff(server.db, statements);
      },
    };
  }
  const send = (killed: TestServer['app'], fields: Fields) =>
    killed.inject({ method: 'POST', url: `${OAUTH}/token`, headers: FORM, payload: encodeForm(fields) });

  it('exchange of a refresh token: the old token works, or returns the successor again', async () => {
    const statements = await atEachStatement(
      async () => (await connectApp(server.app, app)).refresh_token ?? '',
      (killed, refresh_token) => send(killed, { grant_type: 'refresh_token', refresh_token, ...credentials() }),
      async (refresh_token) => {
        const again = await requestToken(server.app, { grant_type: 'refresh_token', refresh_token, ...credentials() });
        expect(again.status).toBe(200);
        const live = (await tokensOfFamily(refresh_token)).filter((token) => token.kind === 'refresh' && token.live);
        expect(live).toHaveLength(1);
      },
    );
    expect(statements).toBeGreaterThan(1);
  });

  it('exchange of a code: it is unused and without tokens, or used and with one pair of tokens', async () => {
    const statements = await atEachStatement(
      newCode,
      (killed, code) => send(killed, { grant_type: 'authorization_code', code, ...app }),
      async (code) => {
        const kinds = (await tokensOfFamily(code)).map(({ kind, live }) => `${kind} ${live ? 'live' : 'used'}`);
        expect([['code live'], ['access live', 'code used', 'refresh live']]).toContainEqual(kinds);
        if (kinds.length > 1) return;
        expect((await requestToken(server.app, { grant_type: 'authorization_code', code, ...app })).status).toBe(200);
      },
    );
    expect(statements).toBeGreaterThan(1);
  });
});
