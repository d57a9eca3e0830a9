import type { RecordId } from '../../../kernel/index.ts';
import { type EnforcedEverything, enforceEverything } from '../../authorization/enforce.ts';
import type { EnforcementContext } from '../../authorization/enforcement-context.ts';
import { findVariantOfQuery } from '../../model/type-variants.ts';
import { DEFAULT_COUNT } from '../../search/common-parameters.ts';
import { encodeCursor, type PageCursor } from '../../search/cursor.ts';
import { searchPageUrl } from '../../search/page-url.ts';
import { requireSameSearch, searchDigest } from '../../search/search-digest.ts';
import type { QueryParameter } from '../../search/search-request.ts';
import { collectIds, collectIdsAfter, type IdList, idListName } from '../../store/query/id-lists.ts';
import { countMatches } from '../../store/query/search.ts';
import type { FhirDeps, FhirResponse } from '../deps.ts';
import { notFound } from '../read/read.ts';
import { createEverythingBatches } from './everything-batches.ts';
import {
  EVERYTHING_SORT_PREFIX,
  type EverythingParameters,
  readEverythingParameters,
} from './everything-parameters.ts';

interface EverythingCall {
  /** Id of the patient in the URL. undefined means the patient in the launch context. */
  readonly id: string | undefined;
  readonly pairs: readonly QueryParameter[];
  readonly strict: boolean;
}

/**
 * Handles `$everything` (FHIR R4, OperationDefinition Patient-everything). One statement lists the ids of all
 * resources, which are counted and recorded as disclosed. The content is read while the response is sent. See
 * docs/decisions/030.
 */
export async function handleEverything(
  deps: FhirDeps,
  context: EnforcementContext,
  { id, pairs, strict }: EverythingCall,
): Promise<FhirResponse> {
  const enforced = enforceEverything(context, id, () => readEverythingParameters(pairs, context, strict));
  const { request: parameters } = enforced;
  const path = id === undefined ? 'Patient/$everything' : `Patient/${id.toLowerCase()}/$everything`;
  const search = searchDigest(context, path, parameters.understood);
  requireSameSearch(parameters.cursor, search);
  const page = await readPage(deps, enforced, search);
  if (page.total === 0 || enforced.queries.length === 0) await requirePatient(deps, enforced);
  const link = (cursor?: string) => searchPageUrl(context.base, path, parameters.understood, cursor);
  const head = deps.version.bundle({
    base: context.base,
    self: link(),
    total: page.total,
    entries: [],
    ...(page.next === undefined ? {} : { next: link(page.next) }),
  });
  const names = [...new Set(parameters.understood.map(([name]) => name))];
  return {
    body: { head, nextBatch: createEverythingBatches(deps, context, page.idLists, parameters) },
    ...disclosureCounts(context, page.idLists),
    detail: {
      operation: 'everything',
      parameters: names,
      ...(parameters.cursor === undefined ? { total: page.total } : {}),
    },
  };
}

interface EverythingPage {
  readonly idLists: readonly IdList[];
  readonly total: number;
  /** Cursor of the next page; undefined on the last page. */
  readonly next: string | undefined;
}

async function readPage(
  { db }: FhirDeps,
  { queries, request: parameters }: EnforcedEverything<EverythingParameters>,
  search: string,
): Promise<EverythingPage> {
  const { count, cursor } = parameters;
  // A request for a later page gets the default page size if it has no `_count`. The server's links always have it, so
  // only a URL that a client built itself may lack it.
  if (cursor !== undefined) return laterPage(db, queries, { count: count ?? DEFAULT_COUNT, cursor });
  const { idLists, asOf } = await collectIds(db, queries, count !== undefined);
  const total = countIds(idLists);
  if (count === undefined || total <= count) return { idLists, total, next: undefined };
  return takePage(idLists, count, { total, asOf: asOf ?? '-infinity', search });
}

async function laterPage(
  db: FhirDeps['db'],
  queries: EnforcedEverything['queries'],
  { count, cursor }: { readonly count: number; readonly cursor: NonNullable<EverythingParameters['cursor']> },
): Promise<EverythingPage> {
  const { sort, id, practice, asOf, total = 0, search } = cursor;
  const after = { listName: sort.slice(EVERYTHING_SORT_PREFIX.length), id, practice };
  const idLists = count === 0 ? [] : await collectIdsAfter(db, queries, { position: after, asOf, limit: count + 1 });
  return takePage(idLists, count, { total, asOf, search });
}

/** Returns the first page of the listed ids, and the cursor of the next page if there are more ids. */
function takePage(
  idLists: readonly IdList[],
  count: number,
  { total, asOf, search }: Pick<PageCursor, 'asOf' | 'search'> & { readonly total: number },
): EverythingPage {
  let remaining = count;
  const pageLists = idLists.flatMap((idList) => {
    const ids = idList.ids.slice(0, remaining);
    remaining -= ids.length;
    return ids.length === 0 ? [] : [{ ...idList, ids }];
  });
  const last = pageLists.at(-1);
  const id = last?.ids.at(-1);
  if (last === undefined || id === undefined || countIds(idLists) <= count)
    return { idLists: pageLists, total, next: undefined };
  const sort = `${EVERYTHING_SORT_PREFIX}${idListName(last.query)}`;
  return {
    idLists: pageLists,
    total,
    next: encodeCursor({ sort, position: '-infinity', id, total, asOf, search, practice: last.practice }),
  };
}

const countIds = (idLists: readonly IdList[]): number => idLists.reduce((sum, { ids }) => sum + ids.length, 0);

/**
 * Throws 404, as a read would, if there is no such patient. An empty result alone doesn't show whether there is one.
 */
async function requirePatient({ db }: FhirDeps, { queries, patientQuery }: EnforcedEverything): Promise<void> {
  const exists = patientQuery === undefined ? queries.length > 0 : (await countMatches(db, patientQuery)) > 0;
  if (!exists) throw notFound('Patient with this id');
}

/**
 * Counts the disclosed resources by patient record. Directory resources, which are about no patient, are not counted.
 */
function disclosureCounts(
  { version }: EnforcementContext,
  idLists: readonly IdList[],
): Pick<FhirResponse, 'resources' | 'records' | 'byType'> {
  const each = idLists.map(({ query, home, ids }) => ({
    recordId: home as RecordId,
    type: findVariantOfQuery(version, query)?.name ?? query.type,
    resources: ids.length,
  }));
  // Several stored types may have the same DSTU2 name, so their counts are added up.
  const byType = [...Map.groupBy(each, ({ recordId, type }) => `${recordId} ${type}`).values()].flatMap((same) =>
    same.slice(0, 1).map((first) => ({ ...first, resources: same.reduce((sum, one) => sum + one.resources, 0) })),
  );
  const records = new Map<RecordId, number>();
  for (const { recordId, resources } of byType) records.set(recordId, (records.get(recordId) ?? 0) + resources);
  return { resources: countIds(idLists), records, byType };
}
