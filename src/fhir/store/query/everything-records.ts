import { Problem } from '../../../kernel/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { ReadDatabase } from './contents/read-contents.ts';
import {
  createEverythingCounts,
  type EverythingCounts,
  type EverythingPageRequest,
  type FoundEverythingPage,
  findFirstPageInRecord,
  findNextPageInRecord,
} from './everything-page.ts';
import type { IdList, IdSequence } from './id-lists.ts';
import { idListName } from './query-groups.ts';

/** Maximum number of records of one patient, each at another practice, that `$everything` returns. */
const MAX_RECORDS = 50;

/** Position of the last resource of a page. */
export interface EverythingPosition {
  /** Name of the id list; see `idListName`. */
  readonly listName: string;
  readonly id: string;
  /**
   * Practice of the patient record, if the query covers several practices. The practice identifies the record, because
   * the query is about one patient, and a practice has at most one record for a patient.
   */
  readonly practice: number | undefined;
}

interface AfterEverythingPosition {
  /** Position of the last resource on the previous page. */
  readonly position: EverythingPosition;
  /** Time of the latest change when the first page was read. */
  readonly asOf: string;
}

/**
 * Finds the first page, in the order of queries, practices and ids. Each record has a statement of its own, because a
 * distributed database can't count and list the resources of several records in one.
 * @param queries at most one query for each R4 type and projection (stored conversion); their records are known
 * @param counts default: no cache
 * @throws Problem 422 if the patient has too many records
 */
export const findFirstEverythingPage = (
  db: ReadDatabase,
  queries: readonly EnforcedQuery[],
  request: EverythingPageRequest,
  counts: EverythingCounts = createEverythingCounts(),
): Promise<FoundEverythingPage> =>
  readRecords(queries, request, (own, part) => findFirstPageInRecord(db, own.queries, part, counts));

/** Finds the page after a position. PostgreSQL doesn't read the resources before it. */
export function findNextEverythingPage(
  db: ReadDatabase,
  queries: readonly EnforcedQuery[],
  request: EverythingPageRequest,
  { position, asOf }: AfterEverythingPosition,
): Promise<FoundEverythingPage> {
  const current = queries.findIndex((query) => idListName(query) === position.listName);
  if (current < 0) return Promise.resolve(NOTHING);
  const rest = queries.slice(current);
  return readRecords(rest, request, (own, part) => {
    // The practice decides the order within a list. A position without it is in the only record.
    const { practice = own.practice } = position;
    const order = (own.practice ?? 0) - (practice ?? 0);
    const left = order < 0 ? own.queries.filter((query) => idListName(query) !== position.listName) : own.queries;
    const [head] = left;
    const isSame = order === 0 && head !== undefined && idListName(head) === position.listName;
    const after = isSame ? position.id : undefined;
    return findNextPageInRecord(db, left, part, { after, asOf });
  });
}

const NOTHING: FoundEverythingPage = { idLists: [], fetched: [], total: 0, asOf: undefined };

/** The queries that search a record, limited to it. */
interface QueriesOfRecord {
  /** Undefined if the queries may search only this record. */
  readonly practice: number | undefined;
  readonly queries: readonly EnforcedQuery[];
}

function byRecord(queries: readonly EnforcedQuery[]): readonly QueriesOfRecord[] {
  const practices = new Map<number, number | undefined>();
  for (const { scope } of queries) {
    if (scope?.kind === 'record') practices.set(scope.recordId, practices.get(scope.recordId));
    else for (const { recordId, practiceId } of scope?.records ?? []) practices.set(recordId, practiceId);
  }
  const limited = [...practices].map(([recordId, practice]) => ({
    practice,
    queries: queries.flatMap((query) => limitToRecord(query, recordId)),
  }));
  return limited.toSorted((a, b) => (a.practice ?? 0) - (b.practice ?? 0));
}

function limitToRecord(query: EnforcedQuery, recordId: number): readonly EnforcedQuery[] {
  const { scope } = query;
  if (scope?.kind === 'record') return scope.recordId === recordId ? [query] : [];
  const records = scope?.records?.filter((one) => one.recordId === recordId) ?? [];
  return scope === undefined || records.length === 0 ? [] : [{ ...query, scope: { ...scope, records } }];
}

/** Reads a page of each record, one after the other, and combines them. */
async function readRecords(
  queries: readonly EnforcedQuery[],
  request: EverythingPageRequest,
  read: (own: QueriesOfRecord, request: EverythingPageRequest) => Promise<FoundEverythingPage>,
): Promise<FoundEverythingPage> {
  const [first, ...others] = byRecord(queries);
  if (first === undefined) return NOTHING;
  if (others.length === 0) return read(first, request);
  if (others.length >= MAX_RECORDS) throw tooManyRecords();
  const withContent = Math.ceil(request.withContent / (1 + others.length));
  const pages = [await read(first, { ...request, withContent })];
  for (const own of others) pages.push(await read(own, { ...request, withContent }));
  const times = pages.flatMap(({ asOf }) => asOf ?? []);
  return {
    ...firstResources(queries.map(idListName), pages, request.count),
    total: pages.reduce((sum, { total }) => sum + total, 0),
    // Times in the text format of PostgreSQL sort chronologically when they are compared as text.
    asOf: times.toSorted().at(-1),
  };
}

/**
 * Returns the first ids of several pages, in the order of queries and practices, and the contents of as many of the
 * first ones as have been read.
 */
function firstResources(
  names: readonly string[],
  pages: readonly FoundEverythingPage[],
  count: number,
): Pick<FoundEverythingPage, 'idLists' | 'fetched'> {
  const all = pages.flatMap(({ idLists, fetched }) =>
    idLists.map((list) => ({
      list,
      rows: fetched.find(({ query, home }) => query === list.query && home === list.home)?.rows ?? [],
    })),
  );
  const position = ({ query }: IdList) => names.indexOf(idListName(query));
  all.sort((a, b) => position(a.list) - position(b.list) || (a.list.practice ?? 0) - (b.list.practice ?? 0));
  const idLists: IdList[] = [];
  const fetched: FoundEverythingPage['fetched'][number][] = [];
  let [left, isRead] = [count, true];
  for (const { list, rows } of all) {
    if (left === 0) break;
    const ids = firstIds(list.ids, left);
    left -= ids.length;
    idLists.push({ ...list, ids });
    if (!isRead) continue;
    const { query, home } = list;
    fetched.push({ query, home, rows: rows.slice(0, ids.length) });
    isRead = rows.length >= ids.length;
  }
  return { idLists, fetched };
}

const firstIds = (ids: IdSequence, count: number): IdSequence => (ids.length <= count ? ids : ids.slice(0, count));

const tooManyRecords = (): Problem =>
  new Problem('search-too-costly', {
    status: 422,
    message: `This patient has records at more than ${MAX_RECORDS} practices. Search each type with the parameter patient, or use a bulk export.`,
  });
