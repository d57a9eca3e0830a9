import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../kernel/index.ts';
import { readConfig } from './config.ts';
import { splitDatabaseUrl } from './database-settings.ts';
import { isTrustedHost } from './trusted-host.ts';

describe('settings', () => {
  it('default to a server that only this machine can reach', () => {
    expect(readConfig({})).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:8080',
      prefix: '/nge/prod',
      sandbox: true,
      provisionalApps: 'sandbox',
      dynamicRegistration: 'off',
      trustedJwksHosts: [],
    });
  });

  it('derive PUBLIC_URL from the port unless it is set', () => {
    expect(readConfig({ PORT: '9000' }).publicUrl).toBe('http://localhost:9000');
    const SANDBOX = 'off';
    expect(readConfig({ PUBLIC_URL: 'https://api.example.org/', SANDBOX }).publicUrl).toBe('https://api.example.org');
  });

  it('require a decision about the sandbox if other machines reach the server', () => {
    for (const PUBLIC_URL of ['https://api.example.org', 'http://192.0.2.7:8080', 'https://localhost.example.org']) {
      expect(() => readConfig({ PUBLIC_URL })).toThrow('SANDBOX=off leaves it out; SANDBOX=on publishes it.');
      expect(readConfig({ PUBLIC_URL, SANDBOX: 'on' }).sandbox).toBe(true);
      expect(readConfig({ PUBLIC_URL, SANDBOX: 'off' }).sandbox).toBe(false);
    }
    for (const PUBLIC_URL of ['http://localhost:9000', 'https://127.0.0.1', 'http://[::1]:8080'])
      expect(readConfig({ PUBLIC_URL }).sandbox).toBe(true);
  });

  it('read secrets from files, without the last line break, and never show them in an error', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-config-'));
    const write = (name: string, content: string) => writeFileSync(path.join(folder, name), content);
    write('url', 'postgres://user:secret@db.example/records\n');
    write('smtp', 'smtp://user:secret@mail.example\r\n');
    write('empty', '\n');
    write('large', 'secret'.repeat(5000));
    const files = { DATABASE_URL_FILE: 'url', SMTP_URL_FILE: path.join(folder, 'smtp'), MAIL_FROM: 'a@b.example' };
    expect(readConfig({ ...files, INIT_CWD: folder })).toMatchObject({
      databaseUrl: 'postgres://user:secret@db.example/records',
      mail: { smtpUrl: 'smtp://user:secret@mail.example' },
    });
    for (const [given, message] of [
      [{ DATABASE_URL_FILE: 'nowhere' }, "DATABASE_URL_FILE names /nowhere, which doesn't exist."],
      [{ DATABASE_URL_FILE: folder }, `DATABASE_URL_FILE names ${folder}, which can't be read (EISDIR).`],
      [{ DATABASE_URL_FILE: path.join(folder, 'empty') }, 'which is empty.'],
      [{ DATABASE_URL_FILE: path.join(folder, 'large') }, 'which has more than 16 KiB.'],
      [{ DATABASE_URL: 'postgres://a:secret@b/c', DATABASE_URL_FILE: 'x' }, 'Set only one of them.'],
    ] as const) {
      expect(() => readConfig({ ...given, INIT_CWD: '/' }), message).toThrow(message);
      expect(() => readConfig({ ...given, INIT_CWD: '/' })).not.toThrow('secret');
    }
    expect(readConfig({ PORT_FILE: '/nowhere' }).port).toBe(8080);
    rmSync(folder, { recursive: true });
  });

  it('accept several hosts of a database, of which one accepts writes', () => {
    const { databaseUrl } = readConfig({
      DATABASE_URL: 'postgresql://u:p%40@a.example:5432,[::1]:5433,c/db?target_session_attrs=read-write',
    });
    expect(splitDatabaseUrl(databaseUrl ?? '')).toEqual([
      'postgresql://u:p%40@a.example:5432/db?target_session_attrs=read-write',
      'postgresql://u:p%40@[::1]:5433/db?target_session_attrs=read-write',
      'postgresql://u:p%40@c/db?target_session_attrs=read-write',
    ]);
    for (const [url, message] of [
      ['postgresql://a:5432,b:x/db', 'must look like'],
      ['postgresql://a,b/db?target_session_attrs=standby', 'must have one of: any, read-write, primary'],
    ])
      expect(() => readConfig({ DATABASE_URL: url }), url).toThrow(message);
    for (const name of ['MIGRATION_DATABASE_URL', 'DATABASE_READ_URL'])
      expect(() => readConfig({ [name]: 'postgres://a/b' })).toThrow('needs DATABASE_URL too');
    const reading = (target: string) => `postgresql://a,b/db?target_session_attrs=${target}`;
    const readUrl = reading('standby');
    expect(readConfig({ DATABASE_URL: 'postgres://a/b', DATABASE_READ_URL: readUrl }).databaseReadUrl).toBe(readUrl);
    expect(() => readConfig({ DATABASE_READ_URL: reading('primary') })).toThrow('must have one of: any, standby');
  });

  it('limit connections, statements and the time to stop', () => {
    expect(readConfig({})).toMatchObject({
      database: { connections: 10, statementTimeout: 30_000 },
      drainSeconds: 0,
      logFormat: 'text',
    });
    const given = { DATABASE_POOL: '25', STATEMENT_TIMEOUT_SECONDS: '5', DRAIN_SECONDS: '20', LOG_FORMAT: 'json' };
    expect(readConfig(given)).toMatchObject({
      database: { connections: 25, statementTimeout: 5000 },
      drainSeconds: 20,
      logFormat: 'json',
    });
    for (const [name, value] of [
      ['DATABASE_POOL', '1'],
      ['STATEMENT_TIMEOUT_SECONDS', '0'],
      ['DRAIN_SECONDS', '1.5'],
      ['LOG_FORMAT', 'xml'],
    ] as const)
      expect(() => readConfig({ [name]: value })).toThrow(`${name} is "${value}"`);
  });

  it('run one process, or a number up to 32', () => {
    expect(readConfig({}).workers).toBe(1);
    expect(readConfig({ WORKERS: '4' }).workers).toBe(4);
    for (const WORKERS of ['0', '33', '1.5', 'auto']) expect(() => readConfig({ WORKERS })).toThrow('WORKERS is');
  });

  it('require a port for the metrics of several workers, because each of them counts its own requests', () => {
    const METRICS_TOKEN = 'a-token-for-metrics';
    expect(() => readConfig({ METRICS_TOKEN, WORKERS: '2' })).toThrow('METRICS_TOKEN needs METRICS_PORT');
    expect(readConfig({ METRICS_TOKEN, WORKERS: '2', METRICS_PORT: '9464' }).metrics).toEqual({
      port: 9464,
      token: METRICS_TOKEN,
    });
  });

  it('turn traces on with an address or an exporter, as OpenTelemetry names them', () => {
    expect(readConfig({}).tracing).toBeUndefined();
    expect(readConfig({ OTEL_SERVICE_NAME: 'records' }).tracing).toBeUndefined();
    expect(readConfig({ OTEL_TRACES_EXPORTER: 'otlp' }).tracing).toMatchObject({
      url: 'http://localhost:4318/v1/traces',
      serviceName: 'patient-access',
      sampler: 'parentbased_always_on',
      ratio: 1,
    });
    const address = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example/otlp/' };
    const sampled = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' };
    const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%3Db, x-tenant = 7' };
    expect(readConfig({ ...address, ...sampled, ...headers }).tracing).toMatchObject({
      url: 'https://collector.example/otlp/v1/traces',
      headers: { 'api-key': 'a=b', 'x-tenant': '7' },
      sampler: 'traceidratio',
      ratio: 0.25,
    });
    expect(readConfig({ ...address, OTEL_TRACES_EXPORTER: 'none' }).tracing).toBeUndefined();
    for (const [given, message] of [
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://user:secret@collector' }, 'must be a URL such as'],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'must be a URL such as'],
      [{ OTEL_EXPORTER_OTLP_HEADERS: 'secret' }, 'must look like name=value'],
      [{ OTEL_EXPORTER_OTLP_HEADERS: 'name=%0asecret' }, 'must look like name=value'],
      [{ OTEL_TRACES_EXPORTER: 'jaeger' }, 'must be one of: otlp, none.'],
      [{ OTEL_TRACES_SAMPLER: 'sometimes' }, 'must be one of:'],
      [{ OTEL_TRACES_SAMPLER_ARG: '2' }, 'must be a number from 0 to 1.'],
    ] as const) {
      expect(() => readConfig(given), message).toThrow(message);
      expect(() => readConfig(given)).not.toThrow('secret');
    }
  });

  it('require different ports for metrics and requests', () => {
    expect(() => readConfig({ METRICS_PORT: '8080' })).toThrow('METRICS_PORT must differ from PORT.');
    expect(readConfig({ METRICS_PORT: '8080', PORT: '8081' }).metrics?.port).toBe(8080);
  });

  it('accept an empty prefix and drop a trailing slash', () => {
    expect(readConfig({ PREFIX: '' }).prefix).toBe('');
    expect(readConfig({ PREFIX: '/fhir/' }).prefix).toBe('/fhir');
  });

  it('trust key sets of the listed hosts, on one port or on all', () => {
    const trusted = readConfig({ TRUSTED_JWKS_HOSTS: 'Keys.example.org, localhost:9000,[::1]' }).trustedJwksHosts;
    const known = (url: string) => isTrustedHost(new URL(url), trusted);
    expect(['https://keys.example.org:7/k', 'http://localhost:9000/k', 'http://[::1]:3/'].map(known)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['http://localhost/k', 'https://x.keys.example.org/', 'http://[::2]/'].map(known)).toEqual([
      false,
      false,
      false,
    ]);
    expect(() => readConfig({ TRUSTED_JWKS_HOSTS: 'https://a.example' })).toThrow('TRUSTED_JWKS_HOSTS');
  });

  it('keep export files for a day, or for the configured number of hours', () => {
    expect(readConfig({}).exportHours).toBe(24);
    expect(readConfig({ EXPORT_HOURS: '168' }).exportHours).toBe(168);
    for (const text of ['0', '169', '1.5', 'soon', '-1'])
      expect(() => readConfig({ EXPORT_HOURS: text })).toThrow('EXPORT_HOURS');
  });

  it('require a password cost of at least OWASP’s minimum', () => {
    const costOf = (text: string) => readConfig({ PASSWORD_COST: text }).passwordCost;
    expect(readConfig({}).passwordCost).toEqual({ memory: 19_456, passes: 2 });
    expect(costOf('m=7168,t=5')).toEqual({ memory: 7168, passes: 5 });
    expect(costOf('m=65536,t=3')).toEqual({ memory: 65_536, passes: 3 });
    for (const low of ['m=19455,t=2', 'm=19456,t=1', 'm=8,t=100', 'm=7168,t=4'])
      expect(() => costOf(low)).toThrow('at least one of: m=47104,t=1; m=19456,t=2;');
    for (const high of ['m=1048577,t=2', 'm=19456,t=101'])
      expect(() => costOf(high)).toThrow('at most m=1048576,t=100');
    for (const unreadable of ['19456', 'm=19456', 't=2,m=19456', 'm=-1,t=2', 'high'])
      expect(() => costOf(unreadable)).toThrow('PASSWORD_COST');
  });

  it('configure validation of incoming data, with implementation guides that exist', () => {
    expect(readConfig({}).validation).toEqual({ mode: 'warn', guides: [] });
    const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-config-'));
    writeFileSync(path.join(folder, 'a.tgz'), '');
    const given = { VALIDATION: 'strict', VALIDATION_GUIDES: `a.tgz, ${folder}`, INIT_CWD: folder };
    expect(readConfig(given).validation).toEqual({ mode: 'strict', guides: [path.join(folder, 'a.tgz'), folder] });
    expect(() => readConfig({ VALIDATION: 'loud' })).toThrow('VALIDATION');
    expect(() => readConfig({ VALIDATION_GUIDES: '/nowhere/a.tgz' })).toThrow('names /nowhere/a.tgz');
    rmSync(folder, { recursive: true });
  });

  it('read sensitive labels from a file and report every error in it', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-config-'));
    const file = path.join(folder, 'labels.json');
    const label = { system: 's', code: 'c', label: { en: 'a', es: 'b' }, basis: { en: 'c', es: 'd' } };
    const read = (content: unknown) => {
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return readConfig({ SENSITIVE_LABELS: 'labels.json', INIT_CWD: folder }).sensitiveLabels;
    };
    expect(readConfig({}).sensitiveLabels).toEqual([]);
    expect(read([label])).toEqual([label]);
    for (const [content, message] of [
      ['{', "isn't valid JSON"],
      [{}, 'must contain an array'],
      [Array.from({ length: 21 }, (_, n) => ({ ...label, code: `${n}` })), 'at most 20'],
      [[label, { ...label, code: 'C' }], 'contains a label twice'],
      [[{ ...label, basis: { en: 'only' } }], 'label 1 needs basis.es'],
      [[label, { ...label, code: 7, system: ' ' }], 'label 2 needs system'],
      [[null, 'text', { ...label, label: 'x' }], 'label 3 needs label.en'],
      [[{ ...label, code: 'a\nb' }], 'label 1 needs code'],
    ] as const) {
      expect(() => read(content), JSON.stringify(content)).toThrow(message);
    }
    expect(() => readConfig({ SENSITIVE_LABELS: '/nowhere/labels.json' })).toThrow("can't be read (ENOENT)");
    expect(() => readConfig({ CONSUMER_NAMES: '/nowhere/names.json' })).toThrow('there is no such file');
    rmSync(folder, { recursive: true });
  });

  it('report all errors at once, by the names of the settings', () => {
    const faulty = {
      PORT: 'x',
      PUBLIC_URL: 'ftp://a',
      PREFIX: 'a b',
      DATABASE_URL: 'mysql://x',
      SANDBOX: 'maybe',
      DYNAMIC_REGISTRATION: 'yes',
      AUTHORIZATION_RESPONSE_ISS: 'true',
    };
    expect(() => readConfig(faulty)).toThrow(OperatorError);
    for (const name of Object.keys(faulty)) expect(() => readConfig(faulty)).toThrow(name);
  });
});
