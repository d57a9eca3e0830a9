import { parseJson } from '../../fhir/index.ts';
import { badRequest, createYielder, isObject, isUuid, Problem, textAt } from '../../kernel/index.ts';
import { MAX_DEPTH } from '../import/nesting.ts';
import { checkResourceSize, MAX_RESOURCE_SIZE, TOO_LARGE } from '../import/size.ts';
import { type RejectedOutcome, reject, withPath } from './outcome.ts';
import { splitBundle } from './split-bundle.ts';

/** A write operation of a Bundle, as the app sent it. */
export interface FeedEntry {
  /** Index of the entry in the Bundle, starting at 0. */
  readonly index: number;
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly type: string;
  /**
   * Id of the resource in the URL of PUT or DELETE, as the sending app uses it. A UUID is in lowercase. undefined if
   * the resource is created or found by a condition.
   */
  readonly sourceId: string | undefined;
  /** Resource to write; undefined for DELETE. */
  readonly resource: Readonly<Record<string, unknown>> | undefined;
  readonly fullUrl: string | undefined;
  /** Version that the stored resource must have for the write to happen (`ifMatch`). */
  readonly ifMatch: number | undefined;
  /** Query of a conditional create, such as `identifier=system|value`. */
  readonly ifNoneExist: string | undefined;
  /** Query of a conditional update, such as `identifier=system|value`. */
  readonly condition?: string;
}

export interface FeedBundle {
  readonly type: 'transaction' | 'batch';
  readonly entries: readonly (FeedEntry | RejectedOutcome)[];
}

const MAX_ENTRIES = 5000;

/**
 * Reads and checks a Bundle. An entry with an error becomes a rejection.
 * @throws {Problem} if the Bundle is invalid as a whole
 */
export async function readBundle(text: string): Promise<FeedBundle> {
  const split = await splitBundle(text);
  if (split === undefined)
    throw badRequest(`The body is nested more than ${MAX_DEPTH} levels deep, which no FHIR resource is.`);
  const { head, entries } = split;
  if (head.length > MAX_RESOURCE_SIZE)
    throw new Problem('too-large', { status: 413, message: 'The Bundle is too large outside its entries.' });
  const bundle = parseBody(head);
  const type = textAt(bundle, 'type');
  if (textAt(bundle, 'resourceType') !== 'Bundle' || (type !== 'transaction' && type !== 'batch'))
    throw badRequest('Send a Bundle of type transaction or batch.');
  if (entries.length === 0) throw badRequest('The Bundle has no entries.');
  if (entries.length > MAX_ENTRIES)
    throw new Problem('too-large', {
      status: 413,
      message: `The Bundle has ${entries.length} entries. Send at most ${MAX_ENTRIES} in one Bundle.`,
    });
  const read: (FeedEntry | RejectedOutcome)[] = [];
  const pauseIfNeeded = createYielder();
  for (const [index, entry] of entries.entries()) {
    read.push(entry === undefined ? TOO_LARGE_ENTRY : readEntry(parseBody(entry), index));
    await pauseIfNeeded();
  }
  return { type, entries: read };
}

const rejectTooLong = (reason: string): RejectedOutcome => withPath('resource', reject(413, 'too-long', reason));
const TOO_LARGE_ENTRY = rejectTooLong(TOO_LARGE);

function checkSize(resource: unknown): RejectedOutcome | undefined {
  const reason = checkResourceSize(resource);
  return reason === undefined ? undefined : rejectTooLong(reason);
}

function parseBody(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw badRequest('The body isn’t valid JSON.');
  }
}
const rejectInvalid = (reason: string): RejectedOutcome => reject(400, 'invalid', reason);

function readEntry(entry: unknown, index: number): FeedEntry | RejectedOutcome {
  const request = isObject(entry) ? entry['request'] : undefined;
  const method = textAt(request, 'method');
  if (method === 'GET' || method === 'HEAD')
    return withPath(
      REQUEST_METHOD,
      reject(
        405,
        'not-supported',
        'Bundles of a backend app can only write. Send reads and searches as separate GET requests.',
      ),
    );
  if (method !== 'POST' && method !== 'PUT' && method !== 'DELETE')
    return withPath(
      REQUEST_METHOD,
      reject(405, 'not-supported', 'The request of an entry must have a method: POST, PUT or DELETE.'),
    );
  const address = parseRequestUrl(request, method);
  if (address === undefined) return withPath('request.url', rejectInvalid(URL_RULES[method]));
  const { type, id, condition } = address;
  const resource = isObject(entry) ? entry['resource'] : undefined;
  const resourceError = method === 'DELETE' ? undefined : (checkResource(resource, type, id) ?? checkSize(resource));
  const conditionError = checkConditions(request, method);
  if (resourceError !== undefined || conditionError !== undefined)
    return resourceError ?? (conditionError as RejectedOutcome);
  const version = VERSION_ETAG.exec(textAt(request, 'ifMatch') ?? '')?.[1];
  return {
    index,
    method,
    type,
    sourceId: id !== undefined && isUuid(id) ? id.toLowerCase() : id,
    resource: method === 'DELETE' || !isObject(resource) ? undefined : resource,
    fullUrl: isObject(entry) ? textAt(entry, 'fullUrl') : undefined,
    ifMatch: version === undefined ? undefined : Number(version),
    ifNoneExist: textAt(request, 'ifNoneExist'),
    ...(condition === undefined ? {} : { condition }),
  };
}

const REQUEST_METHOD = 'request.method';
const VERSION_ETAG = /^\s*(?:W\/)?"(\d{1,9})"\s*$/;

interface FeedRequestUrl {
  readonly type: string;
  readonly id: string | undefined;
  readonly condition: string | undefined;
}

/** Parses the URL of an entry: `Type`, `Type/id`, or `Type?…` for a conditional update. */
function parseRequestUrl(request: unknown, method: FeedEntry['method']): FeedRequestUrl | undefined {
  const url = textAt(request, 'url') ?? '';
  const [, type, id, condition] = /^\/?([A-Z][A-Za-z]+)(?:\/([A-Za-z0-9.-]{1,64})|\?(.+))?$/s.exec(url) ?? [];
  if (type === undefined) return undefined;
  const isValid =
    method === 'POST'
      ? id === undefined && condition === undefined
      : id !== undefined || (method === 'PUT' && condition !== undefined);
  return isValid ? { type, id, condition } : undefined;
}

const URL_RULES = {
  POST: 'The url of a POST must be a type, such as Observation.',
  PUT: 'The url of a PUT must be a type with an id, such as Observation/123, or with an identifier, such as Observation?identifier=system|value.',
  DELETE:
    'The url of a DELETE must be a type and an id, such as Observation/123. Conditional deletes are not supported.',
} as const;

/**
 * Rejects an entry with an HTTP condition, such as `ifModifiedSince`, that this server doesn't support for the entry's
 * method. If the condition were ignored, the write could happen that it was meant to prevent.
 */
function checkConditions(request: unknown, method: FeedEntry['method']): RejectedOutcome | undefined {
  const has = (name: string): boolean => isObject(request) && request[name] !== undefined;
  for (const name of ['ifNoneMatch', 'ifModifiedSince'])
    if (has(name))
      return withPath(
        `request.${name}`,
        rejectInvalid(`${name} is a condition for reads. It can’t be used with writes.`),
      );
  if (has('ifMatch') && (method === 'POST' || !VERSION_ETAG.test(textAt(request, 'ifMatch') ?? '')))
    return withPath(
      'request.ifMatch',
      rejectInvalid('ifMatch can be used with PUT and DELETE only, and must name one version, such as W/"3".'),
    );
  if (has('ifNoneExist') && (method !== 'POST' || textAt(request, 'ifNoneExist') === undefined))
    return withPath(
      'request.ifNoneExist',
      rejectInvalid('ifNoneExist can be used with POST only, in the form identifier=system|value.'),
    );
  return undefined;
}

function checkResource(resource: unknown, type: string, id: string | undefined): RejectedOutcome | undefined {
  if (!isObject(resource)) return rejectInvalid('The entry has no resource.');
  if (textAt(resource, 'resourceType') !== type)
    return withPath('resource', rejectInvalid('The resource type differs from the type in the url.'));
  // FHIR R4 §3.1.0.4: an entry is invalid if the id in its resource differs from the id in its URL.
  return id !== undefined && textAt(resource, 'id') !== id
    ? withPath('resource.id', rejectInvalid('The id of the resource differs from the id in the url.'))
    : undefined;
}
