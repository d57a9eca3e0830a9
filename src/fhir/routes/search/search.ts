import type { RecordId } from '../../../kernel/index.ts';
import { type EnforcedQuery, isOwnRecord } from '../../authorization/enforce.ts';
import { enforceVariants, type VariantQuery } from '../../authorization/enforce-variants.ts';
import type { EnforcementContext } from '../../authorization/enforcement-context.ts';
import type { RowCondition } from '../../model/condition.ts';
import type { BundleEntry, ServedType } from '../../model/fhir-version.ts';
import { parametersForVariant, toServedId } from '../../model/type-variants.ts';
import { encodeCursor, invalidCursor, type PageCursor } from '../../search/cursor.ts';
import type { ElementSubset } from '../../search/element-subset.ts';
import { searchPageUrl } from '../../search/page-url.ts';
import { requireSameSearch, searchDigest } from '../../search/search-digest.ts';
import { type QueryParameter, readSearch, type SearchRequest, sortName } from '../../search/search-request.ts';
import { getStoredCompartment } from '../../store/index/index-definitions.ts';
import { type ChangePosition, practicesOfChangeSearch } from '../../store/query/changes-page.ts';
import { findCommittedInstant, limitToCommitted } from '../../store/query/committed-changes.ts';
import { limitVariantsToRecords } from '../../store/query/limit-to-records.ts';
import { findPatientsPage } from '../../store/query/patients-page.ts';
import { MAX_READ, pageTooFar, requireFew } from '../../store/query/require-few.ts';
import { requestedContent } from '../../store/query/resource-content.ts';
import {
  countMatches,
  findFirstPage,
  findNextPage,
  type RecordPage,
  type SearchMatchRow,
} from '../../store/query/search.ts';
import { searchVariants, type VariantMatch, type VariantMatches } from '../../store/query/search-variants.ts';
import type { PageRequest } from '../../store/query/sql/page-sql.ts';
import type { FhirDeps, FhirResponse } from '../deps.ts';
import { findIncluded } from './include.ts';
import type { VariantRow } from './include-trace.ts';
import { resolveValueSets } from './value-sets.ts';

/** Search conditions and parameters that an operation or the path of a compartment search adds to a search. */
interface SearchOperation {
  readonly conditions?: readonly RowCondition[];
  /** Parameters of the operation that aren't search parameters. The links of the Bundle repeat them. */
  readonly pairs?: readonly QueryParameter[];
  /**
   * Search parameter that the path of a compartment search implies, for example `patient` in `Patient/x/Observation`.
   */
  readonly parameter?: QueryParameter;
  /** Path below the base URL, for the links of the Bundle. */
  readonly path: string;
}

/** Searches one type and returns a page of the results as a Bundle. */
export async function handleSearch(
  deps: FhirDeps,
  context: EnforcementContext,
  served: ServedType,
  pairs: readonly QueryParameter[],
  strict: boolean,
  operation?: SearchOperation,
): Promise<FhirResponse> {
  const valueSets = await resolveValueSets(deps, context, served, pairs);
  const { parameter: criterion } = operation ?? {};
  const allPairs = criterion === undefined ? pairs : [criterion, ...pairs];
  const { variants, request } = enforceVariants(context, served, (variant) => {
    const variantPairs = parametersForVariant(served, variant, allPairs);
    if (variantPairs === undefined) return undefined;
    const read = readSearch(variantPairs, { ...context, ...valueSets, served: variant }, strict);
    return { ...read, conditions: [...read.conditions, ...(operation?.conditions ?? [])] };
  });
  // In a compartment search, the first applied parameter is always the one that the path implies. It is never ignored,
  // because it has a value and every type of the compartment supports it. It is removed here, so that links don't
  // repeat it.
  const found = criterion === undefined ? request.appliedParameters : request.appliedParameters.slice(1);
  const understood = [...(operation?.pairs ?? []), ...found];
  const path = operation?.path ?? served.name;
  const search = requireSameSearch(request.cursor, () => searchDigest(context, path, understood));
  await deps.upkeep?.requireIndex(variants.map(({ query }) => query));
  const searched = await limitVariantsToRecords(deps.db, await limitToCommitted(deps, variants));
  const page = await readPage(deps, searched, { ...request, search }, pageRecorder(deps, context, searched, request));
  const matches = page.rows.map((row) => ({ row, variant: variants[row.part ?? 0]?.variant ?? served }));
  const included = await findIncluded(deps, context, request.includes, matches);
  const entries = matches.map((one) => toEntry(one, context, 'match', request.subset));
  entries.push(...included.map((one) => toEntry(one, context, 'include', request.subset)));
  const link = (cursor?: string) => searchPageUrl(context.base, path, understood, cursor);
  const body = deps.version.bundle({
    base: context.base,
    self: link(),
    total: page.total,
    entries,
    ...(page.next === undefined ? {} : { next: link(page.next) }),
    ...(served.stored === 'Patient' && entries.length > 0 ? patientBundleId(context, variants[0]?.query) : {}),
  });
  // On later pages, the total comes from the client's cursor, so the audit log doesn't record it.
  const total = request.cursor === undefined ? { total: page.total } : {};
  const records = countByRecord([...matches, ...included]);
  return { body, resources: entries.length, records, detail: { parameters: request.auditNames, ...total } };
}

/**
 * Returns the patient's id as the id of the Bundle. The documentation of NextGen's API describes this, and NextGen's
 * clients read the id there.
 */
const patientBundleId = ({ grant }: EnforcementContext, query: EnforcedQuery | undefined): { readonly id?: string } =>
  grant.record !== undefined && query?.scope?.kind === 'record' ? { id: grant.record.patientId } : {};

/** Counts the matches in each patient record, for the disclosures in the audit log. */
function countByRecord(rows: readonly VariantRow[]): ReadonlyMap<RecordId, number> {
  const counts = new Map<RecordId, number>();
  for (const { row } of rows) {
    const home = row.home as RecordId;
    // Directory resources belong to no patient record.
    if (getStoredCompartment(row.type) === 'record') counts.set(home, (counts.get(home) ?? 0) + 1);
  }
  return counts;
}

/**
 * Returns what records the disclosure of a page in its statement. Undefined if the response discloses more than that
 * statement finds, or if a standby has the contents.
 */
function pageRecorder(
  { findRecorder, db }: FhirDeps,
  context: EnforcementContext,
  variants: readonly VariantQuery[],
  { includes, auditNames: parameters }: SearchRequest,
): RecordPage | undefined {
  const isWhole = variants.every(({ query }) => isOwnRecord(query, context)) && includes.length === 0;
  if (!findRecorder?.isFaster() || !isWhole || db.replica !== undefined) return undefined;
  return (statement) => findRecorder.findAndRecord(statement, { parameters });
}

interface SearchResultPage {
  readonly rows: readonly (SearchMatchRow & Partial<VariantMatch>)[];
  readonly total: number | undefined;
  /** Cursor of the next page; undefined on the last page. */
  readonly next: string | undefined;
}

/** A search request, with a function that computes the digest for its cursors. */
type PageSearch = SearchRequest & { readonly search: () => PageCursor['search'] };

/** Reads one page of matches and the total. Later pages repeat the total of the first page. */
async function readPage(
  deps: FhirDeps,
  enforced: readonly VariantQuery[],
  request: PageSearch,
  record: RecordPage | undefined,
): Promise<SearchResultPage> {
  const { db, totals } = deps;
  const { count, cursor, sort, offset, wantsTotal, search } = request;
  if (count === 0) return { rows: [], total: cursor?.total ?? (await countAll(deps, enforced)), next: undefined };
  if (sort.key.kind === 'patient') return readPatientsPage(deps, enforced, request);
  const [polledVariant] = enforced.filter(
    ({ query }) => enforced.length === 1 && practicesOfChangeSearch(query, sort) !== undefined,
  );
  const action = actionOfPage(request, polledVariant !== undefined);
  const variants = action === undefined ? enforced : await requireFewOf(deps, enforced, action);
  const slice = {
    sort,
    limit: count,
    offset,
    counted: wantsTotal ?? polledVariant === undefined,
    saidIfKnown: wantsTotal === undefined,
    byPractice: polledVariant === undefined || (await hasPracticeColumn(deps, polledVariant.query)),
  };
  const found = await findPage(db, variants, slice, cursor, totals, record);
  const { more, total, asOf, checkedUntil } = found;
  if (checkedUntil !== undefined && cursor === undefined && offset > 0) throw pageTooFar();
  const rows: SearchResultPage['rows'] = found.rows;
  const last: (ChangePosition & Partial<VariantMatch>) | undefined = checkedUntil ?? rows.at(-1);
  if (!more || last === undefined) return { rows, total, next: undefined };
  const { position, id, practice, part: variantIndex } = last;
  const next = encodeCursor({
    sort: sortName(sort),
    position,
    id,
    practice,
    variantIndex,
    total,
    asOf,
    search: search(),
  });
  return { rows, total, next };
}

type PageRows = Awaited<ReturnType<typeof findFirstPage>> | VariantMatches;

/**
 * Finds one page of matches. A search of one R4 type may take the total from the cache. A DSTU2 type may come from
 * several R4 types: then one statement finds and counts the matches of all.
 */
function findPage(
  db: FhirDeps['db'],
  variants: readonly VariantQuery[],
  slice: PageRequest,
  cursor: SearchRequest['cursor'],
  totals: FhirDeps['totals'],
  record: RecordPage | undefined,
): Promise<PageRows> {
  const [only, ...others] = variants;
  if (only === undefined || others.length > 0) return searchVariants(db, variants, slice, cursor);
  const variantSlice = { ...slice, sort: only.sort };
  return cursor === undefined
    ? findFirstPage(db, only.query, variantSlice, totals, record)
    : findNextPage(db, only.query, variantSlice, cursor, record);
}

/**
 * Returns why a page reads all that may match: to count it, or to sort it. Changes are read in their order, but not those
 * of several R4 types or of very many practices.
 */
function actionOfPage(
  { sort, isSortRequested, wantsTotal, cursor }: PageSearch,
  isPolled: boolean,
): 'count' | 'sort' | undefined {
  if (wantsTotal === true && cursor === undefined) return 'count';
  const isSorted = sort.key.kind === 'updated' ? !isPolled : isSortRequested;
  return isSorted ? 'sort' : undefined;
}

/** @throws Problem 422 if a query would read too many resources of whole practices */
async function requireFewOf(
  deps: FhirDeps,
  variants: readonly VariantQuery[],
  action: 'sort' | 'count',
): Promise<readonly VariantQuery[]> {
  const limited: VariantQuery[] = [];
  for (const variant of variants) {
    const { query } = variant;
    const isIndexed = await hasPracticeColumn(deps, query);
    limited.push(isIndexed ? { ...variant, query: await requireFew(deps.db, query, action) } : variant);
  }
  return limited;
}

const hasPracticeColumn = async ({ upkeep }: FhirDeps, query: EnforcedQuery): Promise<boolean> =>
  (await upkeep?.hasPracticeColumn(query)) ?? true;

/** Reads one page of a search over whole practices, patient by patient. */
async function readPatientsPage(
  deps: FhirDeps,
  variants: readonly VariantQuery[],
  { count, cursor, sort, offset: requestedOffset, wantsTotal, search }: PageSearch,
): Promise<SearchResultPage> {
  const { db } = deps;
  const offset = cursor === undefined ? requestedOffset : 0;
  if (cursor !== undefined && cursor.patient === undefined) throw invalidCursor();
  if (offset + count > MAX_READ) throw pageTooFar();
  // A link of the previous release has no time yet.
  const isFirst = cursor === undefined || cursor.asOf === 'infinity';
  const asOf = isFirst ? await findCommittedInstant(deps, variants) : cursor.asOf;
  const before = cursor?.patient?.before;
  const after = cursor && {
    patientId: cursor.patient?.id ?? '',
    practiceId: cursor.practice ?? 0,
    id: cursor.id,
    variantIndex: cursor.variantIndex,
    isOfMoves: cursor.patient?.isOfMoves === true,
  };
  const byPractice = (await Promise.all(variants.map(({ query }) => hasPracticeColumn(deps, query)))).every(Boolean);
  const wanted = { limit: count, offset, after, before, since: asOf, byPractice };
  const { rows, next } = await findPatientsPage(db, variants, wanted);
  if (offset > 0 && next !== undefined && rows.length < count) throw pageTooFar();
  const isWhole = cursor === undefined && offset === 0 && next === undefined;
  const total =
    wantsTotal === false
      ? undefined
      : isWhole
        ? rows.length
        : (cursor?.total ?? (wantsTotal === true && cursor === undefined ? await countAll(deps, variants) : undefined));
  if (next === undefined) return { rows, total, next };
  const { patientId, practiceId: practice, id, variantIndex, isOfMoves } = next;
  const patient = { id: patientId, isOfMoves, before };
  const cursorOf = {
    sort: sortName(sort),
    position: '-infinity',
    patient,
    id,
    total,
    asOf,
    search: search(),
    practice,
    variantIndex,
  };
  return { rows, total, next: encodeCursor(cursorOf) };
}

async function countAll(deps: FhirDeps, variants: readonly VariantQuery[]): Promise<number> {
  const { db, totals } = deps;
  const limited = await requireFewOf(deps, variants, 'count');
  const counts = await Promise.all(limited.map(({ query }) => countMatches(db, query, totals)));
  return counts.reduce((sum, one) => sum + one, 0);
}

const toEntry = (
  { row, variant }: VariantRow,
  context: EnforcementContext,
  mode: BundleEntry['mode'],
  subset?: ElementSubset,
): BundleEntry => ({
  type: variant.name,
  id: toServedId(variant, row.id),
  content: requestedContent(row, context, subset),
  mode,
});
