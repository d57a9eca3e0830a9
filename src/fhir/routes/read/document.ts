import type { FastifyRequest } from 'fastify';
import { findServedType, isUuid, Problem, type RecordId, UNTRUSTED_FILE } from '../../../kernel/index.ts';
import { enforceDocuments } from '../../authorization/enforce.ts';
import type { EnforcementContext } from '../../authorization/enforcement-context.ts';
import { type ByteRange, parseByteRange } from '../../http/byte-range.ts';
import { requestedFhirType } from '../../http/media-type.ts';
import { operationOutcome } from '../../http/operation-outcome.ts';
import { documentExtension } from '../../model/document-url.ts';
import type { FhirVersion } from '../../model/fhir-version.ts';
import { type DocumentRow, readDocument } from '../../store/query/search.ts';
import type { FhirDeps, FhirResponse } from '../deps.ts';
import { type ConditionalHeaders, isNotModified, readConditionalHeaders } from '../request/conditional.ts';
import { readPairs } from '../request/query.ts';
import { notFound } from './read.ts';

export interface DocumentRequest {
  readonly id: string | undefined;
  /** FHIR media type in which the client wants a Binary resource. undefined means that it wants the raw bytes. */
  readonly fhirMediaType: string | undefined;
  readonly conditional: ConditionalHeaders;
  /** Range header of a GET request. RFC 9110 §14.2: other methods ignore it. */
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly requestId: string;
}

/**
 * Reads a request for a document.
 * @param asBinary whether the URL is that of a Binary, which can also be requested as a resource; the former URL of
 * documents serves only bytes
 */
export function readDocumentRequest(
  request: FastifyRequest,
  id: string | undefined,
  asBinary: boolean,
): DocumentRequest {
  const { headers, method } = request;
  const format = readPairs(request).find(([name]) => name === '_format')?.[1];
  return {
    id,
    fhirMediaType: asBinary ? requestedFhirType(headers.accept, format) : undefined,
    conditional: readConditionalHeaders(request),
    range: method === 'GET' ? headers.range : undefined,
    ifRange: headers['if-range']?.toString(),
    requestId: request.id,
  };
}

/**
 * Serves a document, or a byte range of it.
 * @throws Problem 404
 */
export async function handleDocument(
  deps: FhirDeps,
  context: EnforcementContext,
  requested: DocumentRequest,
): Promise<FhirResponse> {
  const queries = enforceDocuments(context);
  const { id } = requested;
  const row = id !== undefined && isUuid(id) ? await readDocument(deps.db, queries, id) : undefined;
  if (id === undefined || row === undefined) throw notFound('document with this id');
  const document = { ...row, id: id.toLowerCase(), now: context.now };
  return requested.fhirMediaType === undefined
    ? bytesResponse(document, requested)
    : binaryResponse(document, requested, deps.version);
}

type DocumentData = DocumentRow & { readonly id: string; readonly now: Date };

/** Serves a document as a Binary resource. Its id is derived from the bytes, so there is never a second version. */
function binaryResponse(
  document: DocumentData,
  { conditional, fhirMediaType }: DocumentRequest,
  version: FhirVersion,
): FhirResponse {
  const { id, content_type, bytes, resource_id, type, home, now } = document;
  const headers = { etag: 'W/"1"' };
  if (isNotModified(conditional, { etag: headers.etag, now })) return withoutContent(document, 304, headers);
  const binary = { id, contentType: content_type, bytes, of: `${type}/${resource_id}` };
  const resource = version.binary(binary, fhirMediaType);
  const records = new Map([[home as RecordId, 1]]);
  return { body: JSON.stringify(resource), headers, resources: 1, records, detail: { document: id, id: resource_id } };
}

/**
 * Serves the bytes of a document as a download. A browser must never display them in our origin, where scripts in a
 * malicious document could act as the signed-in user.
 */
async function bytesResponse(
  document: DocumentData,
  { conditional, range, ifRange, requestId }: DocumentRequest,
): Promise<FhirResponse> {
  const { id, content_type, bytes, resource_id, home, now } = document;
  // The id of a document is derived from its bytes, so it serves as a strong entity tag.
  const etag = `"${id}"`;
  const baseHeaders = { etag, 'accept-ranges': 'bytes' };
  if (isNotModified(conditional, { etag, now })) return withoutContent(document, 304, baseHeaders);
  // RFC 9110 §13.1.5: If-Range needs a strong entity tag. A date in it never matches, because the server sends no
  // Last-Modified for documents.
  const requestedRange =
    ifRange === undefined || ifRange.trim() === etag ? parseByteRange(range, bytes.length) : undefined;
  if (requestedRange === 'unsatisfiable') {
    const headers = { 'accept-ranges': 'bytes', 'content-range': `bytes */${bytes.length}` };
    return {
      ...withoutContent(document, 416, headers),
      body: operationOutcome(rangeNotSatisfiable(bytes.length), requestId),
    };
  }
  const { contentType, nameType } = await findServedType(content_type, bytes);
  return {
    ...rangeBody(bytes, requestedRange),
    contentType,
    headers: {
      ...baseHeaders,
      ...(requestedRange === undefined
        ? {}
        : { 'content-range': `bytes ${requestedRange.first}-${requestedRange.last}/${bytes.length}` }),
      'content-disposition': `attachment; filename="document-${id}.${documentExtension(nameType)}"`,
      ...UNTRUSTED_FILE,
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

const rangeBody = (bytes: Buffer, range: ByteRange | undefined): Pick<FhirResponse, 'status' | 'body'> =>
  range === undefined ? { body: bytes } : { status: 206, body: bytes.subarray(range.first, range.last + 1) };

/** Builds a response without content. The request is still recorded in the audit log. */
const withoutContent = (
  { id, resource_id }: Pick<DocumentData, 'id' | 'resource_id'>,
  status: 304 | 416,
  headers: FhirResponse['headers'] & object,
): FhirResponse => ({
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
    message: `The range starts after the end of the document. The document has ${length} bytes, counted from 0.`,
  });
