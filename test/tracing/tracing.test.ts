import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { allStatements } from '../../src/database/index.ts';
import { sendJob } from '../../src/jobs/index.ts';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import {
  authorizationCode,
  encodeForm,
  FORM,
  getFhir,
  OAUTH,
  PatientBrowser,
  R4,
  requestToken,
  SANDBOX_PATIENT,
  type TokenAnswer,
} from '../support/people/patient.ts';
import { SANDBOX_DESK } from '../support/people/staff.ts';
import { until } from '../support/runs/until.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { type ReceivedSpan, startTraceReceiver, type TraceReceiver } from '../support/servers/trace-receiver.ts';

const PROXY_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PROXY_SPAN = '00f067aa0ba902b7';
const TRACEPARENT = `00-${PROXY_TRACE}-${PROXY_SPAN}-01`;
const AT_ONCE = 12;
const CLIENT_ADDRESS = '198.51.100.77';
const UNKNOWN_TASK = 'task-of-another-release';

let receiver: TraceReceiver;
let server: TestServer;
let app: TestApp & { readonly client_secret: string };
let tokens: TokenAnswer;
/** Texts that must not occur in an export. */
const secrets: string[] = [];
let spans: readonly ReceivedSpan[];
let log: readonly Readonly<Record<string, unknown>>[];
/** Names of the scheduled tasks. */
let tasks: readonly string[];

beforeAll(async () => {
  receiver = await startTraceReceiver();
  server = await startServer({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.endpoint}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=key%20of%20collector',
    TRUST_PROXY: '127.0.0.1',
  });
  app = await addApp(server, { name: 'App with a name' });
  await connectPatient();
  await readRecord();
  await searchPatients();
  await causeErrors();
  await continueTraces();
  await useOneConnection();
  await runJobs();
  // Closing sends all spans.
  await server.close();
  spans = receiver.spans;
  log = server.log.map((line) => JSON.parse(line));
});
afterAll(async () => {
  await receiver.close();
});

/** Signs in with a wrong and the right password, consents, and exchanges and refreshes tokens. */
async function connectPatient(): Promise<void> {
  const { client_id, client_secret, redirect_uri } = app;
  const browser = new PatientBrowser(server.app);
  await browser.signIn('/sign-in?return_to=/account', { ...SANDBOX_PATIENT, password: 'wrong-password' });
  const page = await browser.authorize({
    ...{ response_type: 'code', client_id, redirect_uri, state: 'state-in-query', nonce: 'nonce-in-query' },
    scope: 'openid fhirUser launch/patient offline_access patient/*.rs',
  });
  const code = authorizationCode(await browser.submitConsent(page));
  const client = { client_id, client_secret };
  tokens = await requestToken(server.app, { grant_type: 'authorization_code', code, redirect_uri, ...client });
  const { refresh_token = '' } = tokens;
  const refreshed = await requestToken(server.app, { grant_type: 'refresh_token', refresh_token, ...client });
  await requestToken(server.app, { grant_type: 'refresh_token', refresh_token: 'unknown-token', ...client });
  for (const path of ['/account', '/account/log', '/account/nothing'])
    await browser.get(`${path}?note=words-in-address`);
  secrets.push(client_id, client_secret, code, refresh_token, refreshed.access_token, refreshed.refresh_token ?? '');
  secrets.push(tokens.access_token, tokens.id_token ?? '', browser.cookie('session') ?? '', 'App with a name');
  secrets.push(SANDBOX_PATIENT.username, SANDBOX_PATIENT.password, 'wrong-password', 'state-in-query');
  secrets.push('nonce-in-query', 'unknown-token', 'words-in-address', tokens.patient, `Patient/${tokens.patient}`);
}

async function readRecord(): Promise<void> {
  const get = (path: string) => getFhir(server.app, `${R4}${path}`, tokens.access_token);
  const patient = (await get(`/Patient/${tokens.patient}`)).json();
  const page = (await get('/Observation?category=laboratory&code=http://loinc.org|2345-7&_count=3')).json();
  for (const path of [
    '/Observation?_id=value-in-query',
    '/Condition?_include=Condition:encounter',
    '/Patient/$everything',
  ])
    await get(path);
  const observation = page.entry[0].resource.id;
  // Requests at the same time share inserts of the audit log.
  await Promise.all(Array.from({ length: AT_ONCE }, () => get(`/Observation/${observation}`)));
  await get(`/Observation/${observation}`);
  await get(`/Observation/${observation}/_history`);
  await server.app.inject({
    method: 'POST',
    url: `${R4}/Observation/_search`,
    headers: { ...FORM, authorization: `Bearer ${tokens.access_token}` },
    payload: encodeForm({ code: 'code-in-body' }),
  });
  const entry = [`Patient/${tokens.patient}`, 'Observation?code=value-in-batch'].map((url) => ({
    request: { method: 'GET', url },
  }));
  const batch = await server.app.inject({
    method: 'POST',
    url: R4,
    headers: { 'content-type': 'application/fhir+json', authorization: `Bearer ${tokens.access_token}` },
    payload: JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry }),
  });
  expect(batch.statusCode).toBe(200);
  const { name, telecom = [], address = [], identifier = [], birthDate } = patient;
  secrets.push(observation, birthDate, 'value-in-query', 'code-in-body', 'value-in-batch', '2345-7');
  for (const { family, given } of name) secrets.push(family, ...given);
  // The value of a social security number is absent.
  for (const { value } of [...telecom, ...identifier]) if (value !== undefined) secrets.push(value);
  for (const { line = [], postalCode, city } of address) secrets.push(...line, postalCode, city);
}

/** A member of the front desk looks for patients. */
async function searchPatients(): Promise<void> {
  const browser = new PatientBrowser(server.app);
  await browser.signIn('/sign-in?return_to=/practice', SANDBOX_DESK);
  const practice = (await browser.get('/practice')).location ?? '/practice/1/patients';
  const found = await browser.get(`${practice.split('?')[0]}?q=Smith-in-search`);
  expect(found.status).toBeLessThan(400);
  secrets.push('Smith-in-search', SANDBOX_DESK.username);
}

async function causeErrors(): Promise<void> {
  await getFhir(server.app, `${R4}/Observation?code=secret-of-stranger`, 'token-of-stranger');
  await getFhir(server.app, `${R4}/Observation/id-of-nobody`, tokens.access_token);
  await server.app.inject({ method: 'PROPFIND', url: '/unknown-path/with-a-name' });
  await server.app.inject({ url: '/readyz' });
  // A database that lacks a table is an internal error.
  await server.db.queryText('alter table signing_key rename to elsewhere', []);
  server.clock.advance(2000);
  const broken = await server.app.inject({ url: `${OAUTH}/.well-known/jwks.json` });
  await server.db.queryText('alter table elsewhere rename to signing_key', []);
  expect(broken.statusCode).toBe(500);
  secrets.push('secret-of-stranger', 'token-of-stranger', 'id-of-nobody', 'unknown-path', 'with-a-name', 'elsewhere');
}

/** A trusted proxy sends a trace, and so do clients that may not. */
async function continueTraces(): Promise<void> {
  const send = (url: string, remoteAddress: string, headers: Record<string, string>) =>
    server.app.inject({ url, remoteAddress, headers: { traceparent: TRACEPARENT, ...headers } });
  const forwarded = { 'x-forwarded-for': CLIENT_ADDRESS };
  await send('/docs', '127.0.0.1', forwarded);
  // A proxy that forwards no address of its client is trusted too, as it is for request ids.
  await send('/developer/sign-up', '127.0.0.1', {});
  await send('/apps', '203.0.113.9', forwarded);
  await send('/apps', '127.0.0.1', { ...forwarded, traceparent: `${TRACEPARENT}-bad` });
  secrets.push(CLIENT_ADDRESS, '203.0.113.9', '127.0.0.1');
}

/** Sends two requests on one connection, one after the other. */
async function useOneConnection(): Promise<void> {
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.app.server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = async (path: string, body: string) => {
    const sent = request({ port, host: '127.0.0.1', agent, path, method: 'POST', headers: FORM });
    sent.end(body);
    const [response] = await once(sent, 'response');
    await text(response);
  };
  for (const token of ['first-on-connection', 'second-on-connection']) {
    // Cached facts about the client are too old by then, so each request needs a statement.
    server.clock.advance(2000);
    await send(
      `${OAUTH}/introspect`,
      encodeForm({ token, client_id: app.client_id, client_secret: app.client_secret }),
    );
  }
  agent.destroy();
  secrets.push('first-on-connection', 'second-on-connection');
}

/** Runs a scheduled task, one that this release doesn't know, and the other jobs that are queued. */
async function runJobs(): Promise<void> {
  for (const task of ['queue-missing-jobs', UNKNOWN_TASK]) await sendJob(server.db, 'maintenance', task);
  const other = await createApp(server.config, server.db, { logTo: { write() {} } });
  const runner = await other.startJobs();
  const ended = `select from pgboss.job where name = 'maintenance'
    and ((data->>'id' = 'queue-missing-jobs' and state = 'completed') or (data->>'id' = $1 and output is not null))`;
  await until(async () => (await server.db.queryText(ended, [UNKNOWN_TASK])).length === 2);
  tasks = (await server.db.queryText<{ key: string }>('select key from pgboss.schedule', [])).map(({ key }) => key);
  await runner.stop();
  await other.app.close();
  secrets.push(UNKNOWN_TASK);
}

/** Route patterns of Fastify, which the names of spans have. */
const SEARCH_ROUTE = `${R4}/:type(^[A-Za-z]+$)`;
const READ_ROUTE = `${SEARCH_ROUTE}/:id`;

const serverSpans = (): readonly ReceivedSpan[] => spans.filter(({ kind }) => kind === 2);
const named = (name: string): readonly ReceivedSpan[] => spans.filter((span) => span.name === name);
const childrenOf = ({ spanId }: ReceivedSpan): readonly ReceivedSpan[] =>
  spans.filter(({ parentId }) => parentId === spanId);
/** The span, and all below it. */
const treeOf = (span: ReceivedSpan): readonly ReceivedSpan[] => [span, ...childrenOf(span).flatMap(treeOf)];

describe('an exported span', () => {
  it('never contains a name, id, token, code, address or query string', () => {
    expect(secrets.filter((secret) => secret === undefined || secret.length < 3)).toEqual([]);
    const exported = Buffer.concat(receiver.raw).toString('latin1').toLowerCase();
    const words = new Set(
      JSON.stringify(spans)
        .toLowerCase()
        .split(/[^a-z0-9]+/),
    );
    // Short names can occur by chance in the bytes of random ids.
    const found = secrets.filter((secret) =>
      secret.length < 5
        ? words.has(secret.toLowerCase())
        : exported.includes(Buffer.from(secret.toLowerCase(), 'utf8').toString('latin1')),
    );
    // The receiver's own address is in the header `host` of its requests.
    expect(found.filter((secret) => secret !== '127.0.0.1')).toEqual([]);
    expect(spans.filter(({ attributes }) => JSON.stringify(attributes).includes('127.0.0.1'))).toEqual([]);
  });

  it('has names and attributes from fixed lists only', () => {
    const routes = new Set(log.map(({ method, route }) => `${method} ${route}`));
    const statements = new Set(allStatements().map(({ name }) => name));
    const jobs = new Set([...tasks, 'email', 'export', 'maintenance', 'publish-brands', 'upgrade-records']);
    const isKnown = ({ name, kind, attributes }: ReceivedSpan) =>
      attributes['http.request.method'] === undefined
        ? (kind === 1 && (name === 'transaction' || jobs.has(name.replace(/^job /, '')))) ||
          statements.has(name) ||
          /^(fhir\.[0-9a-f]{24}(\.audit)?|fhir\.record-version|desk\.patients\.search by [a-z_ :]+|select|with|insert)$/.test(
            name,
          )
        : routes.has(name) || ['GET', 'POST', 'other'].includes(name);
    expect(spans.filter((span) => !isKnown(span)).map(({ name }) => name)).toEqual([]);
    // Only a busy pool has statements that wait.
    const names = new Set(spans.flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...names.add('patient_access.pool_waiting')].toSorted()).toEqual([
      ...['db.query.summary', 'db.system.name', 'error.type', 'http.request.method', 'http.response.status_code'],
      ...['http.route', 'patient_access.pool_waiting', 'patient_access.problem', 'patient_access.queue'],
      ...['patient_access.request_id', 'patient_access.surface', 'patient_access.task'],
    ]);
    expect(spans.filter(({ statusMessage }) => statusMessage !== '')).toEqual([]);
  });

  it('is of the service, and is sent to /v1/traces with the configured headers', () => {
    const [first] = spans;
    expect(first?.resource).toMatchObject({ 'service.name': 'patient-access', 'process.pid': process.pid });
    expect(receiver.requests[0]).toMatchObject({
      path: '/v1/traces',
      headers: { 'x-collector-key': 'key of collector', 'content-type': 'application/x-protobuf' },
    });
  });
});

describe('a request', () => {
  it('is one server span with route, method, status, surface and request id, which is in the log too', () => {
    const lines = log.filter(({ reqId, status }) => reqId !== undefined && status !== undefined);
    expect(lines.length).toBeGreaterThan(30);
    for (const { reqId, traceId, method, route, status } of lines) {
      const name = route !== 'none' ? `${method} ${route}` : method === 'PROPFIND' ? 'other' : `${method}`;
      const own = named(name).filter(({ attributes }) => attributes['patient_access.request_id'] === reqId);
      expect(own, name).toMatchObject([{ traceId, attributes: { 'http.response.status_code': status } }]);
    }
    const read = named(`GET ${READ_ROUTE}`).find(({ kind }) => kind === 2);
    expect(read).toMatchObject({
      kind: 2,
      parentId: '',
      status: 0,
      attributes: {
        'http.request.method': 'GET',
        'http.route': READ_ROUTE,
        'http.response.status_code': 200,
        'patient_access.surface': 'fhir-r4',
      },
    });
  });

  it('contains its statements by name, those after a body and inside transactions too', () => {
    const [read] = named(`GET ${READ_ROUTE}`).filter(({ kind }) => kind === 2);
    const [, ...statements] = treeOf(read as ReceivedSpan).filter(({ name }) => name !== 'transaction');
    expect(statements.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^fhir\.[0-9a-f]{24}\.audit$/));
    for (const { kind, attributes, name } of statements)
      expect({ kind, system: attributes['db.system.name'], summary: attributes['db.query.summary'] }).toEqual({
        kind: 3,
        system: 'postgresql',
        summary: name,
      });
    const decisions = named(`POST ${OAUTH}/authorize/decision`).flatMap(treeOf);
    const transactions = decisions.filter(({ name }) => name === 'transaction');
    expect(transactions.length).toBeGreaterThan(0);
    expect(transactions.flatMap(childrenOf).map(({ name }) => name)).toContain('audit.append');
    // Statements outside of requests, such as those of a start, have no spans.
    expect(spans.filter(({ kind, parentId }) => kind === 3 && parentId === '')).toEqual([]);
  });

  it('has at most one of the inserts that it shares with others at the same time', () => {
    const reads = serverSpans().filter(({ name }) => name === `GET ${READ_ROUTE}`);
    expect(reads.length).toBeGreaterThan(AT_ONCE);
    const inserts = reads.map((read) => treeOf(read).filter(({ name }) => name === 'audit.append').length);
    expect(inserts.filter((count) => count > 1)).toEqual([]);
    expect(inserts.filter((count) => count === 1).length).toBeGreaterThan(1);
  });

  it('of a batch contains the requests of its entries', () => {
    const [batch] = serverSpans().filter(({ name }) => name === `POST ${R4}`);
    const inner = childrenOf(batch as ReceivedSpan).filter(({ attributes }) => 'http.route' in attributes);
    expect(inner.map(({ name, kind }) => `${kind} ${name}`).toSorted()).toEqual([
      `1 GET ${SEARCH_ROUTE}`,
      `1 GET ${READ_ROUTE}`,
    ]);
    expect(inner.flatMap(treeOf).some(({ name }) => name === 'audit.append')).toBe(true);
  });

  it('that fails has the code of its error, and so has its statement', () => {
    const [broken] = serverSpans().filter(({ name }) => name === `GET ${OAUTH}/.well-known/jwks.json`);
    expect(broken).toMatchObject({ status: 2, attributes: { 'error.type': 'internal' } });
    const failed = treeOf(broken as ReceivedSpan).filter(({ kind, status }) => kind === 3 && status === 2);
    expect(failed.map(({ name, attributes }) => `${name} ${attributes['error.type']}`)).toEqual([
      'oauth.keys.read 42P01',
    ]);
    const rejected = serverSpans().filter(({ attributes }) => attributes['http.response.status_code'] === 401);
    expect(rejected.length).toBeGreaterThan(0);
    expect(rejected.filter(({ status }) => status !== 0)).toEqual([]);
  });

  it('continues the trace of a trusted proxy, and of no one else', () => {
    for (const name of ['GET /docs', 'GET /developer/sign-up'])
      expect(named(name), name).toMatchObject([{ kind: 2, traceId: PROXY_TRACE, parentId: PROXY_SPAN }]);
    const others = named('GET /apps');
    expect(others).toHaveLength(2);
    for (const { traceId, parentId } of others)
      expect({ isNew: traceId !== PROXY_TRACE, parentId }).toEqual({ isNew: true, parentId: '' });
  });

  it('has a trace of its own if it isn’t the first of its connection', () => {
    const requests = named(`POST ${OAUTH}/introspect`);
    expect(requests).toHaveLength(2);
    for (const { parentId } of requests) expect(parentId).toBe('');
    expect(new Set(requests.map(({ traceId }) => traceId)).size).toBe(2);
    for (const one of requests) expect(treeOf(one).length).toBeGreaterThan(1);
  });

  it('of a health check is in no trace', () => {
    expect(serverSpans().filter(({ name }) => name.includes('readyz'))).toEqual([]);
  });
});

describe('a background job', () => {
  it('is a trace of its own with the name of its queue and task, and contains its statements', () => {
    const [task] = named('job queue-missing-jobs');
    const attributes = { 'patient_access.queue': 'maintenance', 'patient_access.task': 'queue-missing-jobs' };
    expect(task).toMatchObject({ kind: 1, parentId: '', status: 0, attributes });
    const [, ...inside] = treeOf(task as ReceivedSpan);
    expect(inside.length).toBeGreaterThan(1);
    expect(inside.filter(({ traceId }) => traceId !== task?.traceId)).toEqual([]);
    // The statements that look for jobs belong to no job.
    expect(spans.filter(({ parentId, kind }) => parentId === '' && kind !== 2).map(({ name }) => name)).toEqual(
      spans.filter(({ name }) => name.startsWith('job ')).map(({ name }) => name),
    );
  });

  it('that fails has the code of its error, or the name of its class', () => {
    const failed = named('job maintenance');
    expect(failed).toMatchObject([
      { status: 2, attributes: { 'patient_access.queue': 'maintenance', 'error.type': 'Error' } },
    ]);
    expect(Object.keys(failed[0]?.attributes ?? {})).not.toContain('patient_access.task');
  });
});

describe('a collector that doesn’t accept spans', () => {
  it('changes nothing for requests, delays the stop by two seconds at most, and is logged once', async () => {
    const broken = await startTraceReceiver();
    broken.respondWith(400);
    const other = await startServer({ OTEL_EXPORTER_OTLP_ENDPOINT: broken.endpoint, OTEL_TRACES_SAMPLER: 'always_on' });
    expect((await other.app.inject({ url: '/docs' })).statusCode).toBe(200);
    await other.close();
    await until(() => broken.requests.length > 0);
    await broken.close();
    const lines = other.log.map((line) => JSON.parse(line)).filter(({ traces }) => traces !== undefined);
    expect(lines).toMatchObject([{ traces: 'not-sent', error: '400' }]);
  });

  it('gets nothing if the sampler is off', async () => {
    const idle = await startTraceReceiver();
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: idle.endpoint, OTEL_TRACES_SAMPLER: 'always_off' };
    const other = await startServer(settings);
    await other.app.inject({ url: '/docs' });
    await other.close();
    await idle.close();
    expect(idle.requests).toEqual([]);
  });
});
