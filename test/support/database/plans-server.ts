import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { addApp, type TestApp } from '../apps/apps.ts';
import { connectApp, getFhir, R4, type TokenAnswer } from '../people/patient.ts';
import { startServer, type TestServer } from '../servers/server.ts';
import { startPgbouncer } from './pgbouncer.ts';
import { explainAll, type StatementPlan, watchedDatabase } from './plans.ts';

/** Number of repetitions. From the sixth execution on, PostgreSQL uses a generic plan unless it costs more. */
export const REPEATS = 12;

/** The whole server with a connected patient. Its database connection reports the plan of each statement. */
export interface PlansServer {
  readonly server: TestServer;
  readonly app: FastifyInstance;
  /** A connected app with its token response. */
  readonly client: TestApp & { readonly client_secret: string };
  readonly token: TokenAnswer;
  runExports(): Promise<void>;
  /** Returns the JSON response at a path below the R4 base URL, or at a URL of this server. */
  // biome-ignore lint/suspicious/noExplicitAny: of any type of resource
  json(path: string): Promise<any>;
  /**
   * Returns the plans of all statements that contain this text and ran during the work, in order. There must be at
   * least one.
   */
  plansDuring(words: string, work: () => Promise<unknown>): Promise<readonly [StatementPlan, ...StatementPlan[]]>;
  /** Repeats the work more than a second apart, so that nothing is cached. Returns the plans of the last repetition. */
  plansAfterRepeats(words: string, work: () => Promise<unknown>): Promise<readonly [StatementPlan, ...StatementPlan[]]>;
  /** Requests a path repeatedly. Returns the last plan of the statement that contains this text. */
  planOfRequest(path: string, words: string): Promise<StatementPlan>;
  close(): Promise<void>;
}

/** @param program path of PgBouncer, which is used in transaction mode. Undefined for a direct connection */
export async function startPlansServer(program: string | undefined): Promise<PlansServer> {
  const server = await startServer();
  await explainAll(server.db, new URL(server.databaseUrl).pathname.slice(1));
  const pooler = program === undefined ? undefined : await startPgbouncer(program, server.databaseUrl);
  const watched = await watchedDatabase(pooler?.url ?? server.databaseUrl);
  const { app, runExports } = await createApp(server.config, watched.db, {
    clock: server.clock,
    logTo: { write() {} },
  });
  const client = await addApp(server);
  const token = await connectApp(server.app, client);
  await addCopies(server, token.patient);

  const get = async (path: string) => {
    const answer = await getFhir(app, addressOf(path), token.access_token);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer;
  };
  const allRan: PlansServer['plansDuring'] = async (words, work) => {
    watched.takePlans();
    await work();
    const [first, ...more] = watched.takePlans().filter(({ text }) => text.includes(words));
    if (first === undefined) throw new Error(`no statement with: ${words}`);
    return [first, ...more];
  };
  const allRanAtLast: PlansServer['plansAfterRepeats'] = async (words, work) => {
    const again = async () => {
      server.clock.advance(2000);
      await work();
    };
    for (let time = 1; time < REPEATS; time += 1) await again();
    return allRan(words, again);
  };
  const ranAt = async (path: string, words: string) => {
    const all = await allRanAtLast(words, () => get(path));
    return all.at(-1) ?? all[0];
  };
  const close = async () => {
    await app.close();
    await watched.close();
    await pooler?.close();
    await server.close();
  };
  return {
    server,
    app,
    client,
    token,
    runExports,
    json: async (path) => (await get(path)).json(),
    plansDuring: allRan,
    plansAfterRepeats: allRanAtLast,
    planOfRequest: ranAt,
    close,
  };
}

function addressOf(path: string): string {
  if (!path.startsWith('http')) return path.startsWith('/nge/') ? path : `${R4}${path}`;
  const { pathname, search } = new URL(path);
  return pathname + search;
}

/** Adds copies of existing rows with other keys. PostgreSQL scans small tables, which would prove nothing. */
async function addCopies({ db }: TestServer, patient: string): Promise<void> {
  const copies = async (table: string, where: string, times: number, keys: Readonly<Record<string, string>>) => {
    const found = await db.queryText<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped`,
      [],
    );
    const names = found.map(({ name }) => name);
    const values = names.map((name) => keys[name] ?? `t.${name}`);
    await db.queryText(
      `insert into ${table} (${names}) select ${values} from ${table} t cross join generate_series(1, ${times}) n where ${where}`,
      [],
    );
  };
  const another = 'gen_random_uuid()';
  // A resource and its conversions have the same id.
  const id = "md5(t.id::text || ' ' || n)::uuid";
  const own = `(t.record_id = (select record_id from record where patient_id = '${patient}'))`;
  await db.queryText(
    `insert into resource_history (record_id, type, id, version, last_updated, content)
     select record_id, type, id, version, last_updated, content from resource where type <> 'Patient'`,
    [],
  );
  await db.queryText(
    `insert into tombstone (record_id, type, id, version, deleted_at)
     select record_id, type, md5(id::text)::uuid, version + 1, last_updated from resource`,
    [],
  );
  // Adds two thousand merges and as many retractions of other patients, each merge with five resources.
  await db.queryText(
    `with merged as (
       insert into record_merge (record_id, merge_id, into_record_id, said, merged_at)
       select n, gen_random_uuid(), n + 10000, 'operator', now() + interval '1 day' from generate_series(1, 2000) n
       returning merge_id, into_record_id),
     came as (
       insert into merged_resource (record_id, merge_id, type, id, first_version)
       select m.into_record_id, m.merge_id, 'Observation', gen_random_uuid(), 1 from merged m, generate_series(1, 5)
       returning record_id, type, id)
     insert into retraction (record_id, type, id, retracted_at, into_record_id)
     select record_id, type, id, now() + interval '1 day', record_id + 10000 from came`,
    [],
  );
  for (const table of ['resource', 'conversion']) {
    await copies(table, `${own} and t.type = 'Observation'`, 3, { id });
    await copies(table, `not ${own}`, 4, { id, record_id: 't.record_id + n' });
  }
  for (const table of ['shared_resource', 'shared_projection']) await copies(table, 'true', 50, { id });
  await copies('record', 'true', 200, {
    record_id: '(random() * 281474976710000)::bigint + 1',
    patient_id: another,
  });
  await copies('consent_grant', 'true', 3000, { grant_id: another, account_id: another });
  await copies('token_family', 'true', 3000, { family_id: "t.family_id || '-' || n", grant_id: another });
  await db.queryText(
    `insert into token (family_id, hash, kind, issued_at, expires_at)
     select f.family_id, sha256(convert_to(f.family_id, 'UTF8')), 'access', now(), now() + interval '1 hour' from token_family f`,
    [],
  );
  await db.queryText('vacuum analyze', []);
}
