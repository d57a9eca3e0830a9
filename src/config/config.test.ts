import { describe, expect, it } from 'vitest';
import { OperatorFault } from '../kernel/index.ts';
import { readConfig } from './config.ts';
import { isTrustedHost } from './trusted-host.ts';

describe('settings', () => {
  it('have defaults that keep the server on this machine', () => {
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

  it('follow the port in PUBLIC_URL unless that is given', () => {
    expect(readConfig({ PORT: '9000' }).publicUrl).toBe('http://localhost:9000');
    expect(readConfig({ PUBLIC_URL: 'https://api.example.org/' }).publicUrl).toBe('https://api.example.org');
  });

  it('take an empty prefix, and drop its last slash', () => {
    expect(readConfig({ PREFIX: '' }).prefix).toBe('');
    expect(readConfig({ PREFIX: '/fhir/' }).prefix).toBe('/fhir');
  });

  it('name the hosts whose key sets are trusted, one port of them or all', () => {
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

  it('report every fault at once, in the words of the operator', () => {
    const faulty = {
      PORT: 'x',
      PUBLIC_URL: 'ftp://a',
      PREFIX: 'a b',
      DATABASE_URL: 'mysql://x',
      SANDBOX: 'maybe',
      DYNAMIC_REGISTRATION: 'yes',
    };
    expect(() => readConfig(faulty)).toThrow(OperatorFault);
    for (const name of Object.keys(faulty)) expect(() => readConfig(faulty)).toThrow(name);
  });
});
