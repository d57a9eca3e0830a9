import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FhirVersion } from '../../model/fhir-version.ts';
import { toXml } from '../../model/xml/to-xml.ts';
import type { FhirResponse } from '../deps.ts';
import { requestedFormat } from '../request/query.ts';
import { streamBundle } from './bundle-stream.ts';

/** A response in the format that the client requested. */
export interface FormattedResponse {
  readonly body: string | Buffer | Readable;
  readonly contentType: string;
  /** Whether the body is a patient's document. It may be a byte range or already compressed, so it is sent as it is. */
  readonly isDocument: boolean;
}

/**
 * Formats a response. This is the only place where FHIR JSON becomes XML. JSON is passed on unchanged, and so are
 * documents, which have their own media type.
 */
export function formatResponse(
  request: FastifyRequest,
  version: FhirVersion,
  { body, contentType }: Pick<FhirResponse, 'body' | 'contentType'>,
): FormattedResponse {
  const { isXml, mediaType } = requestedFormat(request, version);
  if (isText(body)) {
    if (contentType !== undefined) return { body, contentType, isDocument: true };
    // An empty body, as in a 304 response, is the same in every format.
    const needsConversion = isXml && body.length > 0;
    return {
      body: needsConversion ? toXml(body.toString(), version.elements) : body,
      contentType: mediaType,
      isDocument: false,
    };
  }
  // RFC 9110 §9.3.2: a response to HEAD has no content. Nothing is read, so the length of the Bundle stays unknown.
  const stream = request.method === 'HEAD' ? Readable.from([]) : streamBundle(body, version, isXml);
  return { body: stream, contentType: mediaType, isDocument: false };
}

const isText = (body: FhirResponse['body']): body is string | Buffer =>
  typeof body === 'string' || Buffer.isBuffer(body);

/** Sends a response with the Vary header, which caches need (RFC 9110 §12.5.5). */
export function sendFormatted(reply: FastifyReply, { body, contentType, isDocument }: FormattedResponse): FastifyReply {
  const before = reply.getHeader('vary');
  const vary = isDocument ? 'Accept' : 'Accept, accept-encoding';
  // An error response may replace a response that already has a Content-Encoding header, so the header is removed.
  reply
    .removeHeader('content-encoding')
    .header('vary', before === undefined ? vary : `${before}, ${vary}`)
    .type(contentType);
  if (body instanceof Readable) closeWhenStalled(reply);
  // `reply.compress` is missing in requests outside of routes, and on servers without compression. The response is then
  // sent uncompressed.
  if (isDocument || typeof reply.compress !== 'function') return reply.send(body);
  reply.compress(body);
  return reply;
}

/** Time in milliseconds after which a connection is closed if the client has read nothing. */
const STALL_TIMEOUT_MS = 60_000;

/**
 * Closes the connection if the client stops reading. Otherwise the stream would stay open forever and the server
 * couldn't shut down.
 */
export function closeWhenStalled({ raw }: FastifyReply): void {
  // Requests that tests inject have no real socket, so no timeout is set for them.
  if (typeof raw.socket?.setTimeout === 'function') raw.setTimeout(STALL_TIMEOUT_MS);
}
