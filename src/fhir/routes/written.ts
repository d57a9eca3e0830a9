import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FhirVersion } from '../core/version.ts';
import { toXml } from '../core/xml/to-xml.ts';
import type { Answer } from './deps.ts';
import { formatAsked } from './query.ts';
import { streamOf } from './streamed.ts';

/** An answer in the form that was asked for. */
export interface Written {
  readonly body: string | Buffer | Readable;
  readonly contentType: string;
  /** The bytes of somebody's document, which may be in parts and packed already. */
  readonly isDocument: boolean;
}

/** The one place where an answer becomes XML. JSON is passed on as it is, and so is a document, which has a type of its own. */
export function written(
  request: FastifyRequest,
  version: FhirVersion,
  { body, contentType }: Pick<Answer, 'body' | 'contentType'>,
): Written {
  const { isXml, mediaType } = formatAsked(request, version);
  if (isText(body)) {
    if (contentType !== undefined) return { body, contentType, isDocument: true };
    // Nothing, which is what is known already has, is the same in every form.
    const isMade = isXml && body.length > 0;
    return {
      body: isMade ? toXml(body.toString(), version.elements) : body,
      contentType: mediaType,
      isDocument: false,
    };
  }
  // RFC 9110 §9.3.2: nothing is sent, and so nothing is read; how long it would be nobody knows.
  const stream = request.method === 'HEAD' ? Readable.from([]) : streamOf(body, version, isXml);
  return { body: stream, contentType: mediaType, isDocument: false };
}

const isText = (body: Answer['body']): body is string | Buffer => typeof body === 'string' || Buffer.isBuffer(body);

/** RFC 9110 §12.5.5: whoever keeps the answer has to know what it depends on, beside what is said already. */
export function sendWritten(reply: FastifyReply, { body, contentType, isDocument }: Written): FastifyReply {
  const vary = [reply.getHeader('vary') ?? [], 'Accept', isDocument ? [] : 'accept-encoding'].flat();
  // An error takes the place of an answer that was to be packed.
  reply.removeHeader('content-encoding').header('vary', vary.join(', ')).type(contentType);
  if (body instanceof Readable) giveUpStalled(reply);
  // What is no route, or of a server that does not compress, has no way to.
  if (isDocument || typeof reply.compress !== 'function') return reply.send(body);
  reply.compress(body);
  return reply;
}

/** Milliseconds without a byte read by the client. */
const STALLED = 60_000;

/** Whoever stops reading is left: else a stream would stay open for ever, and the server could not stop. */
export function giveUpStalled({ raw }: FastifyReply): void {
  // What tests inject has no socket of its own.
  if (typeof raw.socket?.setTimeout === 'function') raw.setTimeout(STALLED);
}
