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

export async function answerRead(
  deps: FhirDeps,
  context: EnforceContext,
  served: ServedType,
  id: string,
  { pairs, known }: { readonly pairs: readonly Pair[]; readonly known: Known },
): Promise<Answer> {
  const subset = subsetOfRead(pairs);
  const { form, id: stored } = formOfId(served, id);
  const query = enforceRead(context, form, stored);
  if (/^[$_]/.test(id)) throw notOffered(served, id, context);
  const row = await readOne(deps.db, query);
  if (row === undefined) {
    const keepsVersions = context.version.history !== undefined && isUuid(id);
    throw keepsVersions && (await wasDeleted(deps.db, query)) ? gone() : notFound(`${served.name} with this id`);
  }
  const [etag, changed] = [etagOf(row), lastChangeOf(row, context)];
  const headers = { etag, 'last-modified': changed.toUTCString() };
  const detail = { id: servedId(form, row.id) };
  const mayBeKnown = subset === undefined && row.alone !== false;
  if (mayBeKnown && isKnown(known, { etag, changed, now: context.now })) return notModified(headers, detail);
  return {
    body: shownOf(row, context, subset),
    headers,
    resources: 1,
    records: new Map(served.home === 'record' ? [[row.home as RecordId, 1]] : []),
    detail,
  };
}

/** What is known already does not leave: it is recorded that somebody asked. RFC 9110 §15.4.5 */
export const notModified = (headers: Answer['headers'] & object, detail: Answer['detail']): Answer => ({
  status: 304,
  body: '',
  headers,
  resources: 0,
  records: new Map(),
  detail: { ...detail, notModified: true },
});

/** FHIR R4 §3.1.0.11, §3.2: what begins like this is no id, but something that is done with a type. */
function notOffered({ name }: ServedType, word: string, { version }: EnforceContext): Problem {
  const isHistory = version.history !== undefined && word.toLowerCase() === '_history';
  const instead = isHistory
    ? `A history is of one resource: /${name}/{id}/_history.`
    : 'What it has is listed at /metadata.';
  return new Problem('not-found', {
    status: 404,
    message: `This server has no ${word.slice(0, 64)} of ${name}. ${instead}`,
  });
}

/** What has parts in the version tells when the last of them changed. */
const lastChangeOf = (row: ReadRow, { version }: EnforceContext): Date =>
  row.type === version.part?.of ? new Date(JSON.parse(row.content).meta.lastUpdated) : row.last_updated;

/** RFC 9110 §8.8.3: what a later conversion makes of the same version is another representation of it. */
const etagOf = ({ version, maker }: ReadRow): string => `W/"${maker === undefined ? version : `${version}-${maker}`}"`;

/** FHIR R4 §3.1.0.1: for those alone who could have read it; to everybody else it was never there. */
export const gone = (): Problem =>
  new Problem('gone', { status: 410, message: 'It was deleted. Its history has the versions that there were.' });

/** The same words whether it does not exist, belongs to someone else or is outside the granted categories. */
export const notFound = (what: string): Problem =>
  new Problem('not-found', { status: 404, message: `There is no ${what} in what this access token is for.` });
