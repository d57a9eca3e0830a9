import type { FastifyRequest } from 'fastify';
import { isUuid, Problem, type RecordId } from '../../kernel/index.ts';
import { type ByteRange, byteRangeOf } from '../core/byte-range.ts';
import type { EnforceContext } from '../core/context.ts';
import { documentKind } from '../core/document-address.ts';
import { enforceDocuments } from '../core/enforce.ts';
import { fhirTypeNamed } from '../core/media-type.ts';
import { operationOutcome } from '../core/outcome.ts';
import type { FhirVersion } from '../core/version.ts';
import { type DocumentRow, readDocument } from '../store/search.ts';
import { isKnown, type Known, knownTo } from './conditional.ts';
import type { Answer, FhirDeps } from './deps.ts';
import { pairsOf } from './query.ts';
import { notFound } from './read.ts';

/** How a document is asked for. */
export interface DocumentAsked {
  readonly id: string | undefined;
  /** The media type of FHIR that was named, for a Binary resource; undefined: the bytes are meant. */
  readonly asResource: string | undefined;
  readonly known: Known;
  /** Of GET alone: RFC 9110 §14.2. */
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly requestId: string;
}

/** @param asBinary at the address that a Binary has: the other one has bytes and nothing else */
export function documentAsked(request: FastifyRequest, id: string | undefined, asBinary: boolean): DocumentAsked {
  const { headers, method } = request;
  const format = pairsOf(request).find(([name]) => name === '_format')?.[1];
  return {
    id,
    asResource: asBinary ? fhirTypeNamed(headers.accept, format) : undefined,
    known: knownTo(request),
    range: method === 'GET' ? headers.range : undefined,
    ifRange: headers['if-range']?.toString(),
    requestId: request.id,
  };
}

/** A document, or a part of it. */
export async function answerDocument(deps: FhirDeps, context: EnforceContext, asked: DocumentAsked): Promise<Answer> {
  const queries = enforceDocuments(context);
  const { id } = asked;
  const row = id !== undefined && isUuid(id) ? await readDocument(deps.db, queries, id) : undefined;
  if (id === undefined || row === undefined) throw notFound('document with this id');
  const document = { ...row, id: id.toLowerCase(), now: context.now };
  return asked.asResource === undefined ? bytesOf(document, asked) : resourceOf(document, asked, deps.version);
}

type Document = DocumentRow & { readonly id: string; readonly now: Date };

/** Its id changes with its bytes: there is never a second version. */
function resourceOf(document: Document, { known, asResource }: DocumentAsked, version: FhirVersion): Answer {
  const { id, content_type, bytes, resource_id, type, home, now } = document;
  const headers = { etag: 'W/"1"' };
  if (isKnown(known, { etag: headers.etag, now })) return untold(document, 304, headers);
  const binary = { id, contentType: content_type, bytes, of: `${type}/${resource_id}` };
  const resource = version.binary(binary, asResource);
  const records = new Map([[home as RecordId, 1]]);
  return { body: JSON.stringify(resource), headers, resources: 1, records, detail: { document: id, id: resource_id } };
}

/** The bytes of a document, never shown in our origin: whoever wrote it must not act there. */
function bytesOf(document: Document, { known, range, ifRange, requestId }: DocumentAsked): Answer {
  const { id, content_type, bytes, resource_id, home, now } = document;
  // What it is made of is in its id.
  const etag = `"${id}"`;
  const own = { etag, 'accept-ranges': 'bytes' };
  if (isKnown(known, { etag, now })) return untold(document, 304, own);
  // RFC 9110 §13.1.5: by a strong tag, and of times this server tells none.
  const wanted = ifRange === undefined || ifRange.trim() === etag ? byteRangeOf(range, bytes.length) : undefined;
  if (wanted === 'unsatisfiable') {
    const headers = { 'accept-ranges': 'bytes', 'content-range': `bytes */${bytes.length}` };
    return { ...untold(document, 416, headers), body: operationOutcome(beyond(bytes.length), requestId) };
  }
  return {
    ...partOf(bytes, wanted),
    contentType: content_type,
    headers: {
      ...own,
      ...(wanted === undefined ? {} : { 'content-range': `bytes ${wanted.first}-${wanted.last}/${bytes.length}` }),
      'content-disposition': `attachment; filename="document-${id}.${documentKind(content_type)}"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    },
    resources: 1,
    records: new Map([[home as RecordId, 1]]),
    detail: {
      document: id,
      id: resource_id,
      ...(wanted === undefined ? {} : { bytes: wanted.last - wanted.first + 1, of: bytes.length }),
    },
  };
}

const partOf = (bytes: Buffer, range: ByteRange | undefined): Pick<Answer, 'status' | 'body'> =>
  range === undefined ? { body: bytes } : { status: 206, body: bytes.subarray(range.first, range.last + 1) };

/** Nothing of it leaves: it is recorded that somebody asked. */
const untold = (
  { id, resource_id }: Pick<Document, 'id' | 'resource_id'>,
  status: 304 | 416,
  headers: Answer['headers'] & object,
): Answer => ({
  status,
  body: '',
  headers,
  resources: 0,
  records: new Map(),
  detail: { document: id, id: resource_id, ...(status === 304 ? { notModified: true } : { beyond: true }) },
});

const beyond = (length: number): Problem =>
  new Problem('bad-request', {
    status: 416,
    message: `The document has ${length} bytes, counted from 0; the range that was asked for begins after the last of them.`,
  });
