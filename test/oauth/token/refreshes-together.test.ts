import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { endGrant, listGrants } from '../../../src/oauth/index.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { unrecordedTokens } from '../../support/apps/token-audit.ts';
import { recordStatements } from '../../support/database/recorded-statements.ts';
import { WAITING_FOR_LOCK } from '../../support/database/waiting-for-lock.ts';
import { addLivePatient, type LivePerson } from '../../support/people/live-patient.ts';
import { connectApp, type Fields, getFhir, R4, requestToken, type TokenAnswer } from '../../support/people/patient.ts';
import { until } from '../../support/runs/until.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

type ConfidentialApp = TestApp & { client_secret: string };
let server: TestServer;
let app: ConfidentialApp;
let lou: LivePerson;
/** Another server with the same database, and the statements that it runs. */
let renewer: Awaited<ReturnType<typeof createApp>>['app'];
let statements: string[];
let locker: pg.Client;
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
  lou = await addLivePatient(server);
  const recorded = recordStatements(server.db);
  statements = recorded.statements;
  ({ app: renewer } = await createApp(server.config, recorded.db, { clock: server.clock, logTo: { write() {} } }));
  locker = new pg.Client({ connectionString: server.databaseUrl });
  await locker.connect();
});
afterAll(async () => {
  await Promise.all([locker.end(), renewer.close()]);
  await server.close();
});

const refresh = (
  { refresh_token = '' }: TokenAnswer,
  { client_id, client_secret }: ConfidentialApp = app,
  changes: Fields = {},
) => requestToken(renewer, { grant_type: 'refresh_token', refresh_token, client_id, client_secret, ...changes });
const connect = (scope = 'launch/patient patient/*.rs', person?: LivePerson) =>
  connectApp(server.app, app, { scope }, {}, person);
const statusesOf = (answers: readonly TokenAnswer[]) => answers.map(({ status }) => status);
const canRead = async ({ access_token }: TokenAnswer) =>
  (await getFhir(renewer, `${R4}/Patient`, access_token)).statusCode === 200;
const listRefreshEvents = () =>
  server.db.queryText<{ patient_id: string; request_id: string }>(
    `select r.patient_id, e.request_id from audit_event e join record r using (record_id)
     where e.kind = 'token' and e.detail = '{"grant":"refresh"}' order by e.at, e.id`,
    [],
  );
const isWaiting = async (): Promise<boolean> => (await server.db.queryText(WAITING_FOR_LOCK, [])).length > 0;
const lockToken = ({ refresh_token = '' }: TokenAnswer) =>
  locker.query(`begin; select from token where family_id = '${refresh_token.split('.')[0]}' for update`);

describe('RFC 6749 §6: refreshes that come at the same time', () => {
  it('share a statement, and each gets its own tokens, patient, scope and audit event', async () => {
    const granted = await Promise.all([
      connect(),
      connect('launch/patient patient/Condition.rs'),
      connect('launch/patient patient/*.rs', lou),
      connect('launch/patient patient/Patient.rs'),
      connect('launch/patient openid fhirUser patient/*.rs'),
      connect(),
      connect(),
    ]);
    const first = await connect();
    await lockToken(first);
    const alone = refresh(first);
    await until(isWaiting);
    const before = await listRefreshEvents();
    statements.length = 0;
    const answers = await Promise.all(granted.map((token) => refresh(token)));
    const shared = statements.filter((name) => name === 'oauth.refresh.rotate-several');
    expect(statements).not.toContain('oauth.refresh.rotate');
    expect(shared.length).toBeLessThan(granted.length);
    const picked = (tokens: readonly TokenAnswer[]) =>
      tokens.map(({ status, patient, scope, expires_in }) => ({ status, patient, scope, expires_in }));
    expect(picked(answers)).toEqual(picked(granted));
    expect(new Set([...granted, ...answers].map(({ refresh_token }) => refresh_token)).size).toBe(14);
    expect((await getFhir(renewer, `${R4}/Condition`, answers[1]?.access_token ?? '')).statusCode).toBe(200);
    expect((await getFhir(renewer, `${R4}/Observation`, answers[1]?.access_token ?? '')).statusCode).toBe(403);
    const recorded = (await listRefreshEvents()).slice(before.length);
    expect(recorded.map(({ patient_id }) => patient_id).toSorted()).toEqual(
      granted.map(({ patient }) => patient).toSorted(),
    );
    expect(new Set(recorded.map(({ request_id }) => request_id)).size).toBe(7);
    expect(await unrecordedTokens(server.db)).toBe(0);
    await locker.query('commit');
    expect((await alone).status).toBe(200);
    // The response is repeated to a client that lost it. Each successor works, and so does its own successor.
    const [repeated] = await Promise.all(granted.map((token) => refresh(token)));
    expect(repeated?.refresh_token).toBe(answers[0]?.refresh_token);
    for (let chain: readonly TokenAnswer[] = answers, i = 0; i < 2; i += 1) {
      chain = await Promise.all(chain.map((token) => refresh(token)));
      expect(statusesOf(chain)).toEqual(granted.map(() => 200));
    }
  });

  it('may each request a smaller scope', async () => {
    const granted = await Promise.all([connect(), connect(), connect(), connect()]);
    const answers = await Promise.all(
      granted.map((token, i) => refresh(token, app, i % 2 === 0 ? {} : { scope: 'patient/Condition.rs' })),
    );
    expect(answers.map(({ scope }) => scope)).toEqual(
      granted.map(({ scope }, i) => (i % 2 === 0 ? scope : 'patient/Condition.rs')),
    );
  });

  it('fail one by one: a token that can’t be exchanged fails with its own error', async () => {
    const other = await addApp(server);
    const ended = await connectApp(server.app, other);
    const [grant] = (await listGrants(server.db, { username: 'patientapitest' })).filter(
      ({ client_id }) => client_id === other.client_id,
    );
    await endGrant(server.db, server.clock.now(), grant?.grant_id ?? '', 'patient');
    const [valid, foreign, reused, last] = await Promise.all([connect(), connect(), connect(), connect()]);
    await refresh(reused);
    server.clock.advance(11_000);
    const unknown = { ...valid, refresh_token: `${'B'.repeat(22)}.${'A'.repeat(43)}` };
    const answers = await Promise.all([
      refresh(valid),
      refresh(foreign, other),
      refresh(reused),
      refresh(unknown),
      refresh(ended, other),
      refresh(last),
    ]);
    expect(statusesOf(answers)).toEqual([200, 400, 400, 400, 400, 200]);
    expect(answers.map(({ error_description }) => error_description)).toEqual([
      undefined,
      expect.stringMatching(/issued to a different app/),
      expect.stringMatching(/was already used 11 s ago/),
      expect.stringMatching(/Unknown refresh token/),
      expect.stringMatching(/ended/),
      undefined,
    ]);
    expect((await refresh(foreign)).status).toBe(200);
    expect(await canRead(answers[5])).toBe(true);
  });

  it('don’t wait for the token that another transaction has locked', async () => {
    const [locked, first, second, third] = await Promise.all([connect(), connect(), connect(), connect()]);
    await lockToken(locked);
    const beside = refresh(first);
    const waiting = refresh(locked);
    await until(isWaiting);
    expect(statusesOf(await Promise.all([beside, refresh(second), refresh(third)]))).toEqual([200, 200, 200]);
    expect(await isWaiting()).toBe(true);
    await locker.query('commit');
    expect((await waiting).status).toBe(200);
  });

  it('change nothing if their audit events can’t be stored', async () => {
    const granted = await Promise.all([connect(), connect(), connect(), connect()]);
    await locker.query(`create function no_room() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$`);
    await locker.query('create trigger no_room before insert on audit_event for each row execute function no_room()');
    const failed = await Promise.all(granted.map((token) => refresh(token)));
    await locker.query('drop function no_room() cascade');
    expect(statusesOf(failed)).toEqual([503, 503, 503, 503]);
    server.clock.advance(600_000);
    expect(statusesOf(await Promise.all(granted.map((token) => refresh(token))))).toEqual([200, 200, 200, 200]);
  });
});
