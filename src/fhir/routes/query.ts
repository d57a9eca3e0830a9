import type { FastifyRequest } from 'fastify';
import { type Format, formatOf } from '../core/media-type.ts';
import type { Pair } from '../core/search-request.ts';
import type { FhirVersion } from '../core/version.ts';

/** As it came, without its query. */
export const pathOf = ({ raw: { url = '' } }: FastifyRequest): string => url.split('?', 1)[0] ?? '';

const known = new WeakMap<FastifyRequest, readonly Pair[]>();

/** In the order of the address, then of the form, with doubles: both mean something to a search. */
export function pairsOf(request: FastifyRequest): readonly Pair[] {
  const found = known.get(request) ?? readPairs(request);
  known.set(request, found);
  return found;
}

function readPairs(request: FastifyRequest): readonly Pair[] {
  const { url = '' } = request.raw;
  const start = url.indexOf('?');
  const inAddress = start === -1 ? [] : [...new URLSearchParams(url.slice(start + 1))];
  return typeof request.body === 'string' ? [...inAddress, ...new URLSearchParams(request.body)] : inAddress;
}

/** How the answer to a request is to be written. */
export function formatAsked(request: FastifyRequest, { mediaTypes }: FhirVersion): Format {
  const format = pairsOf(request).find(([name]) => name === '_format')?.[1];
  return formatOf(mediaTypes, request.headers.accept, format);
}

/** FHIR R4 search §3.1.1.2: to refuse what would be ignored. */
export const isStrict = (request: FastifyRequest): boolean =>
  /\bhandling\s*=\s*"?strict\b/i.test(String(request.headers['prefer'] ?? ''));
