import { DSTU2, OAUTH, R4 } from '../../../people/patient.ts';
import { inventSecret } from '../../invented-secrets.ts';
import type { SeededRandom } from '../../seeded-random.ts';
import type { OAuthWorld } from '../oauth-server.ts';
import type { RequestDraft } from '../request-draft.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const CONTENT_TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'APPLICATION/X-WWW-FORM-URLENCODED;charset="utf-7"',
  'multipart/form-data; boundary=x',
  'text/plain',
  'text/xml',
  'application/x-www-form-urlencoded, application/json',
  'application/problem+json',
  'x',
  '',
];

const PATH_TRICKS: readonly ((path: string, random: SeededRandom) => string)[] = [
  (path) => `${path}/`,
  (path) => `${path}//`,
  (path) => path.replaceAll('/', '//'),
  (path) => path.toUpperCase(),
  (path) => path.replace('patient-oauth', 'patientoauth'),
  (path) => `/x/..${path}`,
  (path) => `${path}/.`,
  (path) => `${path}/..`,
  (path) => path.replace(/\/([^/]*)$/, '%2f$1'),
  (path) => path.replace(/\/([^/]*)$/, '/%2e%2e/$1'),
  (path) => path.replace(/\/([^/]*)$/, '\\$1'),
  (path) => path.replace(/([a-z])$/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  (path, random) =>
    path + random.pick([';x=y', '.json', '%00', '%', '%zz', '%c0%af', '#x', '?', '\u00e9', '%ff', '*', '~']),
  (path) => path + '/x'.repeat(3000),
  (path) => `${path}/${'x'.repeat(400)}`,
  (_, random) =>
    random.pick([
      '/',
      '//evil.example/',
      '/%zz',
      `${OAUTH}/%zz`,
      `${R4}/%zz`,
      `${DSTU2}/Patient/%ff`,
      `${R4}/Patient/x`,
    ]),
  (path) => path.slice(0, -1),
];

/** Unusual headers. Node's parser accepts them, except for some long ones. */
const HEADERS: readonly (readonly [string, (random: SeededRandom) => string])[] = [
  [
    'authorization',
    (random) =>
      random.pick(['Basic', 'Basic !', 'Bearer', 'Bearer \u00e9', `Bearer ${inventSecret(random)}`, 'Digest x']),
  ],
  [
    'authorization',
    (random) => `Basic ${btoa(random.pick(['', ':', 'a', 'a\u0000:b', '%zz:%', `x:${inventSecret(random)}`]))}`,
  ],
  ['authorization', (random) => `${random.pick(['Basic ', 'Bearer ', 'DPoP ', ''])}${'QUFB'.repeat(10_000)}`],
  ['dpop', (random) => random.pick(['', 'x', 'a.b.c', 'e30.e30.e30', 'eyJhbGciOiJub25lIn0.e30.', 'x'.repeat(5000)])],
  [
    'cookie',
    (random) =>
      random.pick([
        'session=',
        'session=%',
        `session=${inventSecret(random)}`,
        '=',
        ';;;',
        'session="x',
        '__proto__=x',
      ]),
  ],
  ['cookie', () => 'a=b; '.repeat(5000)],
  ['host', (random) => random.pick(['evil.example', 'evil.example:80', '', 'localhost:8080@evil.example', '[::'])],
  ['x-forwarded-host', () => 'evil.example'],
  ['x-forwarded-proto', () => 'javascript'],
  ['x-forwarded-for', () => '127.0.0.1, evil'],
  ['forwarded', () => 'host=evil.example;proto=https'],
  ['x-http-method-override', () => 'DELETE'],
  ['x-request-id', (random) => inventSecret(random)],
  ['accept-version', () => '99.x'],
  ['origin', (random) => random.pick(['null', 'https://evil.example', 'x'])],
  ['accept', (random) => random.pick(['', 'text/html', 'application/x;q=nan', '*/*;'.repeat(2000)])],
  ['content-length', (random) => random.pick(['0', '1', '-1', 'x', '999999999999'])],
  ['content-encoding', () => 'gzip'],
  ['range', () => 'bytes=0-1'],
  ['user-agent', () => 'x'.repeat(50_000)],
  ['access-control-request-method', () => 'PUT'],
];

type RequestMutation = (draft: RequestDraft, random: SeededRandom, world: OAuthWorld) => void;

export const mutateMethod: RequestMutation = (draft, random) => {
  draft.method = random.pick(METHODS);
};

export const mutatePath: RequestMutation = (draft, random) => {
  draft.path = random.pick(PATH_TRICKS)(draft.path, random);
};

export const mutateContentType: RequestMutation = ({ headers }, random) => {
  if (random.chance(0.1)) delete headers['content-type'];
  else headers['content-type'] = random.pick(CONTENT_TYPES);
};

export const mutateHeader: RequestMutation = (draft, random, world) => {
  const [name, value] = random.pick(HEADERS);
  draft.headers[name] = value(random);
  // The sign-in form doesn't get a person's cookie, because signing in would end that session, which later requests
  // need.
  if (draft.kind !== 'sign-in: form' && random.chance(0.2)) draft.headers['cookie'] = random.pick(world.people).cookie;
};

/** Sends a request to another endpoint. */
export const mutateEndpoint: RequestMutation = (draft, random) => {
  const paths = [
    '/authorize',
    '/authorize/decision',
    '/authorize/record',
    '/token',
    '/token/revoke',
    '/introspect',
    '/par',
    '/register',
    '/userinfo',
  ];
  draft.path = random.chance(0.9) ? `${OAUTH}${random.pick(paths)}` : '/practice/launch';
};

/** Converts a form to JSON or JSON to a form, often with a content type that doesn't match. */
export const mutateBody: RequestMutation = (draft, random) => {
  const { json } = draft;
  if (json === undefined) draft.json = Object.fromEntries(draft.form);
  else {
    draft.form = Object.entries(json).map(([name, value]) => [name, JSON.stringify(value)]);
    draft.json = undefined;
  }
  if (random.chance(0.5)) draft.headers['content-type'] = 'application/json';
};
