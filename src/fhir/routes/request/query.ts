import type { FastifyRequest } from 'fastify';
import { negotiateFormat, type ResponseFormat } from '../../http/media-type.ts';
import type { FhirVersion } from '../../model/fhir-version.ts';
import type { QueryParameter } from '../../search/search-request.ts';
import { isFormOrEmpty } from './form.ts';

/** The path of the request as it was received, without the query. */
export const requestPath = ({ raw: { url = '' } }: FastifyRequest): string => url.split('?', 1)[0] ?? '';

const cachedPairs = new WeakMap<FastifyRequest, readonly QueryParameter[]>();

/**
 * Returns the parameters of the URL followed by those of the form, including repeated names, which are meaningful in a
 * search.
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
 * Stores the parameters for later reads, such as when the response is formatted. A body that isn't a form is parsed
 * only after the sender is authenticated.
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

/** Whether the client wants ignored parameters to be rejected: FHIR R4 search §3.1.1.2. */
export const isStrict = (request: FastifyRequest): boolean =>
  /\bhandling\s*=\s*"?strict\b/i.test(String(request.headers['prefer'] ?? ''));
