import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../kernel/index.ts';

/** The parameters of a request, each at most once. RFC 6749 §3.1: "must not be included more than once". */
export type Parameters = Readonly<Record<string, string>>;

export interface ReadParameters {
  readonly values: Parameters;
  /** Names whose value can't be used: given more than once with different values, or with control characters in it. */
  readonly unusable: readonly string[];
}

/**
 * Merges what the query string and the form say. A name that both carry is fine as long as they agree: clients written
 * for the guide put everything in the query of a POST. Empty values count as absent (RFC 6749 §3.1).
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

/** What to tell about parameters that can't be used. Their names came from outside too: a few, short, in plain ASCII. */
export function unusableText(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map(shownName).join(', ');
  const others = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} others` : '';
  return `Sent more than once with different values, or with control characters: ${shown}${others}. Send each parameter once, as plain text.`;
}

const shownName = (name: string): string =>
  (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}...` : name).replaceAll(/[^\u0021-\u007e]/g, '?');

/** Characters of a form-encoded authorization request: it has to fit in an address, and once more inside another. */
export const LONGEST_REQUEST = 6000;

/**
 * Some clients label every request as JSON, also one without a body. Its text is left as it is, so that the endpoint can
 * reject it: in its own dialect, and with an entry in the log of the app.
 */
export const leaveJsonUnread = (scope: FastifyInstance): void =>
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => done(null, text));

/** For endpoints that take no JSON, only forms and the query (RFC 6749 §3.2): what can't be used is refused. */
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
