import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../kernel/index.ts';
import { readConfig } from './config.ts';
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
    expect(readConfig({ PUBLIC_URL: 'https://api.example.org/' }).publicUrl).toBe('https://api.example.org');
  });

  it('run one process, or a number up to 32', () => {
    expect(readConfig({}).workers).toBe(1);
    expect(readConfig({ WORKERS: '4' }).workers).toBe(4);
    for (const WORKERS of ['0', '33', '1.5', 'auto']) expect(() => readConfig({ WORKERS })).toThrow('WORKERS is');
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
