import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../kernel/index.ts';

/** Request parameters, each with one value. RFC 6749 §3.1: "must not be included more than once". */
export type Parameters = Readonly<Record<string, string>>;

export interface ReadParameters {
  readonly values: Parameters;
  /** Names of parameters that were sent more than once with different values, or that contain control characters. */
  readonly unusable: readonly string[];
}

/**
 * Merges the query string and the form. Both may carry the same parameter if the values agree, because clients written
 * for NextGen's guide send everything in the query of a POST. Empty values count as absent (RFC 6749 §3.1).
 */
export function readParameters(...sources: readonly unknown[]): ReadParameters {
  const values: Record<string, string> = Object.create(null);
  const unusable = new Set<string>();
  for (const source of sources) {
    for (const [name, given] of Object.entries(typeof source === 'object' && source !== null ? source : {})) {
      for (const value of Array.isArray(given) ? given : [given]) {
        if (typeof value !== 'string' || value === '') continue;
        const another = values[name] !== undefined && values[name] !== value;
        if (another || CONTROL.test(value)) unusable.add(name);
        values[name] ??= value;
      }
    }
  }
  return { values, unusable: [...unusable] };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

const MOST_NAMES = 5;
const LONGEST_NAME = 40;

/**
 * Error message about unusable parameters. Their names are untrusted too, so it lists a few of them, shortened and in
 * plain ASCII.
 */
export function unusableText(names: readonly string[]): string {
  const listed = names.slice(0, MOST_NAMES).map(shownName).join(', ');
  const others = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} others` : '';
  return `Sent more than once with different values, or with control characters: ${listed}${others}. Send each parameter once, as plain text.`;
}

const shownName = (name: string): string =>
  (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}...` : name).replaceAll(/[^\u0021-\u007e]/g, '?');

/**
 * Maximum length of a form-encoded authorization request. It must fit in a URL, and once more inside the `return_to` of
 * another.
 */
export const LONGEST_REQUEST = 6000;

/**
 * Leaves JSON bodies unparsed. Some clients send `application/json` even without a body. The endpoint then rejects the
 * request itself, with an OAuth error and an entry in the activity log of the app.
 */
export const leaveJsonUnread = (scope: FastifyInstance): void =>
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => done(null, text));

/**
 * Parameters for endpoints that accept only forms and the query string (RFC 6749 §3.2). Throws 400 `invalid_request`
 * for a body that isn't a form and for unusable parameters.
 */
export function requestParameters({ query, body }: FastifyRequest): Parameters {
  if (typeof body === 'string' && body.trim() !== '') {
    const message =
      'The body is not a form. Send the parameters form-encoded, as application/x-www-form-urlencoded (RFC 6749).';
    throw new Problem('invalid_request', { status: 400, message });
  }
  const { values, unusable } = readParameters(query, body);
  if (unusable.length === 0) return values;
  throw new Problem('invalid_request', { status: 400, message: unusableText(unusable) });
}
