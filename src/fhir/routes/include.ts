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

/** `:iterate` goes this far, and no further: what is included includes, and so on. */
const ROUNDS = 4;
/** With one page; what is more is refused, for nobody could tell that it was cut. */
const MOST = 5000;

/**
 * What comes along with the matches of a page: FHIR R4 search §3.1.1.5.4. Each is found by a query of its own, which the
 * grant has part in: what it does not allow is not there, whatever refers to it. Of records it is in those of the matches
 * that led to it, so that nothing of one patient comes along with another.
 */
export async function includedWith(
  deps: FhirDeps,
  context: EnforceContext,
  includes: readonly Include[],
  matches: readonly RowOfForm[],
): Promise<readonly RowOfForm[]> {
  if (includes.length === 0) return [];
  const known = new Set(matches.map(keyOf));
  const included: RowOfForm[] = [];
  let fresh: readonly Along[] = matches.map(matchOf);
  for (let round = 0; round < ROUNDS && fresh.length > 0; round++) {
    const asked = round === 0 ? includes : includes.filter(({ iterate }) => iterate);
    const found: Along[] = [];
    for (const include of asked) {
      for (const along of await includedBy(deps, context, include, fresh)) {
        if (known.has(keyOf(along))) continue;
        known.add(keyOf(along));
        found.push(along);
      }
    }
    included.push(...found);
    if (included.length > MOST) throw tooMany();
    fresh = found;
  }
  return included;
}

const tooMany = () =>
  new Problem('search-too-costly', {
    status: 422,
    message: `More than ${MOST} resources come along with this page. Ask for a smaller one with _count, or search what comes along by itself.`,
  });

/** One stored resource may come along in several of its forms, each a resource of its own. */
const keyOf = ({ row: { type, id, home }, form }: RowOfForm): string =>
  `${type}/${id} ${home} ${form.projection ?? ''}`;
const isOf = ({ row, form }: RowOfForm, source: ServedType): boolean =>
  row.type === source.stored && form.projection === source.projection;
const nameOf = ({ type, id }: { readonly type: string | undefined; readonly id: string }): string =>
  `${type}/${id.toLowerCase()}`;

/** What is of records, and what is of directories, is not sought in the same places. */
async function includedBy(deps: FhirDeps, context: EnforceContext, include: Include, fresh: readonly Along[]) {
  const find = include.direction === 'to' ? referredTo : referring;
  const found: Along[] = [];
  for (const ofRecords of [true, false]) {
    const rows = fresh.filter(({ records }) => (records !== undefined) === ofRecords);
    if (rows.length > 0) found.push(...(await find(deps, context, include, rows)));
  }
  return found;
}

const IN_USE: Condition = { kind: 'in-use' };

async function referredTo(
  { db }: FhirDeps,
  context: EnforceContext,
  { source, parameter, targets }: Include,
  rows: readonly Along[],
): Promise<readonly Along[]> {
  const own = rows.filter((one) => isOf(one, source));
  const found: Along[] = [];
  const isOfPatient = parameter.kind === 'patient';
  if (own.length === 0 || (isOfPatient && source.home !== 'record')) return found;
  const named = isOfPatient ? [] : await namedBy(context, own, parameter);
  for (const target of targets) {
    const leads = Map.groupBy(
      named.filter(({ form }) => form === target),
      nameOf,
    );
    if (!isOfPatient && leads.size === 0) continue;
    const ids = [...leads.values()].flatMap(([first]) => first?.id ?? []);
    const query = enforceIncluded(context, target, besideOf(own), isOfPatient ? [IN_USE] : [idCondition(ids)]);
    for (const row of query === undefined ? [] : await findAll(db, query, MOST + 1)) {
      const from = isOfPatient ? own : (leads.get(nameOf(row)) ?? []).map(({ by }) => by);
      found.push(...alongWith({ row, form: target }, from));
    }
  }
  return found;
}

/** What rows refer to by a parameter, each with the row. */
async function namedBy(context: EnforceContext, rows: readonly Along[], parameter: Referring) {
  const named: (ReturnType<typeof referencesOf>[number] & { readonly by: Along })[] = [];
  const rest = pace();
  for (const by of rows) {
    named.push(...referencesOf(context, by.row, parameter).map((reference) => ({ ...reference, by })));
    await rest();
  }
  return named;
}

type Referring = Extract<Include['parameter'], { readonly kind: 'reference' }>;

const known = new WeakMap<FoundRow, unknown>();

/** Each is read once, however many parameters are asked of it. */
function parsed(row: FoundRow, base: string): unknown {
  const before = known.get(row);
  if (before !== undefined) return before;
  const read: unknown = JSON.parse(contentOf(row, base));
  known.set(row, read);
  return read;
}

/** As far as they are shown; what they lead to as it is stored, and in which form. */
const referencesOf = ({ base, version }: EnforceContext, row: FoundRow, { index, at }: Referring) =>
  referencesIn(parsed(row, base), row.type, index, at).map(({ type, id }) => {
    const meant = formNamed(version.types, type, id);
    return { type: meant?.form.stored ?? type, id: meant?.id ?? id, form: meant?.form };
  });

async function referring(
  { db }: FhirDeps,
  context: EnforceContext,
  { source, parameter, targets }: Include,
  rows: readonly Along[],
): Promise<readonly Along[]> {
  const own = rows.filter((one) => targets.some((target) => isOf(one, target)));
  if (own.length === 0 || parameter.kind === 'patient') return [];
  const values = own.map(({ row: { type, id } }) => ({ type, id }));
  const beside = besideOf(own);
  const asked = linked(context, askedOfReference(parameter, values, context.version));
  const query = enforceIncluded(context, source, beside, [asked]);
  const found = query === undefined ? [] : await findAll(db, query, MOST + 1);
  // Of one record, or of directories alone, it does not matter which of them a row refers to.
  if (beside.kind === 'directories' || beside.values.length === 1) {
    return found.flatMap((row) => alongWith({ row, form: source }, own));
  }
  const byName = Map.groupBy(own, ({ row }) => nameOf(row));
  return found.flatMap((row) =>
    alongWith(
      { row, form: source },
      referencesOf(context, row, parameter).flatMap((one) => byName.get(nameOf(one)) ?? []),
    ),
  );
}
