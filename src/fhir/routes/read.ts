import { isUuid, Problem, type RecordId } from '../../kernel/index.ts';
import type { EnforceContext } from '../core/context.ts';
import { documentKind } from '../core/document-address.ts';
import { enforceDocuments, enforceRead } from '../core/enforce.ts';
import type { ServedType } from '../core/version.ts';
import { readDocument, readOne } from '../store/search.ts';
import type { Answer, FhirDeps } from './deps.ts';
import { contentOf } from './search.ts';

export async function answerRead(
  deps: FhirDeps,
  context: EnforceContext,
  served: ServedType,
  id: string,
): Promise<Answer> {
  const row = await readOne(deps.db, enforceRead(context, served, id));
  if (row === undefined) throw notFound(`${served.name} with this id`);
  return {
    body: contentOf(row, context.base),
    headers: { etag: `W/"${row.version}"`, 'last-modified': row.last_updated.toUTCString() },
    resources: 1,
    records: new Map(served.home === 'record' ? [[row.home as RecordId, 1]] : []),
    detail: { id: row.id },
  };
}

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
const notFound = (what: string) =>
  new Problem('not-found', { status: 404, message: `There is no ${what} in what this access token is for.` });
