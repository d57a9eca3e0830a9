import { constants } from 'node:zlib';
import type { FastifyCompressOptions } from '@fastify/compress';

/**
 * For what is written anew for each answer: at these levels FHIR's JSON becomes a sixth of itself at some 450 (brotli) and
 * 200 (gzip) MB a second; the next ones win a few percent and take twice the time. A route has to ask for it, by
 * `reply.compress`: answers with secrets beside what a stranger may have chosen are never compressed (BREACH).
 */
export const COMPRESSION: FastifyCompressOptions = {
  global: false,
  encodings: ['br', 'gzip'],
  threshold: 1024,
  // DSTU2's own names, too: application/json+fhir.
  customTypes: /^text\/|\b(?:json|xml|javascript)\b/i,
  brotliOptions: {
    params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 18 },
  },
  zlibOptions: { level: 1 },
};
