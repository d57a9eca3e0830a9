import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FhirVersion } from '../../model/fhir-version.ts';
import { toXml } from '../../model/xml/to-xml.ts';
import type { FhirResponse } from '../deps.ts';
import { requestedFormat } from '../request/query.ts';
import { streamBundle } from './bundle-stream.ts';

/** A response in the requested format. */
export interface FormattedResponse {
  readonly body: string | Buffer | Readable;
  readonly contentType: string;
  /** The body is a patient's document, which may be a byte range or already compressed. */
  readonly isDocument: boolean;
}

/**
 * Formats a response; this is the only place where FHIR JSON becomes XML. JSON is passed on unchanged, and so are
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
    // An empty body, as in 304, is the same in every format.
    const needsConversion = isXml && body.length > 0;
    return {
      body: needsConversion ? toXml(body.toString(), version.elements) : body,
      contentType: mediaType,
      isDocument: false,
    };
  }
  // RFC 9110 §9.3.2: a response to HEAD has no content, so nothing is read and the length stays unknown.
  const stream = request.method === 'HEAD' ? Readable.from([]) : streamBundle(body, version, isXml);
  return { body: stream, contentType: mediaType, isDocument: false };
}

const isText = (body: FhirResponse['body']): body is string | Buffer =>
  typeof body === 'string' || Buffer.isBuffer(body);

/** Sends a response with the Vary header that caches need: RFC 9110 §12.5.5. */
export function sendFormatted(reply: FastifyReply, { body, contentType, isDocument }: FormattedResponse): FastifyReply {
  const vary = [reply.getHeader('vary') ?? [], 'Accept', isDocument ? [] : 'accept-encoding'].flat();
  // An error may replace a response that was already marked as compressed.
  reply.removeHeader('content-encoding').header('vary', vary.join(', ')).type(contentType);
  if (body instanceof Readable) closeWhenStalled(reply);
  // `compress` is missing outside of routes and on servers without compression.
  if (isDocument || typeof reply.compress !== 'function') return reply.send(body);
  reply.compress(body);
  return reply;
}

/** Milliseconds in which the client must read at least one byte. */
const STALL_TIMEOUT_MS = 60_000;

/**
 * Closes the connection if the client stops reading. Otherwise the stream would stay open forever and the server
 * couldn't shut down.
 */
export function closeWhenStalled({ raw }: FastifyReply): void {
  // Requests injected by tests have no real socket.
  if (typeof raw.socket?.setTimeout === 'function') raw.setTimeout(STALL_TIMEOUT_MS);
}
