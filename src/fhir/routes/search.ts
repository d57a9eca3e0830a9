import { encodeCursor } from '../core/cursor.ts';
import { withDocumentAddresses } from '../core/document-address.ts';
import {
  DOCUMENT_TYPE,
  type EnforceContext,
  type EnforcedQuery,
  enforceProvenance,
  enforceSearch,
} from '../core/enforce.ts';
import { pageLink } from '../core/links.ts';
import { type Pair, readSearch, type SearchRequest, sortName } from '../core/search-request.ts';
import type { BundleEntry, ServedType } from '../core/version.ts';
import { countMatches, type FoundMatch, type FoundRow, findAfter, findAll, findFirst } from '../store/search.ts';
import type { Answer, FhirDeps } from './deps.ts';

/** One page of a search, as a Bundle. */
export async function answerSearch(
  deps: FhirDeps,
  context: EnforceContext,
  served: ServedType,
  pairs: readonly Pair[],
  strict: boolean,
): Promise<Answer> {
  const { query, request } = enforceSearch(context, served, () => readSearch(pairs, { ...context, served }, strict));
  const page = await readPage(deps, query, request);
  const included = request.provenance ? await provenanceOf(deps, context, page.rows) : [];
  const entries = [...page.rows.map((row) => entryOf(row, context, 'match')), ...included];
  const link = (cursor?: string) => pageLink(context.base, served.name, request.understood, cursor);
  const body = deps.version.bundle({
    base: context.base,
    self: link(),
    total: page.total,
    entries,
    ...(page.next === undefined ? {} : { next: link(page.next) }),
    // Clients of NextGen's API read the patient's id here: its guide says so.
    ...(served.stored === 'Patient' && entries.length > 0 ? { id: context.grant.patientId } : {}),
  });
  // Later pages have their total from the client.
  const total = request.cursor === undefined ? { total: page.total } : {};
  return { body, resources: entries.length, detail: { parameters: request.names, ...total } };
}

interface Page {
  readonly rows: readonly FoundMatch[];
  readonly total: number;
  /** The cursor of the page after this one. */
  readonly next: string | undefined;
}

/** Later pages repeat the count of the first. */
async function readPage({ db }: FhirDeps, query: EnforcedQuery, request: SearchRequest): Promise<Page> {
  const { count, cursor, sort } = request;
  if (count === 0) return { rows: [], total: cursor?.total ?? (await countMatches(db, query)), next: undefined };
  const slice = { sort, limit: count };
  const found = await (cursor === undefined ? findFirst(db, query, slice) : findAfter(db, query, slice, cursor));
  const { rows, more, total, asOf } = found;
  const last = rows.at(-1);
  if (!more || last === undefined) return { rows, total, next: undefined };
  return {
    rows,
    total,
    next: encodeCursor({ sort: sortName(sort), position: last.position, id: last.id, total, asOf }),
  };
}

async function provenanceOf(
  deps: FhirDeps,
  context: EnforceContext,
  rows: readonly FoundRow[],
): Promise<readonly BundleEntry[]> {
  const query = rows.length === 0 ? undefined : enforceProvenance(context, rows);
  if (query === undefined) return [];
  const found = await findAll(deps.db, query);
  return found.map((row) => entryOf(row, context, 'include'));
}

function entryOf(row: FoundRow, { version, base }: EnforceContext, mode: BundleEntry['mode']): BundleEntry {
  const type = version.types.find((served) => served.stored === row.type)?.name ?? row.type;
  return { type, id: row.id, content: contentOf(row, base), mode };
}

export const contentOf = (row: FoundRow, base: string): string =>
  row.type === DOCUMENT_TYPE ? withDocumentAddresses(row.content, base) : row.content;
