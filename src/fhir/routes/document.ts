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

/** A request for a document. */
export interface DocumentAsked {
  readonly id: string | undefined;
  /** The requested FHIR media type, for a Binary resource; undefined for the raw bytes. */
  readonly asResource: string | undefined;
  readonly known: Known;
  /** Only for GET: RFC 9110 §14.2. */
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly requestId: string;
}

/**
 * @param asBinary the URL is that of a Binary, which can also be requested as a resource; the other URL serves only
 * bytes
 */
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

/**
 * Serves a document, or a byte range of it.
 * @throws Problem 404
 */
export async function answerDocument(
  deps: FhirDeps,
  context: EnforceContext,
  requested: DocumentAsked,
): Promise<Answer> {
  const queries = enforceDocuments(context);
  const { id } = requested;
  const row = id !== undefined && isUuid(id) ? await readDocument(deps.db, queries, id) : undefined;
  if (id === undefined || row === undefined) throw notFound('document with this id');
  const document = { ...row, id: id.toLowerCase(), now: context.now };
  return requested.asResource === undefined
    ? bytesResponse(document, requested)
    : binaryResponse(document, requested, deps.version);
}

type DocumentData = DocumentRow & { readonly id: string; readonly now: Date };

/** Serves the document as a Binary resource. The id is derived from the bytes, so there is never a second version. */
function binaryResponse(document: DocumentData, { known, asResource }: DocumentAsked, version: FhirVersion): Answer {
  const { id, content_type, bytes, resource_id, type, home, now } = document;
  const headers = { etag: 'W/"1"' };
  if (isKnown(known, { etag: headers.etag, now })) return withoutContent(document, 304, headers);
  const binary = { id, contentType: content_type, bytes, of: `${type}/${resource_id}` };
  const resource = version.binary(binary, asResource);
  const records = new Map([[home as RecordId, 1]]);
  return { body: JSON.stringify(resource), headers, resources: 1, records, detail: { document: id, id: resource_id } };
}

/**
 * Serves the bytes of a document as a download. They are never displayed in our origin, where a malicious document
 * could act.
 */
function bytesResponse(document: DocumentData, { known, range, ifRange, requestId }: DocumentAsked): Answer {
  const { id, content_type, bytes, resource_id, home, now } = document;
  // The id is derived from the bytes, so it serves as a strong entity tag.
  const etag = `"${id}"`;
  const baseHeaders = { etag, 'accept-ranges': 'bytes' };
  if (isKnown(known, { etag, now })) return withoutContent(document, 304, baseHeaders);
  // RFC 9110 §13.1.5: If-Range needs a strong entity tag. A date never matches because the server sends no
  // Last-Modified for documents.
  const requestedRange =
    ifRange === undefined || ifRange.trim() === etag ? byteRangeOf(range, bytes.length) : undefined;
  if (requestedRange === 'unsatisfiable') {
    const headers = { 'accept-ranges': 'bytes', 'content-range': `bytes */${bytes.length}` };
    return {
      ...withoutContent(document, 416, headers),
      body: operationOutcome(rangeNotSatisfiable(bytes.length), requestId),
    };
  }
  return {
    ...rangeBody(bytes, requestedRange),
    contentType: content_type,
    headers: {
      ...baseHeaders,
      ...(requestedRange === undefined
        ? {}
        : { 'content-range': `bytes ${requestedRange.first}-${requestedRange.last}/${bytes.length}` }),
      'content-disposition': `attachment; filename="document-${id}.${documentKind(content_type)}"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    },
    resources: 1,
    records: new Map([[home as RecordId, 1]]),
    detail: {
      document: id,
      id: resource_id,
      ...(requestedRange === undefined
        ? {}
        : { bytes: requestedRange.last - requestedRange.first + 1, of: bytes.length }),
    },
  };
}

const rangeBody = (bytes: Buffer, range: ByteRange | undefined): Pick<Answer, 'status' | 'body'> =>
  range === undefined ? { body: bytes } : { status: 206, body: bytes.subarray(range.first, range.last + 1) };

/** A response without content. The request is still recorded in the audit log. */
const withoutContent = (
  { id, resource_id }: Pick<DocumentData, 'id' | 'resource_id'>,
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

const rangeNotSatisfiable = (length: number): Problem =>
  new Problem('bad-request', {
    status: 416,
    message: `The document has ${length} bytes, counted from 0; the range that was asked for begins after the last of them.`,
  });
