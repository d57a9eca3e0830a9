import { isUuid, Problem, type RecordId } from '../../../kernel/index.ts';
import { enforceRead, isOwnRecord } from '../../authorization/enforce.ts';
import type { EnforcementContext } from '../../authorization/enforcement-context.ts';
import type { ServedType } from '../../model/fhir-version.ts';
import { parseServedId, toServedId } from '../../model/type-variants.ts';
import { readSubsetParameters } from '../../search/element-subset.ts';
import type { QueryParameter } from '../../search/search-request.ts';
import { requestedContent } from '../../store/query/resource-content.ts';
import { type ReadResourceRow, readResource } from '../../store/query/search.ts';
import { wasDeleted } from '../../store/query/version-history.ts';
import type { FhirDeps, FhirResponse } from '../deps.ts';
import { type ConditionalHeaders, isNotModified } from '../request/conditional.ts';

/**
 * Reads one resource.
 * @throws Problem 404 if it doesn't exist or isn't allowed, 410 if it was deleted
 */
export async function handleRead(
  deps: FhirDeps,
  context: EnforcementContext,
  served: ServedType,
  id: string,
  {
    pairs,
    conditionalHeaders,
  }: { readonly pairs: readonly QueryParameter[]; readonly conditionalHeaders: ConditionalHeaders },
): Promise<FhirResponse> {
  const subset = readSubsetParameters(pairs);
  const { variant, id: stored } = parseServedId(served, id);
  const query = enforceRead(context, variant, stored);
  if (/^[$_]/.test(id)) throw notOffered(served, id, context);
  const { findRecorder } = deps;
  const isConditional = conditionalHeaders.tags !== undefined || conditionalHeaders.since !== undefined;
  const canRecord = !isConditional && isOwnRecord(query, context) && isStoredId(stored);
  const row = await readResource(
    deps.db,
    query,
    canRecord && findRecorder?.isFaster()
      ? (statement) => findRecorder.findAndRecord(statement, { id: toServedId(variant, stored) })
      : undefined,
  );
  if (row === undefined) {
    const hasHistory = context.version.history !== undefined && isUuid(id);
    throw hasHistory && (await wasDeleted(deps.db, query)) ? gone() : notFound(`${served.name} with this id`);
  }
  const [etag, lastModified] = [entityTag(row), lastChange(row, context)];
  const headers = { etag, 'last-modified': lastModified.toUTCString() };
  const detail = { id: toServedId(variant, row.id) };
  const supportsConditional = subset === undefined && row.alone !== false;
  if (supportsConditional && isNotModified(conditionalHeaders, { etag, changed: lastModified, now: context.now }))
    return notModified(headers, detail);
  return {
    body: requestedContent(row, context, subset),
    headers,
    resources: 1,
    records: new Map(served.compartment === 'record' ? [[row.home as RecordId, 1]] : []),
    detail,
  };
}

/** Whether an id is written as it is stored, so that the audit log can have it before the resource is found. */
const isStoredId = (id: string): boolean => isUuid(id) && id === id.toLowerCase();

/**
 * Builds the 304 response to a client that already has the current version (RFC 9110 §15.4.5). The request is still
 * recorded in the audit log.
 */
export const notModified = (
  headers: FhirResponse['headers'] & object,
  detail: FhirResponse['detail'],
): FhirResponse => ({
  status: 304,
  body: '',
  headers,
  resources: 0,
  records: new Map(),
  detail: { ...detail, notModified: true },
});

/**
 * Returns the Problem for a read whose id begins with `$` or `_`. Such a path isn't a read, but an operation (FHIR R4
 * §3.2) or the history of the type (§3.1.0.12), which this API doesn't have.
 */
function notOffered({ name }: ServedType, segment: string, { version }: EnforcementContext): Problem {
  const isHistory = version.history !== undefined && segment.toLowerCase() === '_history';
  const instead = isHistory
    ? `The history is available for one resource at a time: /${name}/{id}/_history.`
    : '/metadata lists what it supports.';
  return new Problem('not-found', {
    status: 404,
    message: `This server does not support ${segment.slice(0, 64)} on ${name}. ${instead}`,
  });
}

/**
 * Returns the time of the last change of a resource. A DSTU2 Practitioner contains PractitionerRoles, and its converted
 * content has the time of the latest change of any of them.
 */
const lastChange = (row: ReadResourceRow, { version }: EnforcementContext): Date =>
  row.type === version.embedded?.parentType ? new Date(JSON.parse(row.content).meta.lastUpdated) : row.last_updated;

/**
 * Builds the entity tag of a resource. RFC 9110 §8.8.3: a newer converter to DSTU2 may produce another representation
 * of the same version, so the tag contains the converter version too.
 */
const entityTag = ({ version, maker }: ReadResourceRow): string =>
  `W/"${maker === undefined ? version : `${version}-${maker}`}"`;

/**
 * Builds the 410 response for a deleted resource (FHIR R4 §3.1.0.2, read). It is sent only to clients that could have
 * read the resource. To others, a deleted resource looks as if it never existed.
 */
export const gone = (): Problem =>
  new Problem('gone', { status: 410, message: 'The resource was deleted. Its history has the earlier versions.' });

/**
 * Builds the 404 response. Its message is the same whether the resource doesn't exist, belongs to someone else, or is
 * outside the granted scopes.
 */
export const notFound = (what: string): Problem =>
  new Problem('not-found', { status: 404, message: `The data of this access token has no ${what}.` });
