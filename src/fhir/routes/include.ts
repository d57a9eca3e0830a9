import { Problem, pace } from '../../kernel/index.ts';
import { type Condition, idCondition } from '../core/condition.ts';
import type { EnforceContext } from '../core/context.ts';
import { enforceIncluded } from '../core/enforce.ts';
import { linked } from '../core/enforced-query.ts';
import { formNamed } from '../core/forms.ts';
import type { Include } from '../core/include.ts';
import { askedOfReference } from '../core/joined.ts';
import type { ServedType } from '../core/version.ts';
import { referencesIn } from '../store/references.ts';
import { type FoundRow, findAll } from '../store/search.ts';
import { contentOf } from './content.ts';
import type { FhirDeps } from './deps.ts';
import { type Along, alongWith, besideOf, matchOf, type RowOfForm } from './include-along.ts';

/** Maximum depth of `:iterate`. */
const MAX_DEPTH = 4;
/**
 * Maximum number of included resources of a page. More are rejected rather than cut off, because the client couldn't
 * tell that some are missing.
 */
const MAX_INCLUDED = 5000;

/**
 * Finds the resources included with the matches of a page (FHIR R4 search §3.1.1.5.4). Each include is a query of its
 * own under the grant, so resources that the grant does not allow are missing, whatever refers to them. Resources of
 * records must be in the record of the match that led to them, so that nothing of one patient is included with another.
 * @throws Problem 422 if there are too many
 */
export async function includedWith(
  deps: FhirDeps,
  context: EnforceContext,
  includes: readonly Include[],
  matches: readonly RowOfForm[],
): Promise<readonly RowOfForm[]> {
  if (includes.length === 0) return [];
  const seen = new Set(matches.map(variantKey));
  const included: RowOfForm[] = [];
  let latest: readonly Along[] = matches.map(matchOf);
  for (let round = 0; round < MAX_DEPTH && latest.length > 0; round++) {
    const activeIncludes = round === 0 ? includes : includes.filter(({ iterate }) => iterate);
    const found: Along[] = [];
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
    message: `More than ${MAX_INCLUDED} resources come along with this page. Ask for a smaller one with _count, or search what comes along by itself.`,
  });

/** A stored resource may be included in several variants, each as a resource of its own. */
const variantKey = ({ row: { type, id, home }, form }: RowOfForm): string =>
  `${type}/${id} ${home} ${form.projection ?? ''}`;
const isOfType = ({ row, form }: RowOfForm, source: ServedType): boolean =>
  row.type === source.stored && form.projection === source.projection;
const referenceKey = ({ type, id }: { readonly type: string | undefined; readonly id: string }): string =>
  `${type}/${id.toLowerCase()}`;

/**
 * Rows found through records and rows found through directories are searched separately, because their linked resources
 * are in different places.
 */
async function findByInclude(deps: FhirDeps, context: EnforceContext, include: Include, fresh: readonly Along[]) {
  const find = include.direction === 'to' ? findReferenced : findReferring;
  const found: Along[] = [];
  for (const ofRecords of [true, false]) {
    const rows = fresh.filter(({ records }) => (records !== undefined) === ofRecords);
    if (rows.length > 0) found.push(...(await find(deps, context, include, rows)));
  }
  return found;
}

const IN_USE: Condition = { kind: 'in-use' };

async function findReferenced(
  { db }: FhirDeps,
  context: EnforceContext,
  { source, parameter, targets }: Include,
  rows: readonly Along[],
): Promise<readonly Along[]> {
  const sources = rows.filter((one) => isOfType(one, source));
  const found: Along[] = [];
  const isOfPatient = parameter.kind === 'patient';
  if (sources.length === 0 || (isOfPatient && source.home !== 'record')) return found;
  const references = isOfPatient ? [] : await collectReferences(context, sources, parameter);
  for (const target of targets) {
    const leads = Map.groupBy(
      references.filter(({ form }) => form === target),
      referenceKey,
    );
    if (!isOfPatient && leads.size === 0) continue;
    const ids = [...leads.values()].flatMap(([first]) => first?.id ?? []);
    const query = enforceIncluded(context, target, besideOf(sources), isOfPatient ? [IN_USE] : [idCondition(ids)]);
    for (const row of query === undefined ? [] : await findAll(db, query, MAX_INCLUDED + 1)) {
      const from = isOfPatient ? sources : (leads.get(referenceKey(row)) ?? []).map(({ by }) => by);
      found.push(...alongWith({ row, form: target }, from));
    }
  }
  return found;
}

/** The references that the rows have in a parameter, each with its row. */
async function collectReferences(context: EnforceContext, rows: readonly Along[], parameter: ReferenceInclude) {
  const references: (ReturnType<typeof parameterReferences>[number] & { readonly by: Along })[] = [];
  const pause = pace();
  for (const by of rows) {
    references.push(...parameterReferences(context, by.row, parameter).map((reference) => ({ ...reference, by })));
    await pause();
  }
  return references;
}

type ReferenceInclude = Extract<Include['parameter'], { readonly kind: 'reference' }>;

const parsedRows = new WeakMap<FoundRow, unknown>();

/** Parses the content of a row once, however many parameters are read from it. */
function parseContent(row: FoundRow, base: string): unknown {
  const cached = parsedRows.get(row);
  if (cached !== undefined) return cached;
  const content: unknown = JSON.parse(contentOf(row, base));
  parsedRows.set(row, content);
  return content;
}

/**
 * The references of a row in a parameter, as far as they are visible, with the stored id and the variant of the target.
 */
const parameterReferences = ({ base, version }: EnforceContext, row: FoundRow, { index, at }: ReferenceInclude) =>
  referencesIn(parseContent(row, base), row.type, index, at).map(({ type, id }) => {
    const target = formNamed(version.types, type, id);
    return { type: target?.form.stored ?? type, id: target?.id ?? id, form: target?.form };
  });

async function findReferring(
  { db }: FhirDeps,
  context: EnforceContext,
  { source, parameter, targets }: Include,
  rows: readonly Along[],
): Promise<readonly Along[]> {
  const targetRows = rows.filter((one) => targets.some((target) => isOfType(one, target)));
  if (targetRows.length === 0 || parameter.kind === 'patient') return [];
  const values = targetRows.map(({ row: { type, id } }) => ({ type, id }));
  const scope = besideOf(targetRows);
  const condition = linked(context, askedOfReference(parameter, values, context.version));
  const query = enforceIncluded(context, source, scope, [condition]);
  const found = query === undefined ? [] : await findAll(db, query, MAX_INCLUDED + 1);
  // For a single record, or for directories only, it makes no difference which of the rows a found row refers to.
  if (scope.kind === 'directories' || scope.values.length === 1) {
    return found.flatMap((row) => alongWith({ row, form: source }, targetRows));
  }
  const byName = Map.groupBy(targetRows, ({ row }) => referenceKey(row));
  return found.flatMap((row) =>
    alongWith(
      { row, form: source },
      parameterReferences(context, row, parameter).flatMap((one) => byName.get(referenceKey(one)) ?? []),
    ),
  );
}
