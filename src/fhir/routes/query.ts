import type { FastifyRequest } from 'fastify';
import { type Format, formatOf } from '../core/media-type.ts';
import type { Pair } from '../core/search-request.ts';
import type { FhirVersion } from '../core/version.ts';
import { isForm } from './form.ts';

/** As it came, without its query. */
export const pathOf = ({ raw: { url = '' } }: FastifyRequest): string => url.split('?', 1)[0] ?? '';

const known = new WeakMap<FastifyRequest, readonly Pair[]>();

/** In the order of the address, then of the form, with doubles: both mean something to a search. */
export function pairsOf(request: FastifyRequest): readonly Pair[] {
  return known.get(request) ?? keepPairs(request, readPairs(request));
}

function readPairs(request: FastifyRequest): readonly Pair[] {
  const inAddress = pairsInAddress(request);
  const isRead = typeof request.body === 'string' && isForm(request);
  return isRead ? [...inAddress, ...new URLSearchParams(request.body as string)] : inAddress;
}

export function pairsInAddress({ raw: { url = '' } }: FastifyRequest): readonly Pair[] {
  const start = url.indexOf('?');
  return start === -1 ? [] : [...new URLSearchParams(url.slice(start + 1))];
}

/** For whoever asks later, such as what writes the answer: a body that is no form is read once it is known who sent it. */
export function keepPairs(request: FastifyRequest, pairs: readonly Pair[]): readonly Pair[] {
  known.set(request, pairs);
  return pairs;
}

/** How the answer to a request is to be written. */
export function formatAsked(request: FastifyRequest, { mediaTypes }: FhirVersion): Format {
  const format = pairsOf(request).find(([name]) => name === '_format')?.[1];
  return formatOf(mediaTypes, request.headers.accept, format);
}

/** FHIR R4 search §3.1.1.2: to refuse what would be ignored. */
export const isStrict = (request: FastifyRequest): boolean =>
  /\bhandling\s*=\s*"?strict\b/i.test(String(request.headers['prefer'] ?? ''));
