import { constants } from 'node:zlib';
import type { FastifyCompressOptions } from '@fastify/compress';

/**
 * Compression of responses that are generated for each request. At level 1 FHIR JSON shrinks to a
 * sixth, at some 450 (brotli) and 200 (gzip) MB a second; the next levels gain a few percent and
 * take twice the time. A route opts in with `reply.compress`: responses that contain secrets next
 * to attacker-controlled text must never be compressed (BREACH).
 */
export const COMPRESSION: FastifyCompressOptions = {
  global: false,
  encodings: ['br', 'gzip'],
  threshold: 1024,
  // Media types that are compressed, including those of DSTU2 such as application/json+fhir.
  customTypes: /^text\/|\b(?:json|xml|javascript)\b/i,
  brotliOptions: {
    params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 18 },
  },
  zlibOptions: { level: 1 },
};
