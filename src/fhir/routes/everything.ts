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

interface EverythingCall {
  /** The patient's id; undefined for the patient in context. */
  readonly id: string | undefined;
  readonly pairs: readonly Pair[];
  readonly strict: boolean;
}

/**
 * Handles `$everything` (FHIR R4, OperationDefinition Patient-everything). One statement lists the ids of all
 * resources, which are counted and recorded; their content is read while the response is sent. See docs/decisions/030.
 */
export async function answerEverything(
  deps: FhirDeps,
  context: EnforceContext,
  { id, pairs, strict }: EverythingCall,
): Promise<Answer> {
  const enforced = enforceEverything(context, id, () => readEverything(pairs, context, strict));
  const { asked: parameters } = enforced;
  const path = id === undefined ? 'Patient/$everything' : `Patient/${id.toLowerCase()}/$everything`;
  const search = searchDigest(context, path, parameters.understood);
  requireOwn(parameters.cursor, search);
  const page = await readPage(deps, enforced, search);
  if (page.total === 0 || enforced.queries.length === 0) await requirePatient(deps, enforced);
  const link = (cursor?: string) => pageLink(context.base, path, parameters.understood, cursor);
  const head = deps.version.bundle({
    base: context.base,
    self: link(),
    total: page.total,
    entries: [],
    ...(page.next === undefined ? {} : { next: link(page.next) }),
  });
  const names = [...new Set(parameters.understood.map(([name]) => name))];
  return {
    body: { head, batches: everythingBatches(deps, context, page.shelves, parameters) },
    ...disclosureCounts(context, page.shelves),
    detail: {
      operation: 'everything',
      parameters: names,
      ...(parameters.cursor === undefined ? { total: page.total } : {}),
    },
  };
}

interface EverythingPage {
  readonly shelves: readonly Shelf[];
  readonly total: number;
  /** The cursor of the next page. */
  readonly next: string | undefined;
}

async function readPage(
  { db }: FhirDeps,
  { queries, asked: parameters }: EnforcedEverything<EverythingAsked>,
  search: string,
): Promise<EverythingPage> {
  const { count, cursor } = parameters;
  if (cursor !== undefined) return laterPage(db, queries, { count: count ?? DEFAULT_COUNT, cursor });
  const { shelves, asOf } = await gather(db, queries, count !== undefined);
  const total = countIds(shelves);
  if (count === undefined || total <= count) return { shelves, total, next: undefined };
  return takePage(shelves, count, { total, asOf: asOf ?? '-infinity', search });
}

/** Page size if a client requests a later page without `_count`, which happens only if it builds the link itself. */
const DEFAULT_COUNT = 50;

async function laterPage(
  db: FhirDeps['db'],
  queries: EnforcedEverything['queries'],
  { count, cursor }: { readonly count: number; readonly cursor: NonNullable<EverythingAsked['cursor']> },
): Promise<EverythingPage> {
  const { sort, id, practice, asOf, total = 0, search } = cursor;
  const after = { shelf: sort.slice(EVERYTHING.length), id, practice };
  const shelves = count === 0 ? [] : await gatherAfter(db, queries, { place: after, asOf, limit: count + 1 });
  return takePage(shelves, count, { total, asOf, search });
}

/** Takes the first `count` ids of the lists, and the cursor of the next page if there are more. */
function takePage(
  shelves: readonly Shelf[],
  count: number,
  { total, asOf, search }: Pick<Cursor, 'asOf' | 'search'> & { readonly total: number },
): EverythingPage {
  let remaining = count;
  const taken = shelves.flatMap((shelf) => {
    const ids = shelf.ids.slice(0, remaining);
    remaining -= ids.length;
    return ids.length === 0 ? [] : [{ ...shelf, ids }];
  });
  const last = taken.at(-1);
  const id = last?.ids.at(-1);
  if (last === undefined || id === undefined || countIds(shelves) <= count)
    return { shelves: taken, total, next: undefined };
  const sort = `${EVERYTHING}${shelfName(last.query)}`;
  return {
    shelves: taken,
    total,
    next: encodeCursor({ sort, position: '-infinity', id, total, asOf, search, practice: last.practice }),
  };
}

const countIds = (shelves: readonly Shelf[]): number => shelves.reduce((sum, { ids }) => sum + ids.length, 0);

/** An empty result may mean that there is no such patient, which is reported like a failed read. */
async function requirePatient({ db }: FhirDeps, { queries, patient }: EnforcedEverything): Promise<void> {
  const exists = patient === undefined ? queries.length > 0 : (await countMatches(db, patient)) > 0;
  if (!exists) throw notFound('Patient with this id');
}

/** Counts the disclosed resources of records. Directory resources are about no patient. */
function disclosureCounts(
  { version }: EnforceContext,
  shelves: readonly Shelf[],
): Pick<Answer, 'resources' | 'records' | 'byType'> {
  const each = shelves.map(({ query, home, ids }) => ({
    recordId: home as RecordId,
    type: formOfQuery(version, query)?.name ?? query.type,
    resources: ids.length,
  }));
  // Several stored types may have the same name.
  const byType = [...Map.groupBy(each, ({ recordId, type }) => `${recordId} ${type}`).values()].flatMap((same) =>
    same.slice(0, 1).map((first) => ({ ...first, resources: same.reduce((sum, one) => sum + one.resources, 0) })),
  );
  const records = new Map<RecordId, number>();
  for (const { recordId, resources } of byType) records.set(recordId, (records.get(recordId) ?? 0) + resources);
  return { resources: countIds(shelves), records, byType };
}
