import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp } from '../support/apps/apps.ts';
import { CHECKOUT } from '../support/checkout.ts';
import { connectApp, encodeForm, FORM, OAUTH, PatientBrowser, R4, SANDBOX_PATIENT } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const METRICS_TOKEN = 'a-token-for-metrics';
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ METRICS_TOKEN });
});
afterAll(() => server.close());

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const scrape = (authorization?: string) =>
  server.app.inject({ url: '/metrics', headers: authorization === undefined ? {} : { authorization } });

async function readSamples(): Promise<readonly Sample[]> {
  const response = await scrape(`Bearer ${METRICS_TOKEN}`);
  expect(response.statusCode).toBe(200);
  return response.body
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = /^([a-z_\d]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, key = '', text = '']) => [key, text] as const);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
}

/** Sum of the samples of a metric that have these labels, and perhaps more. */
function sumOf(samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number {
  const has = ({ labels: given }: Sample) => Object.entries(labels).every(([key, value]) => given[key] === value);
  return samples
    .filter((one) => one.name === `patient_access_${name}` && has(one))
    .reduce((sum, { value }) => sum + value, 0);
}

it('metrics are only for those who have the token', async () => {
  const statuses = [undefined, 'Bearer other', `Basic ${METRICS_TOKEN}`, 'Bearer '].map(scrape);
  expect((await Promise.all(statuses)).map(({ statusCode }) => statusCode)).toEqual([401, 401, 401, 401]);
});

it('requests, errors, tokens, consents and audit events are counted by surface, route and outcome', async () => {
  const before = await readSamples();
  const app = await addApp(server);
  const { access_token, refresh_token = '' } = await connectApp(server.app, app);
  const headers = { authorization: `Bearer ${access_token}` };
  for (const url of ['/Patient', '/Observation?category=laboratory', '/Unknown'])
    await server.app.inject({ url: `${R4}${url}`, headers });
  await server.app.inject({ url: `${R4}/Patient` });
  const { client_id, client_secret = '' } = app;
  for (const token of [refresh_token, 'unknown']) {
    const payload = encodeForm({ grant_type: 'refresh_token', refresh_token: token, client_id, client_secret });
    await server.app.inject({ method: 'POST', url: `${OAUTH}/token`, headers: FORM, payload });
  }
  const after = await readSamples();
  const added = (name: string, labels: Readonly<Record<string, string>>) =>
    sumOf(after, name, labels) - sumOf(before, name, labels);

  expect(added('http_requests_total', { surface: 'fhir-r4', outcome: 'success' })).toBe(2);
  expect(added('http_requests_total', { surface: 'fhir-r4', outcome: 'rejected' })).toBe(2);
  const route = `${OAUTH}/token`;
  expect(added('http_requests_total', { surface: 'oauth', route, method: 'POST', outcome: 'success' })).toBe(2);
  expect(added('http_request_duration_seconds_count', { surface: 'oauth', route })).toBe(3);
  expect(added('problems_total', { surface: 'fhir-r4', code: 'login-required' })).toBe(1);
  expect(added('problems_total', { surface: 'oauth', code: 'invalid_grant' })).toBe(1);
  expect(added('oauth_errors_total', { endpoint: 'token' })).toBe(1);
  expect(added('tokens_issued_total', { grant_type: 'authorization_code' })).toBe(1);
  expect(added('tokens_issued_total', { grant_type: 'refresh_token' })).toBe(1);
  expect(added('authorization_steps_total', { step: 'allowed' })).toBe(1);
  expect(added('audit_events_total', { kind: 'consent', outcome: 'success' })).toBe(1);
  expect(added('audit_events_total', { kind: 'search', outcome: 'success' })).toBe(2);
  expect(added('audit_failures_total', {})).toBe(0);
});

it('health checks and scrapes don’t count as requests', async () => {
  for (const url of ['/livez', '/readyz']) await server.app.inject({ url });
  await scrape('Bearer other');
  const samples = await readSamples();
  expect(samples.filter(({ labels }) => /^\/(livez|readyz|metrics)$/.test(labels['route'] ?? ''))).toEqual([]);
});

it('pool, event loop, queues, jobs, intake and keys are read at each scrape', async () => {
  await server.db.queryText(
    `insert into intake_day select 1, source, now()::date, now(), 1, 7, 0, 0, 0, 0, 2 from (values ('app:x'), ('file')) s (source)`,
    [],
  );
  // The first check opens a connection, which may take longer on a busy machine than the check waits.
  await expect.poll(async () => sumOf(await readSamples(), 'database_up')).toBe(1);
  const samples = await readSamples();
  expect(sumOf(samples, 'database_connections', { state: 'most' })).toBe(6);
  expect(samples.filter(({ name }) => name.startsWith('nodejs_eventloop_lag_p99'))).toHaveLength(1);
  for (const queue of ['searches', 'reads', 'passwords'])
    expect(
      samples.some(({ labels }) => labels['queue'] === queue && labels['state'] === 'waiting'),
      queue,
    ).toBe(true);
  for (const queue of ['email', 'export', 'maintenance'])
    expect(samples.some(({ name, labels }) => name.endsWith('job_oldest_seconds') && labels['queue'] === queue)).toBe(
      true,
    );
  for (const via of ['feed', 'load']) {
    expect(sumOf(samples, 'intake_resources_today', { via, result: 'created' })).toBe(7);
    expect(sumOf(samples, 'intake_resources_today', { via, result: 'refused' })).toBe(2);
  }
  expect(sumOf(samples, 'signing_key_age_seconds', { alg: 'RS256' })).toBeGreaterThan(0);
  expect({ running: sumOf(samples, 'processes'), expected: sumOf(samples, 'processes_expected') }).toEqual({
    running: 1,
    expected: 1,
  });
});

it('a scrape has everything else if the counts of the database can’t be read, or its pool is busy', async () => {
  await server.app.inject(`${R4}/metadata`);
  await server.db.queryText('alter table intake_day rename to elsewhere', []);
  const without = await readSamples();
  await server.db.queryText('alter table elsewhere rename to intake_day', []);
  expect(without.filter(({ name }) => name === 'patient_access_jobs')).toEqual([]);
  expect(sumOf(without, 'http_requests_total')).toBeGreaterThan(0);

  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const busy = Array.from({ length: 7 }, () => server.db.transaction(() => released));
  const waiting = await readSamples();
  release();
  await Promise.all(busy);
  expect(sumOf(waiting, 'database_connections', { state: 'waiting' })).toBeGreaterThan(0);
  expect(waiting.filter(({ name }) => name === 'patient_access_jobs')).toEqual([]);
  // A busy pool isn't a database that is down.
  expect(sumOf(waiting, 'database_up')).toBe(1);
});

it('a database without the migrations of this release, or without any, is reported as /readyz does', async () => {
  const read = async () => {
    const samples = await readSamples();
    return `${sumOf(samples, 'database_up')} ${sumOf(samples, 'migrations_pending')}`;
  };
  await server.db.queryText("update schema_migration set name = 'later ' || name where id = 1", []);
  const soon = { timeout: 10_000 };
  await expect.poll(read, soon).toBe('1 1');
  expect((await server.app.inject('/readyz')).statusCode).toBe(503);
  await server.db.queryText('alter table schema_migration rename to elsewhere', []);
  await expect.poll(read, soon).toBe('0 0');
  await server.db.queryText('alter table elsewhere rename to schema_migration', []);
  await server.db.queryText('update schema_migration set name = substr(name, 7) where id = 1', []);
  await expect.poll(read, soon).toBe('1 0');
});

it('labels never contain what a client sends, and their number has a limit', async () => {
  const app = await addApp(server);
  const { access_token, patient } = await connectApp(server.app, app);
  const browser = new PatientBrowser(server.app);
  await browser.signIn('/sign-in?return_to=/account', SANDBOX_PATIENT);
  const send = async (mark: string) => {
    const headers = { authorization: `Bearer ${access_token}`, 'user-agent': mark, 'x-forwarded-for': mark };
    for (const url of [
      `${R4}/Patient/${mark}`,
      `${R4}/${mark}`,
      `${R4}/Observation?code=${mark}&${mark}=1`,
      `${R4}/Observation?subject=Patient/${patient}`,
      `${OAUTH}/authorize?client_id=${mark}`,
      `/${mark}`,
      `/${mark}/x.css`,
      `/account/connections/${mark}`,
      `/api/developer/apps/${mark}`,
      `/practice/${mark}/patients`,
    ]) {
      await server.app.inject({ url, headers });
      await server.app.inject({ url, headers, method: 'POST' });
      await server.app.inject({ url, headers, method: 'PROPFIND' });
    }
    await browser.get(`/account?${mark}`);
  };
  await send('first-mark');
  // The first scrape is counted when it has been answered.
  await readSamples();
  const once = await readSamples();
  for (const mark of ['second-mark', 'b1f0c2aa-0000-4000-8000-000000000001', '123456789']) await send(mark);
  const again = await readSamples();
  // Node's own metrics get more labels when a kind of garbage collection first occurs.
  const countOwn = (samples: readonly Sample[]) =>
    samples.filter(({ name }) => name.startsWith('patient_access_')).length;
  expect(countOwn(again)).toBe(countOwn(once));
  const values = new Set(again.flatMap(({ labels }) => Object.values(labels)));
  for (const secret of [patient, app.client_id, SANDBOX_PATIENT.username, 'mark', '123456789', 'b1f0c2aa'])
    expect(
      [...values].filter((value) => value.includes(secret ?? '')),
      secret,
    ).toEqual([]);
});

describe('the files for monitoring', () => {
  const read = (name: string) => readFileSync(path.join(CHECKOUT, name), 'utf8');
  const guide = read('docs/monitoring.md');
  /** Labels, and values in code style, of each metric in the guide. */
  const documented = new Map(
    [...guide.matchAll(/^\| `(patient_access_\w+)` \| (.*?) ?\| (.*) \|$/gm)].map(
      ([, name = '', labels = '', text = '']) => [name, { labels: codesIn(labels), values: codesIn(text) }],
    ),
  );

  function codesIn(text: string): readonly string[] {
    return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
  }

  /** Metrics of an expression with the labels that select its samples. A label is `name=value`. */
  function selectorsIn(expression: string) {
    return [...expression.matchAll(/\b((?:patient_access|nodejs|process)_\w+)(?:\{([^}]*)\})?/g)].map(
      ([, name = '', matchers = '']) => ({
        name,
        labels: [...matchers.matchAll(/(\w+)[=!~]+"([^"]*)"/g)].map(([, label = '', value = '']) => ({ label, value })),
      }),
    );
  }

  interface Panel {
    readonly targets?: readonly { readonly expr: string }[];
  }
  const panels: readonly Panel[] = JSON.parse(read('deploy/monitoring/dashboard.json')).panels;
  const alerts = read('deploy/monitoring/alerts.yaml');
  const rules = alerts.split(/^ {6}- alert: /m).slice(1);
  const expressions = [
    ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...rules.map((rule) => /^ {8}expr: (.*?)^ {8}(?:for|labels):/ms.exec(rule)?.[1] ?? ''),
  ];
  /** Name of the metric to which a sample belongs. */
  const metricOf = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
  /** Labels that Prometheus adds to each sample, and the limit of a bucket. */
  const ADDED = ['job', 'instance', 'le'];

  it('use metrics and labels that the server exports, and the guide lists all of them', async () => {
    const exported = (await scrape(`Bearer ${METRICS_TOKEN}`)).body;
    const names = [...exported.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
    expect(names.filter((name) => name.startsWith('patient_access_')).toSorted()).toEqual(
      [...documented.keys()].toSorted(),
    );
    for (const { name, labels } of await readSamples()) {
      const own = Object.keys(labels).filter((label) => !ADDED.includes(label));
      if (name.startsWith('patient_access_'))
        expect(
          own.filter((label) => !documented.get(metricOf(name))?.labels.includes(label)),
          name,
        ).toEqual([]);
    }
    expect(expressions.length).toBeGreaterThan(40);
    // Prometheus itself makes the metric `up`.
    for (const expression of expressions.filter((one) => !one.startsWith('up{'))) {
      const selectors = selectorsIn(expression);
      expect(selectors.length, expression).toBeGreaterThan(0);
      const known = [
        'job',
        'instance',
        'le',
        ...selectors.flatMap(({ name }) => documented.get(metricOf(name))?.labels ?? []),
      ];
      const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/, */));
      expect(
        grouped.filter((label) => !known.includes(label)),
        expression,
      ).toEqual([]);
      for (const { name, labels } of selectors) {
        expect(names, expression).toContain(metricOf(name));
        for (const { label, value } of labels)
          expect(isKnown(name, label, value), `${name} ${label}=${value}`).toBe(true);
      }
    }

    /** Whether a value is in a sample, or in the guide's description of the metric or of surfaces. */
    function isKnown(name: string, label: string, value: string): boolean {
      if (label === 'job') return value === 'patient-access';
      if (label === 'instance') return value === '$instance';
      if (documented.get(metricOf(name))?.labels.includes(label) !== true) return false;
      const texts = documented.get(metricOf(name))?.values ?? [];
      const surfaces = label === 'surface' ? codesIn(/^`surface` is .*$/m.exec(guide)?.[0] ?? '') : [];
      const queues = exported.includes(`queue="${value}"`) && label === 'queue' ? [value] : [];
      return value.split('|').every((one) => [...texts, ...surfaces, ...queues].includes(one));
    }
  });

  it('explain each alert in the guide, with a severity and a link', () => {
    const names = rules.map((rule) => /^\w+/.exec(rule)?.[0] ?? '');
    expect(names).toEqual([...guide.matchAll(/^### (PatientAccess\w+)$/gm)].map(([, name]) => name));
    for (const rule of rules) {
      const name = /^\w+/.exec(rule)?.[0] ?? '';
      expect(rule, name).toMatch(/severity: (critical|warning) /);
      expect(rule, name).toContain(`runbook: docs/monitoring.md#${name.toLowerCase()}\n`);
      // Each alert fires in a test of the rules, and in another it doesn't.
      const cases = read('deploy/monitoring/alerts.test.yaml').split(`alertname: ${name}`).length - 1;
      expect(cases, name).toBeGreaterThan(1);
    }
  });
});
