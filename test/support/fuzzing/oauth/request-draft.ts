import type { InjectOptions } from 'fastify';
import { FORM } from '../../people/patient.ts';
import type { SeededRandom } from '../seeded-random.ts';

export type Field = [name: string, value: string];

/** The kinds of request: an endpoint, and its action if it has several. */
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

/** A request that can still be mutated, before anything is encoded. */
export interface RequestDraft {
  readonly kind: Kind;
  method: string;
  path: string;
  query: Field[];
  form: Field[];
  /** The authorization request in our own forms, encoded once more in their field `request`. */
  inner: Field[];
  /** The JSON body that is sent instead of the form. */
  json: Record<string, unknown> | undefined;
  headers: Record<string, string>;
  /** The client's IP address. */
  readonly address: string;
}

/** A request as it is sent. */
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

/** Many networks, so that limits per network apply occasionally. */
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
  // The type of `inject` doesn't take arbitrary strings, but all our methods are valid.
  return { kind, method: method as 'GET', url, headers, remoteAddress: address, ...body };
}

const encode = (fields: readonly Field[]): string =>
  fields.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');

/** A lone surrogate can't be escaped, so it is replaced as forms do. */
const escaped = (text: string): string => encodeURIComponent(text.toWellFormed());
