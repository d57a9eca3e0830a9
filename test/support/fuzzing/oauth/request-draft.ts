import type { InjectOptions } from 'fastify';
import { FORM } from '../../people/patient.ts';
import type { SeededRandom } from '../seeded-random.ts';

export type Field = [name: string, value: string];

/** Kinds of request: an endpoint, with its action if it has several. */
export const KINDS = [
  'authorize',
  'authorize-post',
  'record',
  'decision',
  'token: code',
  'token: refresh',
  'token: backend',
  'introspect',
  'revoke',
  'par',
  'register',
  'manage: read',
  'manage: replace',
  'manage: remove',
  'userinfo',
  'launch: page',
  'launch: app',
  'sign-in: page',
  'sign-in: form',
] as const;
export type Kind = (typeof KINDS)[number];

/** A request before it is encoded. Mutations change it. */
export interface RequestDraft {
  readonly kind: Kind;
  method: string;
  path: string;
  query: Field[];
  form: Field[];
  /** The authorization request in one of our forms. It is encoded by itself into the hidden field `request`. */
  inner: Field[];
  /** JSON body, which is sent instead of the form. */
  json: Record<string, unknown> | undefined;
  headers: Record<string, string>;
  /** IP address of the client. */
  readonly address: string;
}

/** A request in the form in which it is sent. */
export type EncodedRequest = InjectOptions & {
  readonly kind: Kind;
  readonly method: string;
  url: string;
  payload?: string | Buffer;
  readonly headers: Record<string, string>;
};

export const createDraft = (
  kind: Kind,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  random: SeededRandom,
): RequestDraft => ({
  kind,
  method,
  path,
  query: [],
  form: [],
  inner: [],
  json: undefined,
  headers: method === 'POST' ? { ...FORM } : {},
  address: pickIpAddress(random),
});

/** Chooses one of many networks, so that rate limits per network apply only sometimes. */
function pickIpAddress(random: SeededRandom): string {
  if (random.chance(0.05)) return random.pick(['203.0.113.9', '2001:db8::1', '::ffff:203.0.113.9']);
  return `10.${random.below(250)}.${random.below(250)}.${1 + random.below(250)}`;
}

export function encodeDraft(made: RequestDraft): EncodedRequest {
  const { kind, method, path, query, form, inner, json, headers, address } = made;
  const url = query.length === 0 ? path : `${path}?${encode(query)}`;
  const fields: Field[] = inner.length === 0 ? form : [...form, ['request', encode(inner)]];
  const payload = json === undefined ? encode(fields) : JSON.stringify(json);
  const body = method === 'GET' || method === 'HEAD' || payload === '' ? {} : { payload };
  // All methods in these tests are valid, but the type of `inject` doesn't allow arbitrary strings.
  return { kind, method: method as 'GET', url, headers, remoteAddress: address, ...body };
}

const encode = (fields: readonly Field[]): string =>
  fields.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');

/** A lone surrogate can't be percent-encoded, so it is replaced, as browsers do in forms. */
const escaped = (text: string): string => encodeURIComponent(text.toWellFormed());
