import type { LightMyRequestResponse as Answer } from 'fastify';
import { OAUTH } from '../../people/patient.ts';
import { ORIGIN } from './known-apps.ts';
import type { EncodedRequest } from './request-draft.ts';

export type { Answer };

const ENDPOINTS = {
  '/sign-in': 'sign-in',
  '/practice/launch': 'launch',
  [`${OAUTH}/authorize`]: 'authorize',
  [`${OAUTH}/authorize/record`]: 'record',
  [`${OAUTH}/authorize/decision`]: 'decision',
  [`${OAUTH}/token`]: 'token',
  [`${OAUTH}/token/revoke`]: 'revoke',
  [`${OAUTH}/introspect`]: 'introspect',
  [`${OAUTH}/par`]: 'par',
  [`${OAUTH}/register`]: 'register',
  [`${OAUTH}/userinfo`]: 'userinfo',
} as const;
export type Endpoint = (typeof ENDPOINTS)[keyof typeof ENDPOINTS] | 'manage';

/** A request as the server should understand it. It is parsed without the server's own code. */
export interface ParsedRequest {
  readonly method: string;
  /** Undefined if the path is of none of these endpoints, or is ambiguous. */
  readonly endpoint: Endpoint | undefined;
  /** Parameters of the query, then of the body. Empty values are left out (RFC 6749 §3.1). */
  readonly parameters: URLSearchParams;
  /** The authorization request in the hidden field of one of our forms. */
  readonly inner: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** The client_id that the request claims to be from. */
  readonly clientId: string | undefined;
}

export function parseRequest({ method, url, payload = '', headers }: EncodedRequest): ParsedRequest {
  const { pathname, searchParams } = new URL(url.startsWith('//') ? `${ORIGIN}${url}` : url, ORIGIN);
  const body = fieldsOf(payload.toString(), headers['content-type']?.toLowerCase() ?? '');
  const parameters = new URLSearchParams([...searchParams, ...body].filter(([, value]) => value !== ''));
  const inner = new URLSearchParams(body.find(([name, value]) => name === 'request' && value !== '')?.[1]);
  return {
    method,
    endpoint: endpointOf(pathname),
    parameters,
    inner,
    headers,
    clientId: claimedClientId(headers, parameters),
  };
}

/**
 * Finds the endpoint of a path like the router: in any case, with doubled or trailing slashes, and with percent-encoded
 * characters.
 */
function endpointOf(pathname: string): Endpoint | undefined {
  if (/%(2f|5c|3f|23|25)|%(?![0-9a-f]{2})/i.test(pathname)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(pathname).toLowerCase();
  } catch {
    return undefined;
  }
  path = path
    .replaceAll(/\/{2,}/g, '/')
    .replace(/(.)\/$/, '$1')
    .replace('/patientoauth', '/patient-oauth');
  if (Object.hasOwn(ENDPOINTS, path)) return ENDPOINTS[path as keyof typeof ENDPOINTS];
  return new RegExp(`^${OAUTH}/register/[^/]+$`).test(path) ? 'manage' : undefined;
}

function fieldsOf(body: string, contentType: string): [string, string][] {
  if (contentType.startsWith('application/x-www-form-urlencoded')) return [...new URLSearchParams(body)];
  if (!contentType.startsWith('application/json')) return [];
  try {
    return Object.entries(JSON.parse(body) ?? {}).flatMap(([name, value]) =>
      [value].flat().flatMap((one): [string, string][] => (typeof one === 'string' ? [[name, one]] : [])),
    );
  } catch {
    return [];
  }
}

/**
 * Returns the client_id in the Authorization header, the parameters or the client assertion (RFC 6749 §2.3.1, RFC 7521
 * §4.2).
 */
function claimedClientId(headers: EncodedRequest['headers'], parameters: URLSearchParams): string | undefined {
  const basic = basicOf(headers)?.[0];
  return basic ?? parameters.get('client_id') ?? subjectOf(parameters.get('client_assertion') ?? '');
}

export function basicOf({ authorization = '' }: EncodedRequest['headers']): [id: string, secret: string] | undefined {
  const credentials = /^basic ([\w+/=-]+)$/i.exec(authorization)?.[1];
  if (credentials === undefined) return undefined;
  const [id = '', secret] = Buffer.from(credentials, 'base64').toString().split(/:(.*)/s);
  return secret === undefined ? undefined : [id, secret];
}

function subjectOf(assertion: string): string | undefined {
  try {
    return JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString()).sub;
  } catch {
    return undefined;
  }
}

export function jsonOf({ body }: Answer): Readonly<Record<string, unknown>> | undefined {
  try {
    const json = JSON.parse(body);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

export const isHtml = ({ headers }: Answer): boolean => /^text\/html\b/.test(headers['content-type']?.toString() ?? '');
