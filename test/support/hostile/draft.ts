import type { InjectOptions } from 'fastify';

export type Field = [name: string, value: string];

export const KINDS = [
  'authorize',
  'authorize-post',
  'decision',
  'record',
  'token',
  'introspect',
  'revoke',
  'par',
  'register',
  'manage',
  'userinfo',
  'launch',
  'sign-in',
] as const;
export type Kind = (typeof KINDS)[number];

/** A request that can still be spoiled: nothing is encoded yet. */
export interface Draft {
  readonly kind: Kind;
  method: string;
  path: string;
  query: Field[];
  form: Field[];
  /** Goes instead of the form. */
  json: unknown;
  headers: Record<string, string>;
  /** Network address it comes from. */
  readonly address: string;
}

/** A request as it is sent. */
export type Wire = InjectOptions & {
  readonly method: string;
  readonly url: string;
  readonly payload?: string | Buffer;
};

export const encode = (fields: readonly Field[]): string =>
  fields.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');

/** Half a surrogate pair can't be escaped; it goes as what a form would make of it. */
const escaped = (text: string): string => encodeURIComponent(text.toWellFormed());

export const hasBody = ({ method }: Pick<Draft, 'method'>): boolean => method !== 'GET' && method !== 'HEAD';
