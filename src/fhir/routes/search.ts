import type { RecordId } from '../../kernel/index.ts';
import type { EnforceContext } from '../core/context.ts';
import { encodeCursor } from '../core/cursor.ts';
import { withDocumentAddresses } from '../core/document-address.ts';
import { DOCUMENT_TYPE, type EnforcedQuery, enforceProvenance, enforceSearch } from '../core/enforce.ts';
import { pageLink } from '../core/links.ts';
import { type Pair, readSearch, type SearchRequest, sortName } from '../core/search-request.ts';
import type { BundleEntry, ServedType } from '../core/version.ts';
import { withoutTargets } from '../core/without-targets.ts';
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
  const entries = [
    ...page.rows.map((row) => entryOf(row, context, 'match')),
    ...included.map((row) => entryOf(row, context, 'include')),
  ];
  const link = (cursor?: string) => pageLink(context.base, served.name, request.understood, cursor);
  const body = deps.version.bundle({
    base: context.base,
    self: link(),
    total: page.total,
    entries,
    ...(page.next === undefined ? {} : { next: link(page.next) }),
    ...(served.stored === 'Patient' && entries.length > 0 ? idOfPatient(context, query) : {}),
  });
  // Later pages have their total from the client.
  const total = request.cursor === undefined ? { total: page.total } : {};
  const records = served.home === 'record' ? recordsOf([...page.rows, ...included]) : new Map();
  return { body, resources: entries.length, records, detail: { parameters: request.names, ...total } };
}

/** Clients of NextGen's API read the patient's id on the Bundle: its guide says so. */
const idOfPatient = ({ grant }: EnforceContext, query: EnforcedQuery): { readonly id?: string } =>
  grant.record !== undefined && query.place?.kind === 'record' ? { id: grant.record.patientId } : {};

function recordsOf(rows: readonly FoundRow[]): ReadonlyMap<RecordId, number> {
  const counts = new Map<RecordId, number>();
  for (const { home } of rows) counts.set(home as RecordId, (counts.get(home as RecordId) ?? 0) + 1);
  return counts;
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
  const { position, id, practice } = last;
  return { rows, total, next: encodeCursor({ sort: sortName(sort), position, id, practice, total, asOf }) };
}

async function provenanceOf(
  deps: FhirDeps,
  context: EnforceContext,
  rows: readonly FoundRow[],
): Promise<readonly FoundRow[]> {
  const query = rows.length === 0 ? undefined : enforceProvenance(context, rows);
  return query === undefined ? [] : findAll(deps.db, query);
}

function entryOf(row: FoundRow, { version, base }: EnforceContext, mode: BundleEntry['mode']): BundleEntry {
  const type = version.types.find((served) => served.stored === row.type)?.name ?? row.type;
  return { type, id: row.id, content: contentOf(row, base), mode };
}

/** Read, and written again, only where a part of it is not seen. */
export function contentOf({ type, content, unseen = [] }: FoundRow, base: string): string {
  if (unseen.length > 0) return withoutTargets(content, unseen);
  return type === DOCUMENT_TYPE ? withDocumentAddresses(content, base) : content;
}
