import { csrfIn } from '../../browser/html.ts';
import { type Answer, basicOf, isHtml, jsonOf, type ParsedRequest } from './parsed-request.ts';

/** Parameters whose values are secret, or unique to one request. */
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

/** Returns the secrets in a request. None of them may be in a log. */
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

/** Returns the secrets in a response. None of them may be in a log. */
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

/** Whether a value can be told apart from words, names and ids, which may be in a log. */
const isRecognizable = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^[\w.:~+/=-]{20,}$/.test(value) &&
  !/^urn:(?!ietf:params:oauth:request_uri:[\w-]{16})/i.test(value) &&
  !/^https?:|^\/|\/\*\./.test(value) &&
  !UUID.test(value);

const PREFIX_LENGTH = 16;

/** Finds secrets in texts. Secrets are indexed by their first characters, and each position of a text is looked up. */
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

/** The part of a secret to look for. All request_uris begin with the same prefix, which is skipped. */
const secretPart = (secret: string): string =>
  secret.replace(/^urn:ietf:params:oauth:request_uri:/i, '').slice(0, PREFIX_LENGTH);
