import type { FastifyRequest } from 'fastify';
import { type Format, formatOf } from '../core/media-type.ts';
import type { Pair } from '../core/search-request.ts';
import type { FhirVersion } from '../core/version.ts';
import { isForm } from './form.ts';

/** The path of the request as it was received, without the query. */
export const pathOf = ({ raw: { url = '' } }: FastifyRequest): string => url.split('?', 1)[0] ?? '';

const cachedPairs = new WeakMap<FastifyRequest, readonly Pair[]>();

/**
 * Returns the parameters of the URL followed by those of the form, including repeated names, which are meaningful in a
 * search.
 */
export function pairsOf(request: FastifyRequest): readonly Pair[] {
  return cachedPairs.get(request) ?? keepPairs(request, parsePairs(request));
}

function parsePairs(request: FastifyRequest): readonly Pair[] {
  const inUrl = pairsInAddress(request);
  const isRead = typeof request.body === 'string' && isForm(request);
  return isRead ? [...inUrl, ...new URLSearchParams(request.body as string)] : inUrl;
}

export function pairsInAddress({ raw: { url = '' } }: FastifyRequest): readonly Pair[] {
  const start = url.indexOf('?');
  return start === -1 ? [] : [...new URLSearchParams(url.slice(start + 1))];
}

/**
 * Stores the parameters for later reads, such as when the response is formatted. A body that isn't a form is parsed
 * only after the sender is authenticated.
 */
export function keepPairs(request: FastifyRequest, pairs: readonly Pair[]): readonly Pair[] {
  cachedPairs.set(request, pairs);
  return pairs;
}

/** Returns the format in which the client wants the response. */
export function formatAsked(request: FastifyRequest, { mediaTypes }: FhirVersion): Format {
  const format = pairsOf(request).find(([name]) => name === '_format')?.[1];
  return formatOf(mediaTypes, request.headers.accept, format);
}

/** Whether the client wants ignored parameters to be rejected: FHIR R4 search §3.1.1.2. */
export const isStrict = (request: FastifyRequest): boolean =>
  /\bhandling\s*=\s*"?strict\b/i.test(String(request.headers['prefer'] ?? ''));
