import { isUuid, Problem, type RecordId } from '../../kernel/index.ts';
import type { EnforceContext } from '../core/context.ts';
import { documentKind } from '../core/document-address.ts';
import { enforceDocuments, enforceRead } from '../core/enforce.ts';
import type { Pair } from '../core/search-request.ts';
import { subsetOfRead } from '../core/subset.ts';
import type { ServedType } from '../core/version.ts';
import { readDocument, readOne } from '../store/search.ts';
import { shownOf } from './content.ts';
import type { Answer, FhirDeps } from './deps.ts';

export async function answerRead(
  deps: FhirDeps,
  context: EnforceContext,
  served: ServedType,
  id: string,
  { pairs, known }: { readonly pairs: readonly Pair[]; readonly known: string | undefined },
): Promise<Answer> {
  const subset = subsetOfRead(pairs);
  const row = await readOne(deps.db, enforceRead(context, served, id));
  if (row === undefined) throw notFound(`${served.name} with this id`);
  const etag = `W/"${row.version}"`;
  const headers = { etag, 'last-modified': row.last_updated.toUTCString() };
  // What is known already does not leave: it is recorded that somebody asked.
  if (subset === undefined && isKnown(known, etag)) {
    return {
      status: 304,
      body: '',
      headers,
      resources: 0,
      records: new Map(),
      detail: { id: row.id, notModified: true },
    };
  }
  return {
    body: shownOf(row, context, subset),
    headers,
    resources: 1,
    records: new Map(served.home === 'record' ? [[row.home as RecordId, 1]] : []),
    detail: { id: row.id },
  };
}

/** RFC 9110 §13.1.2: one of the tags is the current one, strong or weak, or it is any. */
const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(',').some((one) => one.trim() === '*' || weak(one) === weak(etag)) ?? false;

const weak = (tag: string): string => tag.trim().replace(/^W\//, '');

/** The bytes of a document, never shown in our origin: whoever wrote it must not act there. */
export async function answerDocument(deps: FhirDeps, context: EnforceContext, id: string | undefined): Promise<Answer> {
  const query = enforceDocuments(context);
  const row = id !== undefined && isUuid(id) ? await readDocument(deps.db, query, id) : undefined;
  if (id === undefined || row === undefined) throw notFound('document with this id');
  return {
    body: row.bytes,
    contentType: row.content_type,
    headers: {
      'content-disposition': `attachment; filename="document-${id}.${documentKind(row.content_type)}"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    },
    resources: 1,
    records: new Map([[row.home as RecordId, 1]]),
    detail: { document: id, id: row.resource_id },
  };
}

/** The same words whether it does not exist, belongs to someone else or is outside the granted categories. */
export const notFound = (what: string): Problem =>
  new Problem('not-found', { status: 404, message: `There is no ${what} in what this access token is for.` });
