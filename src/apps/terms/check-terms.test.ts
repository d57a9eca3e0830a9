import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PracticeId } from '../../kernel/index.ts';
import { type AppRegistration, withDefaultTerms } from '../register.ts';
import { checkAppTerms } from './check-terms.ts';

const publicJwk = (type: 'rsa' | 'ec', options: object, more: object = { kid: 'k' }) => {
  const make = generateKeyPairSync as (type: string, options: object) => ReturnType<typeof generateKeyPairSync>;
  const { publicKey, privateKey } = make(type, options) as never as Record<'publicKey' | 'privateKey', never>;
  const jwk = (key: { export(options: object): object }) => ({ ...key.export({ format: 'jwk' }), ...more });
  return { public: jwk(publicKey), private: jwk(privateKey) };
};
const RSA = publicJwk('rsa', { modulusLength: 2048 });
const P384 = publicJwk('ec', { namedCurve: 'P-384' });

const patient: AppRegistration = {
  name: 'App',
  apis: ['r4'],
  scope: 'openid patient/*.rs',
  redirectUris: ['https://app.example/cb'],
  state: 'active',
};
const staff: AppRegistration = { ...patient, kind: 'staff', scope: 'launch openid user/*.rs patient/*.rs' };
const keyed: AppRegistration = { ...patient, auth: 'private_key_jwt', jwks: { keys: [RSA.public] } };
const backend: AppRegistration = {
  ...keyed,
  kind: 'backend',
  scope: 'system/*.rs',
  redirectUris: [],
  practiceIds: [1 as PracticeId],
};

const messages = (wanted: AppRegistration, trusted: readonly string[] = []) =>
  checkAppTerms(withDefaultTerms(wanted), trusted).map(({ message }) => message);

describe('valid terms of an app', () => {
  it.each<[string, AppRegistration]>([
    ['for patients', patient],
    ['for patients, public', { ...patient, auth: 'none' }],
    ['for patients, with keys', keyed],
    [
      'for patients, with keys at an address',
      { ...patient, auth: 'private_key_jwt', jwksUri: 'https://app.example/k' },
    ],
    ['for staff', staff],
    ['for staff, launched', { ...staff, launchUri: 'https://app.example/launch' }],
    ['for staff, launched on this machine', { ...staff, launchUri: 'http://localhost:3000/launch' }],
    ['for backend services', backend],
    ['a resource server', { ...patient, mayIntrospect: true }],
  ])('%s', (_what, wanted) => {
    expect(messages(wanted)).toEqual([]);
  });
});

describe('invalid terms and how to fix them', () => {
  it.each<[AppRegistration, string]>([
    [{ ...patient, name: ' ' }, 'needs a name'],
    [{ ...patient, name: 'x'.repeat(201) }, 'at most 200 characters'],
    [{ ...patient, name: 'safe\u202eppa' }, 'only visible characters'],
    [{ ...patient, name: 'two\nlines' }, 'only visible characters'],
    [{ ...patient, apis: [] }, 'at least one API'],
    [{ ...patient, redirectUris: [] }, 'at least one redirect URI'],
    [{ ...patient, redirectUris: ['http://app.example/cb'] }, 'must use https'],
    [{ ...patient, redirectUris: [`https://app.example/${'x'.repeat(2000)}`] }, 'at most 2000 characters'],
    [{ ...patient, scope: '' }, 'at least one scope'],
    [{ ...patient, scope: 'patient/*.rs nonsense' }, 'Unknown scopes: nonsense'],
    [{ ...patient, scope: 'patient/*.rs user/*.rs' }, 'user/ scopes are only for staff apps. Remove: user/*.rs.'],
    [{ ...patient, scope: 'system/*.rs' }, 'system/ scopes are only for backend apps'],
    [
      { ...patient, scope: 'patient/Observation.write patient/*.cud' },
      'Remove: patient/Observation.write patient/*.cud.',
    ],
    [{ ...patient, launchUri: 'https://app.example/launch' }, 'Only staff apps can have a launch URI'],
    [{ ...patient, practiceIds: [1 as PracticeId] }, 'Only backend apps can have practices'],
    [{ ...patient, auth: 'none', mayIntrospect: true }, 'must authenticate'],
    [{ ...staff, scope: 'system/*.rs' }, 'system/ scopes are only for backend apps'],
    [{ ...staff, launchUri: 'http://app.example/launch' }, 'must use https'],
    [{ ...staff, launchUri: 'com.example.app:/launch' }, 'must use https'],
    [{ ...backend, auth: 'secret', jwks: undefined }, 'with private_key_jwt'],
    [{ ...backend, practiceIds: [] }, 'at least one practice'],
    [{ ...backend, scope: 'system/*.rs patient/*.rs' }, 'only system/ scopes. Remove: patient/*.rs'],
    [{ ...backend, scope: 'system/*.rs offline_access' }, 'no user who signs in'],
    [{ ...backend, redirectUris: ['https://app.example/cb'] }, 'Remove its redirect URI'],
    [{ ...keyed, jwks: undefined }, 'needs either a key set or its URL'],
    [{ ...keyed, jwksUri: 'https://app.example/k' }, 'needs either a key set or its URL'],
    [{ ...keyed, auth: 'secret' }, 'Only apps that use private_key_jwt have keys'],
  ])('%#: %j', (wanted, text) => {
    expect(messages(wanted).join('\n')).toContain(text);
  });
  it('reports all errors at once', () => {
    const all = messages({
      ...backend,
      name: '',
      apis: [],
      scope: 'x',
      practiceIds: [],
      redirectUris: ['y'],
      jwks: {},
    });
    expect(all.length).toBeGreaterThanOrEqual(7);
  });
});

describe('RFC 7517: a usable key set', () => {
  const withKeys = (...keys: unknown[]) => messages({ ...keyed, jwks: { keys } }).join('\n');
  it('contains at least one key for RS384 or ES384', () => {
    expect(withKeys(RSA.public)).toBe('');
    expect(withKeys(P384.public)).toBe('');
    expect(withKeys({ kty: 'OKP', crv: 'Ed25519', x: 'x' }, RSA.public)).toBe('');
  });
  it.each<[string, unknown[]]>([
    ['none', []],
    ['a short RSA key', [publicJwk('rsa', { modulusLength: 1024 }).public]],
    ['a key on another curve', [publicJwk('ec', { namedCurve: 'P-256' }).public]],
    ['a key without a kid', [publicJwk('ec', { namedCurve: 'P-384' }, {}).public]],
    ['a key for encryption', [{ ...P384.public, use: 'enc' }]],
    ['a key for another algorithm', [{ ...RSA.public, alg: 'RS256' }]],
    ['nonsense', [{ kty: 'RSA', kid: 'k', n: 'x', e: 5 }]],
  ])('is rejected with %s', (_what, keys) => {
    expect(withKeys(...keys)).toContain('has no usable key');
  });
  it.each([RSA.private, P384.private, { kty: 'oct', kid: 'k', k: 'c2VjcmV0' }])(
    'is rejected if it contains a secret',
    (key) => {
      expect(withKeys(RSA.public, key)).toContain('Create a new key');
    },
  );
  it.each([{}, [], 'x', { keys: {} }, { keys: [null] }])('is rejected if it is not a set: %j', (jwks) => {
    expect(messages({ ...keyed, jwks }).join()).toContain('array of keys');
  });
  it('is rejected if it is too large', () => {
    expect(withKeys(RSA.public, { kid: 'x'.repeat(70_000) })).toContain('too large');
  });
});

describe('the address of a key set', () => {
  const at = (jwksUri: string, trusted: readonly string[] = []) =>
    messages({ ...keyed, jwks: undefined, jwksUri }, trusted).join();
  it('uses https, unless its host is trusted', () => {
    expect(at('https://app.example/jwks')).toBe('');
    expect(at('http://app.example/jwks')).toContain('must use https');
    expect(at('http://app.example/jwks', ['app.example'])).toBe('');
    expect(at('file:///etc/passwd', ['app.example'])).toContain('must use https');
  });
  it.each(['jwks', 'https://user:pass@app.example/', 'https://app.example/#x'])('%s is rejected', (uri) => {
    expect(at(uri)).toContain('jwks_uri');
  });
});
