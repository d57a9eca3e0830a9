import type { FastifyInstance } from 'fastify';
import { Problem } from '../../kernel/index.ts';

const MOST_BYTES = 128 * 1024;
/**
 * Valid metadata needs at most five levels: a certificate in a key in a key set. Recursive functions read the metadata,
 * so its depth must be limited.
 */
const MOST_LEVELS = 16;

/** Accepts only JSON bodies of limited size. RFC 7591 §3.1 */
export function jsonAlone(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  const options = { parseAs: 'string', bodyLimit: MOST_BYTES } as const;
  scope.addContentTypeParser('application/json', options, (_request, text, done) => {
    const json = String(text);
    try {
      done(null, json === '' ? undefined : JSON.parse(json));
    } catch {
      done(metadataFault('The body is not JSON.'));
    }
  });
  scope.addContentTypeParser('*', options, (_request, _text, done) =>
    done(metadataFault('Send the metadata as application/json.')),
  );
}

export function objectOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw metadataFault('Send the metadata of the app as a JSON object.');
  }
  if (isDeeper(body, MOST_LEVELS)) throw metadataFault(`The metadata is nested deeper than ${MOST_LEVELS} levels.`);
  // PostgreSQL can store neither NUL nor unpaired surrogates.
  if (/\\u(0000|d[89a-f])/i.test(JSON.stringify(body))) {
    throw metadataFault('The metadata holds characters that are no text.');
  }
  return body as Readonly<Record<string, unknown>>;
}

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));

/** RFC 7591 §3.2.2 */
export const metadataFault = (message: string): Problem =>
  new Problem('invalid_client_metadata', { status: 400, message });
