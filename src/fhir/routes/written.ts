import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FhirVersion } from '../core/version.ts';
import { toXml } from '../core/xml/to-xml.ts';
import type { Answer } from './deps.ts';
import { formatAsked } from './query.ts';

/** An answer in the form that was asked for. */
export interface Written {
  readonly body: string | Buffer;
  readonly contentType: string;
}

/** The one place where an answer becomes XML. JSON is passed on as it is, and so is a document, which has a type of its own. */
export function written(
  request: FastifyRequest,
  version: FhirVersion,
  { body, contentType }: Pick<Answer, 'body' | 'contentType'>,
): Written {
  if (contentType !== undefined) return { body, contentType };
  const { isXml, mediaType } = formatAsked(request, version);
  return { body: isXml ? toXml(body.toString(), version.elements) : body, contentType: mediaType };
}

/** RFC 9110 §12.5.5: whoever keeps the answer has to know what it depends on, beside what is said already. */
export function sendWritten(reply: FastifyReply, { body, contentType }: Written): FastifyReply {
  const vary = reply.getHeader('vary');
  return reply
    .header('vary', vary === undefined ? 'Accept' : `${vary}, Accept`)
    .type(contentType)
    .send(body);
}
