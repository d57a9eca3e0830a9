import { STATUS_CODES } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problemOf } from '../../kernel/index.ts';
import { operationOutcome } from '../core/outcome.ts';
import { isObject } from '../store/elements.ts';
import { type Authenticated, asSentBy } from './bearer.ts';

/** Entries of a batch. */
const MOST_ENTRIES = 20;
/** Bytes of a batch: addresses alone. */
const LONGEST_BATCH = 65_536;
/** Bytes of answers, after which the rest of the entries are not asked. */
const MOST_BYTES = 16_777_216;

/** What a batch is answered by. */
export interface BatchDeps {
  /** That has the routes of the API. */
  readonly scope: FastifyInstance;
  /** Absolute, of the API. */
  readonly base: string;
}

/** By its headers, before it is read. */
export function requireShort({ headers }: FastifyRequest): void {
  const length = headers['content-length'];
  if (length === undefined)
    throw new Problem('bad-request', { status: 411, message: 'Send a batch of GET requests with Content-Length.' });
  if (Number(length) > LONGEST_BATCH)
    throw new Problem('too-large', {
      status: 413,
      message: `A batch of GET requests has at most ${LONGEST_BATCH / 1024} KB.`,
    });
}

/** The entries of a Bundle of type batch; undefined: it isn't one. */
export function batchIn(text: string): readonly unknown[] | undefined {
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
 * FHIR R4 §3.1.0.11, batch, of a token that only reads. Each entry goes through the routes of this API as a request of its
 * own: it has their authorization, limits, audit and errors, and fails by itself.
 * @returns JSON text of a Bundle
 */
export async function answerBatch(
  deps: BatchDeps,
  sender: Authenticated,
  entries: readonly unknown[],
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<string> {
  if (entries.length > MOST_ENTRIES)
    throw new Problem('too-large', {
      status: 413,
      message: `A batch has at most ${MOST_ENTRIES} entries. Send the rest in another batch.`,
    });
  const answers: string[] = [];
  let bytes = 0;
  // One after another: a batch has no more of the server at a time than a single request.
  for (const entry of entries) {
    if (reply.raw.destroyed) break;
    const answer = await entryAnswer(deps, sender, { entry, request, isFull: bytes > MOST_BYTES });
    bytes += answer.length;
    answers.push(answer);
  }
  const content = answers.length === 0 ? '' : `,"entry":[${answers.join(',')}]`;
  return `{"resourceType":"Bundle","type":"batch-response"${content}}`;
}

interface Entry {
  readonly entry: unknown;
  readonly request: FastifyRequest;
  /** There is no room for another answer. */
  readonly isFull: boolean;
}

async function entryAnswer(deps: BatchDeps, sender: Authenticated, { entry, request, isFull }: Entry): Promise<string> {
  try {
    if (isFull) throw full();
    return await asked(deps, sender, entry, request);
  } catch (error) {
    const problem = problemOf(error);
    return failed(problem.status, operationOutcome(problem, request.id));
  }
}

async function asked(
  { scope, base }: BatchDeps,
  sender: Authenticated,
  entry: unknown,
  { headers: given }: FastifyRequest,
): Promise<string> {
  const { method, url, known } = readEntry(entry, base);
  const headers = {
    ...known,
    accept: 'application/fhir+json',
    ...(given['prefer'] === undefined ? {} : { prefer: String(given['prefer']) }),
  };
  const {
    statusCode,
    payload,
    headers: told,
  } = await asSentBy(sender, async () => scope.inject({ method, url, headers }));
  const isResource = /^application\/fhir\+json\b/.test(String(told['content-type']));
  if (statusCode >= 400 && isResource) return failed(statusCode, payload);
  if (payload !== '' && !isResource) throw byItself();
  const etag = told['etag'];
  const changed = told['last-modified'];
  const response = {
    status: statusText(statusCode),
    ...(etag === undefined ? {} : { etag }),
    ...(changed === undefined ? {} : { lastModified: new Date(String(changed)).toISOString() }),
  };
  return `{${payload === '' ? '' : `"resource":${payload},`}"response":${JSON.stringify(response)}}`;
}

const statusText = (code: number): string => `${code} ${STATUS_CODES[code] ?? ''}`.trim();

const failed = (code: number, outcome: string): string =>
  `{"response":{"status":${JSON.stringify(statusText(code))},"outcome":${outcome}}}`;

interface ReadEntry {
  readonly method: 'GET' | 'HEAD';
  /** Path and query. */
  readonly url: string;
  /** Headers that say what the client has already. */
  readonly known: Readonly<Record<string, string>>;
}

/** @throws Problem: it is not a read or a search below the base */
function readEntry(entry: unknown, base: string): ReadEntry {
  const request = isObject(entry) ? entry['request'] : undefined;
  if (!isObject(request) || typeof request['method'] !== 'string' || typeof request['url'] !== 'string')
    throw bad('An entry of a batch needs request.method and request.url.');
  const { method, url, ifNoneMatch, ifModifiedSince } = request;
  if (method !== 'GET' && method !== 'HEAD')
    throw new Problem('method-not-allowed', {
      status: 405,
      message: 'With this access token the entries of a batch are GET requests. Only backend apps write.',
    });
  const since = typeof ifModifiedSince === 'string' ? new Date(ifModifiedSince) : undefined;
  return {
    method,
    url: pathOf(url, base),
    known: {
      ...(typeof ifNoneMatch === 'string' ? { 'if-none-match': ifNoneMatch } : {}),
      ...(since === undefined || Number.isNaN(since.getTime()) ? {} : { 'if-modified-since': since.toUTCString() }),
    },
  };
}

/** What has a type of its own, or is sent while it is read. */
const BY_ITSELF = /^(document|export)(\/|$)|\$/i;

function pathOf(url: string, base: string): string {
  const isAbsolute = /^([a-z][a-z0-9+.-]*:|\/\/)/i.test(url);
  const whole = URL.parse(isAbsolute ? url : `${base}/${url.replace(/^\//, '')}`);
  const { pathname, origin } = new URL(base);
  if (whole === null || whole.origin !== origin || !whole.pathname.startsWith(`${pathname}/`))
    throw bad('request.url is an address below the base of this API, such as Observation?category=laboratory.');
  const below = whole.pathname.slice(pathname.length + 1);
  if (BY_ITSELF.test(decoded(below))) throw byItself();
  return `${whole.pathname}${whole.search}`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw bad('request.url has an escape that is not valid.');
  }
}

const bad = (message: string): Problem => new Problem('bad-request', { status: 400, message });

const byItself = (): Problem =>
  bad('A batch has reads and searches. Send a request for an operation or a file by itself.');

const full = (): Problem =>
  new Problem('too-large', {
    status: 413,
    message: `The answers of this batch have reached ${MOST_BYTES / 1024 / 1024} MB. Send the rest in another batch.`,
  });
