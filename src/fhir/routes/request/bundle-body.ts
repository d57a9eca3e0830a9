import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../../../kernel/index.ts';

export const JSON_TYPES = ['application/fhir+json', 'application/json'];

/** Maximum size in megabytes of a Bundle, including its inline documents. */
const MEGABYTES = 32;
export const MAX_BUNDLE_BYTES = MEGABYTES * 1024 * 1024;

/**
 * Rejects a Bundle by its headers. FHIR R4 §2.6.2: JSON is in UTF-8. FHIR R4, http.html#version-parameter: the media
 * type may name the FHIR version.
 * @throws Problem 415
 */
export function requireJsonBody({ headers }: FastifyRequest): void {
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw unsupported('Send the Bundle uncompressed, without Content-Encoding.');
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim());
  if (!JSON_TYPES.includes(type.toLowerCase())) throw jsonExpected();
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.toLowerCase().split('=');
    if (name === 'fhirversion' && !/^"?4\.0(\.\d+)?"?$/.test(value)) throw unsupported(OTHER_VERSION_MESSAGE);
    if (name === 'charset' && !/^"?utf-?8"?$/.test(value))
      throw unsupported('Send the Bundle as UTF-8, as JSON requires.');
  }
}

/**
 * Decodes the UTF-8 body of a Bundle. Invalid bytes are rejected, because the decoder would silently replace them. A
 * byte order mark is skipped (RFC 8259 §8.1).
 * @throws Problem 400
 */
export function decodeBody(body: Buffer): string {
  if (isUtf8(body)) return new TextDecoder().decode(body);
  throw new Problem('bad-request', {
    status: 400,
    message: 'The body isn’t valid UTF-8.',
  });
}

const unsupported = (message: string): Problem => new Problem('bad-request', { status: 415, message });

const OTHER_VERSION_MESSAGE = 'Only FHIR R4 is accepted. Send fhirVersion=4.0 in Content-Type, or leave it out.';

export const jsonExpected = (): Problem =>
  unsupported('Send the Bundle as application/fhir+json or application/json. XML is not accepted in requests.');

export const bundleTooLarge = (): Problem =>
  new Problem('too-large', { status: 413, message: `A Bundle can have at most ${MEGABYTES} MB. Send it in parts.` });
