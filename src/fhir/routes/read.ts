import { isUuid, Problem, type RecordId } from '../../kernel/index.ts';
import type { EnforceContext } from '../core/context.ts';
import { enforceRead } from '../core/enforce.ts';
import { formOfId, servedId } from '../core/forms.ts';
import type { Pair } from '../core/search-request.ts';
import { subsetOfRead } from '../core/subset.ts';
import type { ServedType } from '../core/version.ts';
import { wasDeleted } from '../store/history.ts';
import { type ReadRow, readOne } from '../store/search.ts';
import { isKnown, type Known } from './conditional.ts';
import { shownOf } from './content.ts';
import type { Answer, FhirDeps } from './deps.ts';

/**
 * Reads one resource.
 * @throws Problem 404 if it doesn't exist or isn't allowed, 410 if it was deleted
 */
export async function answerRead(
  deps: FhirDeps,
  context: EnforceContext,
  served: ServedType,
  id: string,
  { pairs, known }: { readonly pairs: readonly Pair[]; readonly known: Known },
): Promise<Answer> {
  const subset = subsetOfRead(pairs);
  const { form: variant, id: stored } = formOfId(served, id);
  const query = enforceRead(context, variant, stored);
  if (/^[$_]/.test(id)) throw notOffered(served, id, context);
  const row = await readOne(deps.db, query);
  if (row === undefined) {
    const hasHistory = context.version.history !== undefined && isUuid(id);
    throw hasHistory && (await wasDeleted(deps.db, query)) ? gone() : notFound(`${served.name} with this id`);
  }
  const [etag, lastModified] = [entityTag(row), lastChange(row, context)];
  const headers = { etag, 'last-modified': lastModified.toUTCString() };
  const detail = { id: servedId(variant, row.id) };
  const supportsConditional = subset === undefined && row.alone !== false;
  if (supportsConditional && isKnown(known, { etag, changed: lastModified, now: context.now }))
    return notModified(headers, detail);
  return {
    body: shownOf(row, context, subset),
    headers,
    resources: 1,
    records: new Map(served.home === 'record' ? [[row.home as RecordId, 1]] : []),
    detail,
  };
}

/**
 * The response if the client already has the current version (RFC 9110 §15.4.5). The request is still recorded in the
 * audit log.
 */
export const notModified = (headers: Answer['headers'] & object, detail: Answer['detail']): Answer => ({
  status: 304,
  body: '',
  headers,
  resources: 0,
  records: new Map(),
  detail: { ...detail, notModified: true },
});

/**
 * FHIR R4 §3.1.0.11, §3.2: an id can't begin with `$` or `_`; the request is for an operation or a history of the type.
 */
function notOffered({ name }: ServedType, segment: string, { version }: EnforceContext): Problem {
  const isHistory = version.history !== undefined && segment.toLowerCase() === '_history';
  const instead = isHistory
    ? `A history is of one resource: /${name}/{id}/_history.`
    : 'What it has is listed at /metadata.';
  return new Problem('not-found', {
    status: 404,
    message: `This server has no ${segment.slice(0, 64)} of ${name}. ${instead}`,
  });
}

/**
 * For a resource with embedded resources, the time of the latest change of any of them, which is in its converted
 * content.
 */
const lastChange = (row: ReadRow, { version }: EnforceContext): Date =>
  row.type === version.part?.of ? new Date(JSON.parse(row.content).meta.lastUpdated) : row.last_updated;

/**
 * RFC 9110 §8.8.3: a newer converter may produce another representation of the same version, so the converter version
 * is part of the tag.
 */
const entityTag = ({ version, maker }: ReadRow): string =>
  `W/"${maker === undefined ? version : `${version}-${maker}`}"`;

/** FHIR R4 §3.1.0.1: sent only to clients that could have read the resource. To all others it never existed. */
export const gone = (): Problem =>
  new Problem('gone', { status: 410, message: 'It was deleted. Its history has the versions that there were.' });

/** The same message whether the resource doesn't exist, belongs to someone else, or is outside the granted scopes. */
export const notFound = (what: string): Problem =>
  new Problem('not-found', { status: 404, message: `There is no ${what} in what this access token is for.` });
