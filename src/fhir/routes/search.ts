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

/** An operation that is a search with something more, or a search within a compartment. */
interface Operation {
  readonly conditions?: readonly Condition[];
  /** What it was asked by beside the search, for the links. */
  readonly pairs?: readonly Pair[];
  /** What its path says already, and a plain search would say by a parameter. */
  readonly criterion?: Pair;
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
  const { criterion } = operation ?? {};
  const all = criterion === undefined ? pairs : [criterion, ...pairs];
  const { forms, request } = enforceForms(context, served, (form) => {
    const own = pairsOfForm(served, form, all);
    if (own === undefined) return undefined;
    const read = readSearch(own, { ...context, ...sets, served: form }, strict);
    return { ...read, conditions: [...read.conditions, ...(operation?.conditions ?? [])] };
  });
  // The criterion is the first that was understood: it has a value, and each type of the compartment has the parameter.
  const found = criterion === undefined ? request.understood : request.understood.slice(1);
  const understood = [...(operation?.pairs ?? []), ...found];
  const path = operation?.path ?? served.name;
  const search = searchDigest(context, path, understood);
  requireOwn(request.cursor, search);
  await deps.upkeep?.requireIndex(forms.map(({ query }) => query));
  const page = await readPage(deps, forms, { ...request, search });
  const matches = page.rows.map((row) => ({ row, form: forms[row.part ?? 0]?.form ?? served }));
  const included = await includedWith(deps, context, request.includes, matches);
  const entries = matches.map((one) => entryOf(one, context, 'match', request.subset));
  entries.push(...included.map((one) => entryOf(one, context, 'include', request.subset)));
  const link = (cursor?: string) => pageLink(context.base, path, understood, cursor);
  const body = deps.version.bundle({
    base: context.base,
    self: link(),
    total: page.total,
    entries,
    ...(page.next === undefined ? {} : { next: link(page.next) }),
    ...(served.stored === 'Patient' && entries.length > 0 ? idOfPatient(context, forms[0]?.query) : {}),
  });
  // Later pages have their total from the client.
  const total = request.cursor === undefined ? { total: page.total } : {};
  const records = recordsOf([...matches, ...included]);
  return { body, resources: entries.length, records, detail: { parameters: request.names, ...total } };
}

/** Clients of NextGen's API read the patient's id on the Bundle: its guide says so. */
const idOfPatient = ({ grant }: EnforceContext, query: EnforcedQuery | undefined): { readonly id?: string } =>
  grant.record !== undefined && query?.place?.kind === 'record' ? { id: grant.record.patientId } : {};

function recordsOf(rows: readonly RowOfForm[]): ReadonlyMap<RecordId, number> {
  const counts = new Map<RecordId, number>();
  for (const { row } of rows) {
    const home = row.home as RecordId;
    // What is in a directory is of no record.
    if (storedHome(row.type) === 'record') counts.set(home, (counts.get(home) ?? 0) + 1);
  }
  return counts;
}

interface Page {
  readonly rows: readonly (FoundMatch & Partial<FormMatch>)[];
  readonly total: number | undefined;
  /** The cursor of the page after this one. */
  readonly next: string | undefined;
}

/** Later pages repeat the count of the first. */
async function readPage(
  { db, totals, upkeep }: FhirDeps,
  forms: readonly FormQuery[],
  request: SearchRequest & Pick<Cursor, 'search'>,
): Promise<Page> {
  const { count, cursor, sort, offset, counted, search } = request;
  if (count === 0) return { rows: [], total: cursor?.total ?? (await countAll(db, forms, totals)), next: undefined };
  const [polled] = forms.filter(({ query }) => forms.length === 1 && practicesPolled(query, sort) !== undefined);
  const slice = {
    sort,
    limit: count,
    offset,
    counted: counted ?? polled === undefined,
    saidIfKnown: counted === undefined,
    byPractice: polled === undefined || ((await upkeep?.knowsPractices(polled.query)) ?? true),
  };
  const found = await findPage(db, forms, slice, cursor, totals);
  const { more, total, asOf } = found;
  const rows: Page['rows'] = found.rows;
  const last = rows.at(-1);
  if (!more || last === undefined) return { rows, total, next: undefined };
  const { position, id, practice, part } = last;
  const next = encodeCursor({ sort: sortName(sort), position, id, practice, part, total, asOf, search });
  return { rows, total, next };
}

type Found = Awaited<ReturnType<typeof findFirst>> | FormMatches;

/** Of one form by what is remembered of it; of several all at once. */
function findPage(
  db: FhirDeps['db'],
  forms: readonly FormQuery[],
  slice: Slice,
  cursor: SearchRequest['cursor'],
  totals: FhirDeps['totals'],
): Promise<Found> {
  const [only, ...others] = forms;
  if (only === undefined || others.length > 0) return findOfForms(db, forms, slice, cursor);
  const own = { ...slice, sort: only.sort };
  return cursor === undefined ? findFirst(db, only.query, own, totals) : findAfter(db, only.query, own, cursor);
}

async function countAll(db: FhirDeps['db'], forms: readonly FormQuery[], totals: FhirDeps['totals']): Promise<number> {
  const counts = await Promise.all(forms.map(({ query }) => countMatches(db, query, totals)));
  return counts.reduce((sum, one) => sum + one, 0);
}

const entryOf = (
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
