import type { RecordId } from '../../../kernel/index.ts';
import { type EnforcedEverything, enforceEverything } from '../../authorization/enforce.ts';
import type { EnforcementContext } from '../../authorization/enforcement-context.ts';
import { findVariantOfQuery } from '../../model/type-variants.ts';
import { DEFAULT_COUNT } from '../../search/common-parameters.ts';
import { encodeCursor, type PageCursor } from '../../search/cursor.ts';
import { searchPageUrl } from '../../search/page-url.ts';
import { requireSameSearch, searchDigest } from '../../search/search-digest.ts';
import type { QueryParameter } from '../../search/search-request.ts';
import type { FoundEverythingPage } from '../../store/query/everything-page.ts';
import { findFirstEverythingPage, findNextEverythingPage } from '../../store/query/everything-records.ts';
import type { IdList } from '../../store/query/id-lists.ts';
import { limitAllToRecords, mayMatch } from '../../store/query/limit-to-records.ts';
import { idListName } from '../../store/query/query-groups.ts';
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
 * Handles `$everything` (FHIR R4, OperationDefinition Patient-everything). One statement for each record counts the
 * resources, lists the ids of the page and reads the first contents. The page is recorded as disclosed before any of it
 * is sent. Further contents are read while the response is sent. See docs/decisions/030.
 */
export async function handleEverything(
  deps: FhirDeps,
  context: EnforcementContext,
  { id, pairs, strict }: EverythingCall,
): Promise<FhirResponse> {
  const named = enforceEverything(context, id, () => readEverythingParameters(pairs, context, strict));
  const [patientQuery, ...queries] = await limitAllToRecords(deps.db, [named.patientQuery, ...named.queries]);
  const enforced = { ...named, patientQuery, queries: queries.filter(mayMatch) };
  const { request: parameters } = enforced;
  const path = id === undefined ? 'Patient/$everything' : `Patient/${id.toLowerCase()}/$everything`;
  const search = requireSameSearch(parameters.cursor, () => searchDigest(context, path, parameters.understood));
  const page = await readPage(deps, enforced, search);
  if (page.total === 0 || enforced.queries.length === 0) await requirePatient(deps, { ...named, patientQuery });
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
    body: {
      head,
      isShort: countIds(page.idLists) <= FIRST_BATCH_ROWS,
      nextBatch: createEverythingBatches(deps, context, page, parameters),
    },
    ...disclosureCounts(context, page.idLists),
    detail: {
      operation: 'everything',
      parameters: names,
      ...(parameters.cursor === undefined ? { total: page.total } : {}),
    },
  };
}

interface EverythingPage extends Pick<FoundEverythingPage, 'idLists' | 'fetched'> {
  readonly total: number;
  /** Cursor of the next page; undefined on the last page. */
  readonly next: string | undefined;
}

/**
 * Number of resources whose contents the first statement reads. Later statements read a size that depends on the
 * contents before.
 */
const FIRST_BATCH_ROWS = 100;

async function readPage(
  { db, everythingCounts }: FhirDeps,
  { queries, request: parameters }: EnforcedEverything<EverythingParameters>,
  search: () => string,
): Promise<EverythingPage> {
  const { cursor } = parameters;
  if (cursor === undefined) {
    const count = parameters.count ?? WHOLE_RECORD;
    const page = await findFirstEverythingPage(db, queries, { count, withContent: FIRST_BATCH_ROWS }, everythingCounts);
    const { total, asOf = '-infinity' } = page;
    return { ...page, next: total > count ? cursorAfter(page, { total, asOf, search: search() }) : undefined };
  }
  // A request for a later page gets the default page size if it has no `_count`. The server's links always have it, so
  // only a URL that a client built itself may lack it.
  const count = parameters.count ?? DEFAULT_COUNT;
  const { sort, id, practice, asOf, total = 0 } = cursor;
  const position = { listName: sort.slice(EVERYTHING_SORT_PREFIX.length), id, practice };
  const request = { count, withContent: FIRST_BATCH_ROWS };
  const page = await findNextEverythingPage(db, queries, request, { position, asOf });
  return {
    ...page,
    total,
    next: page.total > count ? cursorAfter(page, { total, asOf, search: search() }) : undefined,
  };
}

/** Number of resources of a page that contains the whole record. */
const WHOLE_RECORD = 2 ** 31;

/** Returns the cursor of the page after the last resource of a page. A page without resources has none. */
function cursorAfter(
  { idLists }: FoundEverythingPage,
  first: Pick<PageCursor, 'asOf' | 'search' | 'total'>,
): string | undefined {
  const last = idLists.at(-1);
  const [id] = last?.ids.slice(last.ids.length - 1, last.ids.length) ?? [];
  if (last === undefined || id === undefined) return undefined;
  const sort = `${EVERYTHING_SORT_PREFIX}${idListName(last.query)}`;
  return encodeCursor({ sort, position: '-infinity', id, ...first, practice: last.practice });
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
