import { DSTU2, OAUTH, R4 } from '../patient.ts';
import type { Dice } from './dice.ts';
import type { Draft } from './draft.ts';
import { madeUp } from './made-up.ts';
import type { World } from './world.ts';

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

const PATH_TRICKS: readonly ((path: string, dice: Dice) => string)[] = [
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
  (path, dice) =>
    path + dice.pick([';x=y', '.json', '%00', '%', '%zz', '%c0%af', '#x', '?', '\u00e9', '%ff', '*', '~']),
  (path) => path + '/x'.repeat(3000),
  (path) => `${path}/${'x'.repeat(400)}`,
  (_, dice) =>
    dice.pick(['/', '//evil.example/', '/%zz', `${OAUTH}/%zz`, `${R4}/%zz`, `${DSTU2}/Patient/%ff`, `${R4}/Patient/x`]),
  (path) => path.slice(0, -1),
];

/** Headers that Node's parser accepts. Long ones that it wouldn't accept are sent all the same. */
const HEADERS: readonly (readonly [string, (dice: Dice) => string])[] = [
  [
    'authorization',
    (dice) => dice.pick(['Basic', 'Basic !', 'Bearer', 'Bearer \u00e9', `Bearer ${madeUp(dice)}`, 'Digest x']),
  ],
  ['authorization', (dice) => `Basic ${btoa(dice.pick(['', ':', 'a', 'a\u0000:b', '%zz:%', `x:${madeUp(dice)}`]))}`],
  ['authorization', (dice) => `${dice.pick(['Basic ', 'Bearer ', 'DPoP ', ''])}${'QUFB'.repeat(10_000)}`],
  ['dpop', (dice) => dice.pick(['', 'x', 'a.b.c', 'e30.e30.e30', 'eyJhbGciOiJub25lIn0.e30.', 'x'.repeat(5000)])],
  [
    'cookie',
    (dice) => dice.pick(['session=', 'session=%', `session=${madeUp(dice)}`, '=', ';;;', 'session="x', '__proto__=x']),
  ],
  ['cookie', () => 'a=b; '.repeat(5000)],
  ['host', (dice) => dice.pick(['evil.example', 'evil.example:80', '', 'localhost:8080@evil.example', '[::'])],
  ['x-forwarded-host', () => 'evil.example'],
  ['x-forwarded-proto', () => 'javascript'],
  ['x-forwarded-for', () => '127.0.0.1, evil'],
  ['forwarded', () => 'host=evil.example;proto=https'],
  ['x-http-method-override', () => 'DELETE'],
  ['x-request-id', (dice) => madeUp(dice)],
  ['accept-version', () => '99.x'],
  ['origin', (dice) => dice.pick(['null', 'https://evil.example', 'x'])],
  ['accept', (dice) => dice.pick(['', 'text/html', 'application/x;q=nan', '*/*;'.repeat(2000)])],
  ['content-length', (dice) => dice.pick(['0', '1', '-1', 'x', '999999999999'])],
  ['content-encoding', () => 'gzip'],
  ['range', () => 'bytes=0-1'],
  ['user-agent', () => 'x'.repeat(50_000)],
  ['access-control-request-method', () => 'PUT'],
];

type Spoil = (draft: Draft, dice: Dice, world: World) => void;

export const spoilMethod: Spoil = (draft, dice) => {
  draft.method = dice.pick(METHODS);
};

export const spoilPath: Spoil = (draft, dice) => {
  draft.path = dice.pick(PATH_TRICKS)(draft.path, dice);
};

export const spoilContentType: Spoil = ({ headers }, dice) => {
  if (dice.chance(0.1)) delete headers['content-type'];
  else headers['content-type'] = dice.pick(CONTENT_TYPES);
};

export const spoilHeader: Spoil = (draft, dice, world) => {
  const [name, value] = dice.pick(HEADERS);
  draft.headers[name] = value(dice);
  // Signing in ends the current session, and other requests need it.
  if (draft.kind !== 'sign-in: form' && dice.chance(0.2)) draft.headers['cookie'] = dice.pick(world.people).cookie;
};

/** Sends a request to another endpoint. */
export const spoilEndpoint: Spoil = (draft, dice) => {
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
  draft.path = dice.chance(0.9) ? `${OAUTH}${dice.pick(paths)}` : '/practice/launch';
};

/** Sends a body with another content type. */
export const spoilBody: Spoil = (draft, dice) => {
  const { json } = draft;
  if (json === undefined) draft.json = Object.fromEntries(draft.form);
  else {
    draft.form = Object.entries(json).map(([name, value]) => [name, JSON.stringify(value)]);
    draft.json = undefined;
  }
  if (dice.chance(0.5)) draft.headers['content-type'] = 'application/json';
};
