import type { RecordId } from '../../kernel/index.ts';
import type { Condition } from '../core/condition.ts';
import type { EnforceContext } from '../core/context.ts';
import { type Cursor, encodeCursor } from '../core/cursor.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import { enforceForms, type FormQuery } from '../core/enforce-forms.ts';
import { pairsOfForm, servedId } from '../core/forms.ts';
import { pageLink } from '../core/links.ts';
import { requireOwn, searchDigest } from '../core/search-digest.ts';
import { type Pair, readSearch, type SearchRequest, sortName } from '../core/search-request.ts';
import type { Subset } from '../core/subset.ts';
import type { BundleEntry, ServedType } from '../core/version.ts';
import { practicesPolled } from '../store/changes.ts';
import { storedHome } from '../store/index-table.ts';
import type { Slice } from '../store/page.ts';
import { countMatches, type FoundMatch, findAfter, findFirst } from '../store/search.ts';
import { type FormMatch, type FormMatches, findOfForms } from '../store/search-forms.ts';
import { shownOf } from './content.ts';
import type { Answer, FhirDeps } from './deps.ts';
import { includedWith } from './include.ts';
import type { RowOfForm } from './include-along.ts';
import { valueSetsNamed } from './value-sets.ts';

/** An operation that is a search with additional conditions, or a search within a compartment. */
interface SearchOperation {
  readonly conditions?: readonly Condition[];
  /** Parameters of the operation that aren't search parameters. Links repeat them. */
  readonly pairs?: readonly Pair[];
  /** A parameter that is implied by the path of a compartment search. */
  readonly criterion?: Pair;
  /** Path below the base URL. */
  readonly path: string;
}

/** Searches one type and returns a page of the results as a Bundle. */
export async function answerSearch(
  deps: FhirDeps,
  context: EnforceContext,
  served: ServedType,
  pairs: readonly Pair[],
  strict: boolean,
  operation?: SearchOperation,
): Promise<Answer> {
  const valueSets = await valueSetsNamed(deps, context, served, pairs);
  const { criterion } = operation ?? {};
  const allPairs = criterion === undefined ? pairs : [criterion, ...pairs];
  const { forms: variants, request } = enforceForms(context, served, (variant) => {
    const variantPairs = pairsOfForm(served, variant, allPairs);
    if (variantPairs === undefined) return undefined;
    const read = readSearch(variantPairs, { ...context, ...valueSets, served: variant }, strict);
    return { ...read, conditions: [...read.conditions, ...(operation?.conditions ?? [])] };
  });
  // The criterion is the first understood parameter, because it has a value and every type of the compartment has the
  // parameter.
  const found = criterion === undefined ? request.understood : request.understood.slice(1);
  const understood = [...(operation?.pairs ?? []), ...found];
  const path = operation?.path ?? served.name;
  const search = searchDigest(context, path, understood);
  requireOwn(request.cursor, search);
  await deps.upkeep?.requireIndex(variants.map(({ query }) => query));
  const page = await readPage(deps, variants, { ...request, search });
  const matches = page.rows.map((row) => ({ row, form: variants[row.part ?? 0]?.form ?? served }));
  const included = await includedWith(deps, context, request.includes, matches);
  const entries = matches.map((one) => toEntry(one, context, 'match', request.subset));
  entries.push(...included.map((one) => toEntry(one, context, 'include', request.subset)));
  const link = (cursor?: string) => pageLink(context.base, path, understood, cursor);
  const body = deps.version.bundle({
    base: context.base,
    self: link(),
    total: page.total,
    entries,
    ...(page.next === undefined ? {} : { next: link(page.next) }),
    ...(served.stored === 'Patient' && entries.length > 0 ? patientBundleId(context, variants[0]?.query) : {}),
  });
  // The total of later pages comes from the client's cursor, so it isn't recorded.
  const total = request.cursor === undefined ? { total: page.total } : {};
  const records = countByRecord([...matches, ...included]);
  return { body, resources: entries.length, records, detail: { parameters: request.names, ...total } };
}

/** The API of NextGen documents that the Bundle has the patient's id, and its clients read it there. */
const patientBundleId = ({ grant }: EnforceContext, query: EnforcedQuery | undefined): { readonly id?: string } =>
  grant.record !== undefined && query?.place?.kind === 'record' ? { id: grant.record.patientId } : {};

function countByRecord(rows: readonly RowOfForm[]): ReadonlyMap<RecordId, number> {
  const counts = new Map<RecordId, number>();
  for (const { row } of rows) {
    const home = row.home as RecordId;
    // Directory resources belong to no record.
    if (storedHome(row.type) === 'record') counts.set(home, (counts.get(home) ?? 0) + 1);
  }
  return counts;
}

interface SearchResultPage {
  readonly rows: readonly (FoundMatch & Partial<FormMatch>)[];
  readonly total: number | undefined;
  /** The cursor of the next page. */
  readonly next: string | undefined;
}

/** Later pages repeat the total of the first page. */
async function readPage(
  { db, totals, upkeep }: FhirDeps,
  variants: readonly FormQuery[],
  request: SearchRequest & Pick<Cursor, 'search'>,
): Promise<SearchResultPage> {
  const { count, cursor, sort, offset, counted, search } = request;
  if (count === 0) return { rows: [], total: cursor?.total ?? (await countAll(db, variants, totals)), next: undefined };
  const [polledVariant] = variants.filter(
    ({ query }) => variants.length === 1 && practicesPolled(query, sort) !== undefined,
  );
  const slice = {
    sort,
    limit: count,
    offset,
    counted: counted ?? polledVariant === undefined,
    saidIfKnown: counted === undefined,
    byPractice: polledVariant === undefined || ((await upkeep?.knowsPractices(polledVariant.query)) ?? true),
  };
  const found = await findPage(db, variants, slice, cursor, totals);
  const { more, total, asOf } = found;
  const rows: SearchResultPage['rows'] = found.rows;
  const last = rows.at(-1);
  if (!more || last === undefined) return { rows, total, next: undefined };
  const { position, id, practice, part } = last;
  const next = encodeCursor({ sort: sortName(sort), position, id, practice, part, total, asOf, search });
  return { rows, total, next };
}

type PageRows = Awaited<ReturnType<typeof findFirst>> | FormMatches;

/** A search over one variant uses the cached total. A search over several variants is one statement. */
function findPage(
  db: FhirDeps['db'],
  variants: readonly FormQuery[],
  slice: Slice,
  cursor: SearchRequest['cursor'],
  totals: FhirDeps['totals'],
): Promise<PageRows> {
  const [only, ...others] = variants;
  if (only === undefined || others.length > 0) return findOfForms(db, variants, slice, cursor);
  const variantSlice = { ...slice, sort: only.sort };
  return cursor === undefined
    ? findFirst(db, only.query, variantSlice, totals)
    : findAfter(db, only.query, variantSlice, cursor);
}

async function countAll(
  db: FhirDeps['db'],
  variants: readonly FormQuery[],
  totals: FhirDeps['totals'],
): Promise<number> {
  const counts = await Promise.all(variants.map(({ query }) => countMatches(db, query, totals)));
  return counts.reduce((sum, one) => sum + one, 0);
}

const toEntry = (
  { row, form }: RowOfForm,
  context: EnforceContext,
  mode: BundleEntry['mode'],
  subset?: Subset,
): BundleEntry => ({
  type: form.name,
  id: servedId(form, row.id),
  content: shownOf(row, context, subset),
  mode,
});
