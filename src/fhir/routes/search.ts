import type { RecordId } from '../../kernel/index.ts';
import type { Condition } from '../core/condition.ts';
import type { EnforceContext } from '../core/context.ts';
import { encodeCursor } from '../core/cursor.ts';
import { type EnforcedQuery, enforceSearch } from '../core/enforce.ts';
import { pageLink } from '../core/links.ts';
import { type Pair, readSearch, type SearchRequest, sortName } from '../core/search-request.ts';
import type { Subset } from '../core/subset.ts';
import type { BundleEntry, FhirVersion, ServedType } from '../core/version.ts';
import { storedHome } from '../store/index-table.ts';
import { countMatches, type FoundMatch, type FoundRow, findAfter, findFirst } from '../store/search.ts';
import { shownOf } from './content.ts';
import type { Answer, FhirDeps } from './deps.ts';
import { includedWith } from './include.ts';
import { valueSetsNamed } from './value-sets.ts';

/** An operation that is a search with something more. */
interface Operation {
  readonly conditions: readonly Condition[];
  /** What it was asked by beside the search, for the links. */
  readonly pairs: readonly Pair[];
  /** Below the base. */
  readonly path: string;
}

/** One page of a search, as a Bundle. */
export async function answerSearch(
  deps: FhirDeps,
  context: EnforceContext,
  served: ServedType,
  pairs: readonly Pair[],
  strict: boolean,
  operation?: Operation,
): Promise<Answer> {
  const sets = await valueSetsNamed(deps, context, served, pairs);
  const { query, request } = enforceSearch(context, served, () => {
    const read = readSearch(pairs, { ...context, ...sets, served }, strict);
    return { ...read, conditions: [...read.conditions, ...(operation?.conditions ?? [])] };
  });
  const page = await readPage(deps, query, request);
  const included = await includedWith(deps, context, request.includes, page.rows);
  const entries = page.rows.map((row) => entryOf(row, context, 'match', request.subset));
  entries.push(...included.map((row) => entryOf(row, context, 'include', request.subset)));
  const understood = [...(operation?.pairs ?? []), ...request.understood];
  const link = (cursor?: string) => pageLink(context.base, operation?.path ?? served.name, understood, cursor);
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
  const records = recordsOf(page.rows, included);
  return { body, resources: entries.length, records, detail: { parameters: request.names, ...total } };
}

/** Clients of NextGen's API read the patient's id on the Bundle: its guide says so. */
const idOfPatient = ({ grant }: EnforceContext, query: EnforcedQuery): { readonly id?: string } =>
  grant.record !== undefined && query.place?.kind === 'record' ? { id: grant.record.patientId } : {};

function recordsOf(...lists: readonly (readonly FoundRow[])[]): ReadonlyMap<RecordId, number> {
  const counts = new Map<RecordId, number>();
  for (const rows of lists) {
    for (const { type, home } of rows) {
      // What is in a directory is of no record.
      if (storedHome(type) === 'record') counts.set(home as RecordId, (counts.get(home as RecordId) ?? 0) + 1);
    }
  }
  return counts;
}

interface Page {
  readonly rows: readonly FoundMatch[];
  readonly total: number | undefined;
  /** The cursor of the page after this one. */
  readonly next: string | undefined;
}

/** Later pages repeat the count of the first. */
async function readPage({ db, totals }: FhirDeps, query: EnforcedQuery, request: SearchRequest): Promise<Page> {
  const { count, cursor, sort, offset, counted } = request;
  if (count === 0)
    return { rows: [], total: cursor?.total ?? (await countMatches(db, query, totals)), next: undefined };
  const slice = { sort, limit: count, offset, counted };
  const found = await (cursor === undefined
    ? findFirst(db, query, slice, totals)
    : findAfter(db, query, slice, cursor));
  const { rows, more, total, asOf } = found;
  const last = rows.at(-1);
  if (!more || last === undefined) return { rows, total, next: undefined };
  const { position, id, practice } = last;
  return { rows, total, next: encodeCursor({ sort: sortName(sort), position, id, practice, total, asOf }) };
}

function entryOf(row: FoundRow, context: EnforceContext, mode: BundleEntry['mode'], subset?: Subset): BundleEntry {
  return {
    type: servedNames(context.version).get(row.type) ?? row.type,
    id: row.id,
    content: shownOf(row, context, subset),
    mode,
  };
}

const names = new WeakMap<FhirVersion, ReadonlyMap<string, string>>();

/** By the names that types are stored under. Of two with one name in the store the first counts. */
function servedNames(version: FhirVersion): ReadonlyMap<string, string> {
  const found =
    names.get(version) ?? new Map(version.types.map(({ stored, name }) => [stored, name] as const).reverse());
  names.set(version, found);
  return found;
}
