import type { RecordId } from '../../kernel/index.ts';
import type { EnforceContext } from '../core/context.ts';
import { type Cursor, encodeCursor } from '../core/cursor.ts';
import { type EnforcedEverything, enforceEverything } from '../core/enforce.ts';
import { formOfQuery } from '../core/forms.ts';
import { pageLink } from '../core/links.ts';
import { requireOwn, searchDigest } from '../core/search-digest.ts';
import type { Pair } from '../core/search-request.ts';
import { gather, gatherAfter, type Shelf, shelfName } from '../store/everything.ts';
import { countMatches } from '../store/search.ts';
import type { Answer, FhirDeps } from './deps.ts';
import { EVERYTHING, type EverythingAsked, readEverything } from './everything-asked.ts';
import { everythingBatches } from './everything-batches.ts';
import { notFound } from './read.ts';

interface Given {
  /** Of the patient; undefined: the one in context. */
  readonly id: string | undefined;
  readonly pairs: readonly Pair[];
  readonly strict: boolean;
}

/**
 * FHIR R4, OperationDefinition Patient-everything. First the ids of all there is are gathered, in one statement: these are
 * counted and recorded. What they stand for is read while it is sent. See docs/decisions/030.
 */
export async function answerEverything(
  deps: FhirDeps,
  context: EnforceContext,
  { id, pairs, strict }: Given,
): Promise<Answer> {
  const enforced = enforceEverything(context, id, () => readEverything(pairs, context, strict));
  const { asked } = enforced;
  const path = id === undefined ? 'Patient/$everything' : `Patient/${id.toLowerCase()}/$everything`;
  const search = searchDigest(context, path, asked.understood);
  requireOwn(asked.cursor, search);
  const page = await pageOf(deps, enforced, search);
  if (page.total === 0 || enforced.queries.length === 0) await requirePatient(deps, enforced);
  const link = (cursor?: string) => pageLink(context.base, path, asked.understood, cursor);
  const head = deps.version.bundle({
    base: context.base,
    self: link(),
    total: page.total,
    entries: [],
    ...(page.next === undefined ? {} : { next: link(page.next) }),
  });
  const names = [...new Set(asked.understood.map(([name]) => name))];
  return {
    body: { head, batches: everythingBatches(deps, context, page.shelves, asked) },
    ...countsOf(context, page.shelves),
    detail: {
      operation: 'everything',
      parameters: names,
      ...(asked.cursor === undefined ? { total: page.total } : {}),
    },
  };
}

interface Page {
  readonly shelves: readonly Shelf[];
  readonly total: number;
  /** The cursor of the page after this one. */
  readonly next: string | undefined;
}

async function pageOf(
  { db }: FhirDeps,
  { queries, asked }: EnforcedEverything<EverythingAsked>,
  search: string,
): Promise<Page> {
  const { count, cursor } = asked;
  if (cursor !== undefined) return laterPage(db, queries, { count: count ?? DEFAULT, cursor });
  const { shelves, asOf } = await gather(db, queries, count !== undefined);
  const total = sizeOf(shelves);
  if (count === undefined || total <= count) return { shelves, total, next: undefined };
  return cut(shelves, count, { total, asOf: asOf ?? '-infinity', search });
}

/** Of a page that is asked for without its size, which only a client does that writes links itself. */
const DEFAULT = 50;

async function laterPage(
  db: FhirDeps['db'],
  queries: EnforcedEverything['queries'],
  { count, cursor }: { readonly count: number; readonly cursor: NonNullable<EverythingAsked['cursor']> },
): Promise<Page> {
  const { sort, id, practice, asOf, total = 0, search } = cursor;
  const place = { shelf: sort.slice(EVERYTHING.length), id, practice };
  const shelves = count === 0 ? [] : await gatherAfter(db, queries, { place, asOf, limit: count + 1 });
  return cut(shelves, count, { total, asOf, search });
}

/** The first so many of what is on the shelves, and the cursor that leads on, if there is more. */
function cut(
  shelves: readonly Shelf[],
  count: number,
  { total, asOf, search }: Pick<Cursor, 'asOf' | 'search'> & { readonly total: number },
): Page {
  let left = count;
  const taken = shelves.flatMap((shelf) => {
    const ids = shelf.ids.slice(0, left);
    left -= ids.length;
    return ids.length === 0 ? [] : [{ ...shelf, ids }];
  });
  const last = taken.at(-1);
  const id = last?.ids.at(-1);
  if (last === undefined || id === undefined || sizeOf(shelves) <= count)
    return { shelves: taken, total, next: undefined };
  const sort = `${EVERYTHING}${shelfName(last.query)}`;
  return {
    shelves: taken,
    total,
    next: encodeCursor({ sort, position: '-infinity', id, total, asOf, search, practice: last.practice }),
  };
}

const sizeOf = (shelves: readonly Shelf[]): number => shelves.reduce((sum, { ids }) => sum + ids.length, 0);

/** Where there is nothing, there may be no such patient: that is said as a read says it. */
async function requirePatient({ db }: FhirDeps, { queries, patient }: EnforcedEverything): Promise<void> {
  const isThere = patient === undefined ? queries.length > 0 : (await countMatches(db, patient)) > 0;
  if (!isThere) throw notFound('Patient with this id');
}

/** Of the records: what is of a directory is about nobody. */
function countsOf(
  { version }: EnforceContext,
  shelves: readonly Shelf[],
): Pick<Answer, 'resources' | 'records' | 'byType'> {
  const each = shelves.map(({ query, home, ids }) => ({
    recordId: home as RecordId,
    type: formOfQuery(version, query)?.name ?? query.type,
    resources: ids.length,
  }));
  // Several stored types may have one name.
  const byType = [...Map.groupBy(each, ({ recordId, type }) => `${recordId} ${type}`).values()].flatMap((same) =>
    same.slice(0, 1).map((first) => ({ ...first, resources: same.reduce((sum, one) => sum + one.resources, 0) })),
  );
  const records = new Map<RecordId, number>();
  for (const { recordId, resources } of byType) records.set(recordId, (records.get(recordId) ?? 0) + resources);
  return { resources: sizeOf(shelves), records, byType };
}
