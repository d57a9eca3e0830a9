import { createYielder, Problem } from '../../../kernel/index.ts';
import { enforceIncluded } from '../../authorization/enforce.ts';
import { enforceCondition } from '../../authorization/enforced-query.ts';
import type { EnforcementContext } from '../../authorization/enforcement-context.ts';
import { idIn, type RowCondition } from '../../model/condition.ts';
import type { ServedType } from '../../model/fhir-version.ts';
import { resolveServedId } from '../../model/type-variants.ts';
import { referenceCondition } from '../../search/embedded-criteria.ts';
import type { SearchInclude } from '../../search/include.ts';
import { findReferences } from '../../store/index/find-references.ts';
import { requireFew } from '../../store/query/require-few.ts';
import { visibleContent } from '../../store/query/resource-content.ts';
import { findAllMatches, type ResourceRow } from '../../store/query/search.ts';
import type { FhirDeps } from '../deps.ts';
import { includeScope, type TracedRow, traceIncluded, traceMatch, type VariantRow } from './include-trace.ts';

/** Maximum number of reference levels that `:iterate` follows. */
const MAX_DEPTH = 4;
/**
 * Maximum number of included resources of a page. A search with more is rejected, because the client couldn't tell that
 * some are missing from a shortened result.
 */
const MAX_INCLUDED = 5000;

/**
 * Finds the resources to include with the matches of a page (FHIR R4 search §3.1.1.5.4). Each include is a query of its
 * own under the grant, so it never finds resources that the grant doesn't allow. A resource of a patient record must be
 * in the record of the match that led to it, so a match of one patient never brings in a resource of another patient.
 * @throws Problem 422 if too many resources would be included
 */
export async function findIncluded(
  deps: FhirDeps,
  context: EnforcementContext,
  includes: readonly SearchInclude[],
  matches: readonly VariantRow[],
): Promise<readonly VariantRow[]> {
  if (includes.length === 0) return [];
  const seen = new Set(matches.map(variantKey));
  const included: VariantRow[] = [];
  let latest: readonly TracedRow[] = matches.map(traceMatch);
  for (let round = 0; round < MAX_DEPTH && latest.length > 0; round++) {
    const activeIncludes = round === 0 ? includes : includes.filter(({ iterate }) => iterate);
    const found: TracedRow[] = [];
    for (const include of activeIncludes) {
      for (const row of await findByInclude(deps, context, include, latest)) {
        if (seen.has(variantKey(row))) continue;
        seen.add(variantKey(row));
        found.push(row);
      }
    }
    included.push(...found);
    if (included.length > MAX_INCLUDED) throw tooManyIncluded();
    latest = found;
  }
  return included;
}

const tooManyIncluded = () =>
  new Problem('search-too-costly', {
    status: 422,
    message: `This page would include more than ${MAX_INCLUDED} additional resources. Request a smaller page with _count, or search the included type separately.`,
  });

/**
 * Key of an included resource. DSTU2 may show one R4 resource as several types, and each counts as a resource of its
 * own.
 */
const variantKey = ({ row: { type, id, home }, variant }: VariantRow): string =>
  `${type}/${id} ${home} ${variant.projection ?? ''}`;
const isOfType = ({ row, variant }: VariantRow, source: ServedType): boolean =>
  row.type === source.stored && variant.projection === source.projection;
const referenceKey = ({ type, id }: { readonly type: string | undefined; readonly id: string }): string =>
  `${type}/${id.toLowerCase()}`;

/**
 * Follows one include. Rows found through patient records and rows found through directories are followed separately:
 * for the former, linked resources are searched in those patient records; for the latter, in the directories.
 */
async function findByInclude(
  deps: FhirDeps,
  context: EnforcementContext,
  include: SearchInclude,
  fresh: readonly TracedRow[],
) {
  const find = include.direction === 'to' ? findReferenced : findReferring;
  const found: TracedRow[] = [];
  for (const ofRecords of [true, false]) {
    const rows = fresh.filter(({ records }) => (records !== undefined) === ofRecords);
    if (rows.length > 0) found.push(...(await find(deps, context, include, rows)));
  }
  return found;
}

const IN_USE: RowCondition = { kind: 'in-use' };

async function findReferenced(
  { db }: FhirDeps,
  context: EnforcementContext,
  { source, parameter, targets }: SearchInclude,
  rows: readonly TracedRow[],
): Promise<readonly TracedRow[]> {
  const sources = rows.filter((one) => isOfType(one, source));
  const found: TracedRow[] = [];
  const isOfPatient = parameter.kind === 'patient';
  if (sources.length === 0 || (isOfPatient && source.compartment !== 'record')) return found;
  const references = isOfPatient ? [] : await collectReferences(context, sources, parameter);
  for (const target of targets) {
    const leads = Map.groupBy(
      references.filter(({ form }) => form === target),
      referenceKey,
    );
    if (!isOfPatient && leads.size === 0) continue;
    const ids = [...leads.values()].flatMap(([first]) => first?.id ?? []);
    const query = enforceIncluded(context, target, includeScope(sources), isOfPatient ? [IN_USE] : [idIn(ids)]);
    for (const row of query === undefined ? [] : await findAllMatches(db, query, MAX_INCLUDED + 1)) {
      const from = isOfPatient ? sources : (leads.get(referenceKey(row)) ?? []).map(({ by }) => by);
      found.push(...traceIncluded({ row, variant: target }, from));
    }
  }
  return found;
}

/** Collects the references that the rows contain in the element of a search parameter, each with its row. */
async function collectReferences(context: EnforcementContext, rows: readonly TracedRow[], parameter: ReferenceInclude) {
  const references: (ReturnType<typeof parameterReferences>[number] & { readonly by: TracedRow })[] = [];
  const pause = createYielder();
  for (const by of rows) {
    references.push(...parameterReferences(context, by.row, parameter).map((reference) => ({ ...reference, by })));
    await pause();
  }
  return references;
}

type ReferenceInclude = Extract<SearchInclude['parameter'], { readonly kind: 'reference' }>;

const parsedRows = new WeakMap<ResourceRow, unknown>();

/** Parses the content of a row and caches it, because several parameters may read it. */
function parseContent(row: ResourceRow, base: string): unknown {
  const cached = parsedRows.get(row);
  if (cached !== undefined) return cached;
  const content: unknown = JSON.parse(visibleContent(row, base));
  parsedRows.set(row, content);
  return content;
}

/**
 * Returns the references that a row contains in the element of a search parameter and that the client may see. Each has
 * the stored id of its target and the type under which a search finds the target.
 */
const parameterReferences = (
  { base, version }: EnforcementContext,
  row: ResourceRow,
  { index, paths }: ReferenceInclude,
) =>
  findReferences(parseContent(row, base), row.type, index, paths).map(({ type, id }) => {
    const target = resolveServedId(version.types, type, id);
    return { type: target?.variant.stored ?? type, id: target?.id ?? id, form: target?.variant };
  });

async function findReferring(
  { db, upkeep }: FhirDeps,
  context: EnforcementContext,
  { source, parameter, targets }: SearchInclude,
  rows: readonly TracedRow[],
): Promise<readonly TracedRow[]> {
  const targetRows = rows.filter((one) => targets.some((target) => isOfType(one, target)));
  if (targetRows.length === 0 || parameter.kind === 'patient') return [];
  const values = targetRows.map(({ row: { type, id } }) => ({ type, id }));
  const scope = includeScope(targetRows);
  const condition = enforceCondition(context, referenceCondition(parameter, values, context.version));
  const enforced = enforceIncluded(context, source, scope, [condition]);
  if (enforced === undefined) return [];
  // Resources of all patients may refer to a directory. Those of records are limited to the records of the matches.
  const readsPractices = scope.kind === 'directories' && ((await upkeep?.hasPracticeColumn(enforced)) ?? true);
  const query = readsPractices ? await requireFew(db, enforced, 'find') : enforced;
  const found = await findAllMatches(db, query, MAX_INCLUDED + 1);
  // If the search covers a single patient record, or only directories, every found row may be included, whichever of
  // the target rows it refers to.
  if (scope.kind === 'directories' || scope.values.length === 1) {
    return found.flatMap((row) => traceIncluded({ row, variant: source }, targetRows));
  }
  const byName = Map.groupBy(targetRows, ({ row }) => referenceKey(row));
  return found.flatMap((row) =>
    traceIncluded(
      { row, variant: source },
      parameterReferences(context, row, parameter).flatMap((one) => byName.get(referenceKey(one)) ?? []),
    ),
  );
}
