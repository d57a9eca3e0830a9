import { csrfIn } from '../../browser/html.ts';
import { type Answer, basicOf, isHtml, jsonOf, type ParsedRequest } from './parsed-request.ts';

/** Parameters that are secret or unique to a request. */
export const SECRET_PARAMETERS: readonly string[] = [
  'client_secret',
  'client_assertion',
  'code',
  'code_verifier',
  'csrf',
  'launch',
  'nonce',
  'password',
  'refresh_token',
  'request_uri',
  'state',
  'token',
];
const GIVEN = [
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'registration_access_token',
  'request_uri',
];

/** Secrets of a request, which must not be in a log. */
export function requestSecrets({ parameters, inner, headers }: ParsedRequest): readonly string[] {
  const { authorization = '', cookie = '', dpop = '' } = headers;
  return [
    ...SECRET_PARAMETERS.flatMap((name) => [...parameters.getAll(name), ...inner.getAll(name)]),
    ...(basicOf(headers)?.slice(1) ?? []),
    authorization.replace(/^\w+ +/, ''),
    ...cookie.split('; ').map((pair) => pair.replace(/^[^=]*=/, '')),
    dpop,
  ].filter(isRecognizable);
}

/** Secrets of a response, which must not be in a log. */
export function responseSecrets(answer: Answer): readonly string[] {
  const { location = '' } = answer.headers;
  const query = new URLSearchParams(location.replace(/^[^?]*\?/, ''));
  return [
    ...GIVEN.map((name) => jsonOf(answer)?.[name]),
    ...['code', 'launch'].map((name) => query.get(name)),
    ...answer.cookies.map(({ value }) => value),
    isHtml(answer) ? csrfIn(answer) : undefined,
  ].filter(isRecognizable);
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** Excludes words, names and ids in place of a secret. */
const isRecognizable = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^[\w.:~+/=-]{20,}$/.test(value) &&
  !/^urn:(?!ietf:params:oauth:request_uri:[\w-]{16})/i.test(value) &&
  !/^https?:|^\/|\/\*\./.test(value) &&
  !UUID.test(value);

const PREFIX_LENGTH = 16;

/** The secrets that a text contains. They are indexed by their first characters and looked up at every position. */
export function findSecrets(lines: readonly string[], secrets: ReadonlySet<string>): ReadonlySet<string> {
  const long = new Map([...secrets].map((secret) => [secretPart(secret), secret]));
  const short = [...secrets].filter((secret) => secret.length < PREFIX_LENGTH);
  const found = new Set<string>();
  for (const line of lines) {
    for (const secret of short) if (line.includes(secret)) found.add(secret);
    for (let at = 0; at + PREFIX_LENGTH <= line.length; at++) {
      const secret = long.get(line.slice(at, at + PREFIX_LENGTH));
      if (secret !== undefined) found.add(secret);
    }
  }
  return found;
}

/** All request_uris have the same prefix, so it is skipped. */
const secretPart = (secret: string): string =>
  secret.replace(/^urn:ietf:params:oauth:request_uri:/i, '').slice(0, PREFIX_LENGTH);
