import type { FastifyRequest } from 'fastify';
import { negotiateFormat, type ResponseFormat } from '../../http/media-type.ts';
import type { FhirVersion } from '../../model/fhir-version.ts';
import type { QueryParameter } from '../../search/search-request.ts';
import { isFormOrEmpty } from './form.ts';

/** Returns the path of a request exactly as it was received, without the query. */
export const requestPath = ({ raw: { url = '' } }: FastifyRequest): string => url.split('?', 1)[0] ?? '';

const cachedPairs = new WeakMap<FastifyRequest, readonly QueryParameter[]>();

/**
 * Returns the parameters of the URL followed by those of a form body. A name may occur several times; in a search, each
 * occurrence is a condition of its own.
 */
export function readPairs(request: FastifyRequest): readonly QueryParameter[] {
  return cachedPairs.get(request) ?? cachePairs(request, parsePairs(request));
}

function parsePairs(request: FastifyRequest): readonly QueryParameter[] {
  const inUrl = readUrlPairs(request);
  const isRead = typeof request.body === 'string' && isFormOrEmpty(request);
  return isRead ? [...inUrl, ...new URLSearchParams(request.body as string)] : inUrl;
}

export function readUrlPairs({ raw: { url = '' } }: FastifyRequest): readonly QueryParameter[] {
  const start = url.indexOf('?');
  return start === -1 ? [] : [...new URLSearchParams(url.slice(start + 1))];
}

/**
 * Stores the parsed parameters of a request for later readers, such as the formatter of the response. An operation
 * stores those of its Parameters body too, after the sender is authenticated.
 */
export function cachePairs(request: FastifyRequest, pairs: readonly QueryParameter[]): readonly QueryParameter[] {
  cachedPairs.set(request, pairs);
  return pairs;
}

/** Returns the format in which the client wants the response. */
export function requestedFormat(request: FastifyRequest, { mediaTypes }: FhirVersion): ResponseFormat {
  const format = readPairs(request).find(([name]) => name === '_format')?.[1];
  return negotiateFormat(mediaTypes, request.headers.accept, format);
}

/**
 * Whether the client wants the server to reject parameters that it would ignore: `Prefer: handling=strict`, FHIR R4
 * search §3.1.1.2.
 */
export const isStrict = (request: FastifyRequest): boolean =>
  /\bhandling\s*=\s*"?strict\b/i.test(String(request.headers['prefer'] ?? ''));
