import type { FastifyRequest } from 'fastify';
import type { Pair } from '../core/search-request.ts';
import type { FhirVersion } from '../core/version.ts';

/** As it came, without its query. */
export const pathOf = ({ raw: { url = '' } }: FastifyRequest): string => url.split('?', 1)[0] ?? '';

/** In the order of the address, with doubles: both mean something to a search. */
export function pairsOf(request: FastifyRequest): readonly Pair[] {
  const { url = '' } = request.raw;
  const start = url.indexOf('?');
  return start === -1 ? [] : [...new URLSearchParams(url.slice(start + 1))];
}

/** FHIR R4 §3.1.0.1.9: `_format` goes before the header. */
export function mediaType(request: FastifyRequest, version: FhirVersion): string {
  const format = pairsOf(request).find(([name]) => name === '_format')?.[1];
  return version.mediaType(request.headers.accept, format);
}

/** FHIR R4 search §3.1.1.2: to refuse what would be ignored. */
export const isStrict = (request: FastifyRequest): boolean =>
  /\bhandling\s*=\s*"?strict\b/i.test(String(request.headers['prefer'] ?? ''));
