import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isObject, Problem } from '../kernel/index.ts';

/** Request parameters, each with one value. RFC 6749 §3.1: "must not be included more than once". */
export type OAuthParameters = Readonly<Record<string, string>>;

export interface ParsedParameters {
  readonly values: OAuthParameters;
  /**
   * Names of parameters that were sent more than once with different values, or whose value contains control
   * characters.
   */
  readonly unusable: readonly string[];
}

/**
 * Merges the query string and the form. Both may carry the same parameter if the values agree, because clients written
 * for NextGen's guide send everything in the query of a POST. Empty values count as absent (RFC 6749 §3.1).
 */
export function readParameters(...sources: readonly unknown[]): ParsedParameters {
  const values: Record<string, string> = Object.create(null);
  const unusable = new Set<string>();
  for (const source of sources) {
    for (const [name, given] of Object.entries(isObject(source) ? source : {})) {
      for (const value of Array.isArray(given) ? given : [given]) {
        if (typeof value !== 'string' || value === '') continue;
        const another = values[name] !== undefined && values[name] !== value;
        if (another || CONTROL_CHARACTER.test(value)) unusable.add(name);
        values[name] ??= value;
      }
    }
  }
  return { values, unusable: [...unusable] };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/;

const MAX_LISTED_NAMES = 5;
const MAX_NAME_LENGTH = 40;

/**
 * Builds an error message about parameters in `unusable`. Their names are untrusted too, so the message lists a few of
 * them, shortened and in plain ASCII.
 */
export function unusableParametersMessage(names: readonly string[]): string {
  const listed = names.slice(0, MAX_LISTED_NAMES).map(printableName).join(', ');
  const others = names.length > MAX_LISTED_NAMES ? ` and ${names.length - MAX_LISTED_NAMES} more` : '';
  return `Sent more than once with different values, or with control characters: ${listed}${others}. Send each parameter once, as plain text.`;
}

const printableName = (name: string): string =>
  (name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}...` : name).replaceAll(/[^\u0021-\u007e]/g, '?');

/**
 * Maximum length of a form-encoded authorization request in characters. The request must fit in a URL, and also in the
 * `return_to` parameter of another URL.
 */
export const MAX_REQUEST_LENGTH = 6000;

/**
 * Leaves JSON bodies unparsed, because some clients send `application/json` even without a body. The endpoint rejects
 * JSON bodies itself, with an OAuth error and an entry in the activity log of the app.
 */
export const leaveJsonUnparsed = (scope: FastifyInstance): void =>
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => done(null, text));

/**
 * Reads the parameters for endpoints that accept only forms and the query string (RFC 6749 §3.2). Throws 400
 * `invalid_request` for a body that isn't a form, and for parameters that are repeated with different values or contain
 * control characters.
 */
export function readFormParameters({ query, body }: FastifyRequest): OAuthParameters {
  if (typeof body === 'string' && body.trim() !== '') {
    const message = 'The body isn’t a form. Send the parameters as application/x-www-form-urlencoded (RFC 6749).';
    throw new Problem('invalid_request', { status: 400, message });
  }
  const { values, unusable } = readParameters(query, body);
  if (unusable.length === 0) return values;
  throw new Problem('invalid_request', { status: 400, message: unusableParametersMessage(unusable) });
}

/** Creates an `invalid_request` problem with status 400. RFC 6749 §5.2 */
export const invalidRequest = (message: string): Problem => new Problem('invalid_request', { status: 400, message });
