import type { FastifyInstance } from 'fastify';
import { Problem } from '../../kernel/index.ts';

const MAX_BODY_BYTES = 128 * 1024;
/**
 * Maximum nesting of the metadata. Valid metadata needs at most five levels: a certificate in a key in a key set. The
 * limit exists because recursive functions read the metadata.
 */
const MAX_NESTING = 16;

/** Accepts only JSON bodies of limited size. RFC 7591 §3.1 */
export function acceptJsonOnly(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  const options = { parseAs: 'string', bodyLimit: MAX_BODY_BYTES } as const;
  scope.addContentTypeParser('application/json', options, (_request, text, done) => {
    const json = String(text);
    try {
      done(null, json === '' ? undefined : JSON.parse(json));
    } catch {
      done(invalidClientMetadata('The body isn’t valid JSON.'));
    }
  });
  scope.addContentTypeParser('*', options, (_request, _text, done) =>
    done(invalidClientMetadata('Send the metadata as application/json.')),
  );
}

export function parseMetadataObject(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidClientMetadata('Send the metadata of the app as a JSON object.');
  }
  if (exceedsDepth(body, MAX_NESTING))
    throw invalidClientMetadata(`The metadata is nested more than ${MAX_NESTING} levels deep.`);
  // Metadata with NUL or unpaired surrogates is rejected, because PostgreSQL text can't contain them.
  if (/\\u(0000|d[89a-f])/i.test(JSON.stringify(body))) {
    throw invalidClientMetadata('The metadata contains invalid characters (NUL or unpaired surrogates).');
  }
  return body as Readonly<Record<string, unknown>>;
}

const exceedsDepth = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => exceedsDepth(inner, levels - 1)));

/** Creates the error for invalid client metadata. RFC 7591 §3.2.2 */
export const invalidClientMetadata = (message: string): Problem =>
  new Problem('invalid_client_metadata', { status: 400, message });
