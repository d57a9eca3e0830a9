import { STATUS_CODES } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { badRequest, isObject, Problem, toProblem, withBatchRequestId } from '../../../kernel/index.ts';
import { operationOutcome } from '../../http/operation-outcome.ts';
import { type AuthenticatedSender, runAsSender } from '../request/bearer.ts';

const MAX_ENTRIES = 20;
/** Maximum size of a batch in bytes. It is enough, because a batch of GET requests contains only their URLs. */
const MAX_BATCH_BYTES = 65_536;
/**
 * Maximum total size in bytes of the responses of a batch. Once it is exceeded, each remaining entry gets an error
 * instead of being run.
 */
const MAX_RESPONSE_BYTES = 16_777_216;

export interface BatchDeps {
  /** Fastify scope with the routes of the FHIR API. Each entry of a batch is injected into it as a request. */
  readonly scope: FastifyInstance;
  /** Absolute base URL of the FHIR API. */
  readonly base: string;
}

/**
 * Rejects a batch by its headers, before the body is read.
 * @throws Problem 411 without Content-Length, 413 if the batch is too large
 */
export function requireSmallBatch({ headers }: FastifyRequest): void {
  const length = headers['content-length'];
  if (length === undefined)
    throw new Problem('bad-request', { status: 411, message: 'Send a batch of GET requests with Content-Length.' });
  if (Number(length) > MAX_BATCH_BYTES)
    throw new Problem('too-large', {
      status: 413,
      message: `A batch of GET requests can have at most ${MAX_BATCH_BYTES / 1024} KB.`,
    });
}

/** Returns the entries of a batch Bundle. Returns undefined if the text isn't a Bundle of type batch. */
export function parseBatch(text: string): readonly unknown[] | undefined {
  let bundle: unknown;
  try {
    bundle = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(bundle) || bundle['resourceType'] !== 'Bundle' || bundle['type'] !== 'batch') return undefined;
  const entries = bundle['entry'] ?? [];
  return Array.isArray(entries) ? entries : undefined;
}

/**
 * Runs a batch of GET requests for an app that can only read (FHIR R4 §3.1.0.11). Each entry goes through the routes of
 * this API as a request of its own, with their authorization, limits, audit, and errors. A failed entry doesn't affect
 * the others.
 * @returns JSON text of a Bundle
 * @throws Problem 413 if there are too many entries
 */
export async function handleBatch(
  deps: BatchDeps,
  sender: AuthenticatedSender,
  entries: readonly unknown[],
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<string> {
  if (entries.length > MAX_ENTRIES)
    throw new Problem('too-large', {
      status: 413,
      message: `A batch can have at most ${MAX_ENTRIES} entries. Send the rest in another batch.`,
    });
  const responses: string[] = [];
  let bytes = 0;
  // Entries run one after another, so a batch uses no more of the server at a time than a single request.
  for (const entry of entries) {
    if (reply.raw.destroyed) break;
    const response = await entryResponse(deps, sender, { entry, request, isFull: bytes > MAX_RESPONSE_BYTES });
    bytes += response.length;
    responses.push(response);
  }
  const content = responses.length === 0 ? '' : `,"entry":[${responses.join(',')}]`;
  return `{"resourceType":"Bundle","type":"batch-response"${content}}`;
}

interface BatchEntryRequest {
  readonly entry: unknown;
  readonly request: FastifyRequest;
  /**
   * Whether the responses so far exceed the size limit of a batch. If so, the entry gets an error instead of being run.
   */
  readonly isFull: boolean;
}

async function entryResponse(
  deps: BatchDeps,
  sender: AuthenticatedSender,
  { entry, request, isFull }: BatchEntryRequest,
): Promise<string> {
  try {
    if (isFull) throw responsesTooLarge();
    return await injectEntry(deps, sender, entry, request);
  } catch (error) {
    const problem = toProblem(error);
    return failedEntry(problem.status, operationOutcome(problem, request.id));
  }
}

async function injectEntry(
  { scope, base }: BatchDeps,
  sender: AuthenticatedSender,
  entry: unknown,
  { id, headers: batchHeaders }: FastifyRequest,
): Promise<string> {
  const { method, url, conditionalHeaders } = readEntry(entry, base);
  const headers = {
    ...conditionalHeaders,
    accept: 'application/fhir+json',
    ...(batchHeaders['prefer'] === undefined ? {} : { prefer: String(batchHeaders['prefer']) }),
  };
  const {
    statusCode,
    payload,
    headers: responseHeaders,
  } = await withBatchRequestId(id, () => runAsSender(sender, async () => scope.inject({ method, url, headers })));
  const isResource = /^application\/fhir\+json\b/.test(String(responseHeaders['content-type']));
  if (statusCode >= 400 && isResource) return failedEntry(statusCode, payload);
  if (payload !== '' && !isResource) throw notAllowedInBatch();
  const etag = responseHeaders['etag'];
  const lastModified = responseHeaders['last-modified'];
  const response = {
    status: statusText(statusCode),
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified: new Date(String(lastModified)).toISOString() }),
  };
  return `{${payload === '' ? '' : `"resource":${payload},`}"response":${JSON.stringify(response)}}`;
}

const statusText = (code: number): string => `${code} ${STATUS_CODES[code] ?? ''}`.trim();

const failedEntry = (code: number, outcome: string): string =>
  `{"response":{"status":${JSON.stringify(statusText(code))},"outcome":${outcome}}}`;

interface BatchReadRequest {
  readonly method: 'GET' | 'HEAD';
  /** Path and query of the entry's request. */
  readonly url: string;
  /** Headers for a conditional read, from `request.ifNoneMatch` and `request.ifModifiedSince` of the entry. */
  readonly conditionalHeaders: Readonly<Record<string, string>>;
}

/**
 * Reads the request of a batch entry.
 * @throws Problem if the entry isn't a read or search below the base URL of the API
 */
function readEntry(entry: unknown, base: string): BatchReadRequest {
  const request = isObject(entry) ? entry['request'] : undefined;
  if (!isObject(request) || typeof request['method'] !== 'string' || typeof request['url'] !== 'string')
    throw badRequest('Each entry of a batch must have request.method and request.url.');
  const { method, url, ifNoneMatch, ifModifiedSince } = request;
  if (method !== 'GET' && method !== 'HEAD')
    throw new Problem('method-not-allowed', {
      status: 405,
      message: 'With this access token, a batch can only contain GET requests. Only backend apps can write.',
    });
  const since = typeof ifModifiedSince === 'string' ? new Date(ifModifiedSince) : undefined;
  return {
    method,
    url: entryPath(url, base),
    conditionalHeaders: {
      ...(typeof ifNoneMatch === 'string' ? { 'if-none-match': ifNoneMatch } : {}),
      ...(since === undefined || Number.isNaN(since.getTime()) ? {} : { 'if-modified-since': since.toUTCString() }),
    },
  };
}

/**
 * Matches paths that a batch can't contain: operations, documents, and export files. Their responses have a media type
 * of their own or are streamed.
 */
const NOT_IN_BATCH = /^(document|export)(\/|$)|\$/i;

function entryPath(url: string, base: string): string {
  const isAbsolute = /^([a-z][a-z0-9+.-]*:|\/\/)/i.test(url);
  const whole = URL.parse(isAbsolute ? url : `${base}/${url.replace(/^\//, '')}`);
  const { pathname, origin } = new URL(base);
  if (whole === null || whole.origin !== origin || !whole.pathname.startsWith(`${pathname}/`))
    throw badRequest(
      'request.url must be relative to the base URL of this API, such as Observation?category=laboratory.',
    );
  const below = whole.pathname.slice(pathname.length + 1);
  if (NOT_IN_BATCH.test(decodePath(below))) throw notAllowedInBatch();
  return `${whole.pathname}${whole.search}`;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw badRequest('request.url contains an invalid percent-encoding.');
  }
}

const notAllowedInBatch = (): Problem =>
  badRequest('A batch can only contain reads and searches. Send operations and file downloads as separate requests.');

const responsesTooLarge = (): Problem =>
  new Problem('too-large', {
    status: 413,
    message: `The responses of this batch reached the limit of ${MAX_RESPONSE_BYTES / 1024 / 1024} MB. Send the rest in another batch.`,
  });
