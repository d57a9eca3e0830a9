import { type Condition, idCondition } from '../core/condition.ts';
import type { EnforceContext } from '../core/context.ts';
import { enforceIncluded } from '../core/enforce.ts';
import type { Include } from '../core/include.ts';
import type { ServedType } from '../core/version.ts';
import { storedHome } from '../store/index-table.ts';
import { referencesIn } from '../store/references.ts';
import { type FoundRow, findAll } from '../store/search.ts';
import { contentOf } from './content.ts';
import type { FhirDeps } from './deps.ts';

/** `:iterate` goes this far, and no further: what is included includes, and so on. */
const ROUNDS = 4;

/**
 * What comes along with the matches of a page: FHIR R4 search §3.1.1.5.4. Each is found by a query of its own, which the
 * grant has part in: what it does not allow is not there, whatever refers to it.
 */
export async function includedWith(
  deps: FhirDeps,
  context: EnforceContext,
  includes: readonly Include[],
  matches: readonly FoundRow[],
): Promise<readonly FoundRow[]> {
  if (includes.length === 0) return [];
  const known = new Set(matches.map(keyOf));
  const included: FoundRow[] = [];
  let fresh = matches;
  for (let round = 0; round < ROUNDS && fresh.length > 0; round++) {
    const asked = round === 0 ? includes : includes.filter(({ iterate }) => iterate);
    const found: FoundRow[] = [];
    for (const include of asked) {
      for (const row of await includedBy(deps, context, include, fresh)) {
        if (known.has(keyOf(row))) continue;
        known.add(keyOf(row));
        found.push(row);
      }
    }
    included.push(...found);
    fresh = found;
  }
  return included;
}

const keyOf = ({ type, id, home }: FoundRow): string => `${type}/${id} ${home}`;

function includedBy(deps: FhirDeps, context: EnforceContext, include: Include, rows: readonly FoundRow[]) {
  return include.direction === 'to'
    ? referredTo(deps, context, include, rows)
    : referring(deps, context, include, rows);
}

async function referredTo(
  deps: FhirDeps,
  context: EnforceContext,
  { source, parameter, targets }: Include,
  rows: readonly FoundRow[],
): Promise<readonly FoundRow[]> {
  const own = rows.filter(({ type }) => type === source.stored);
  if (own.length === 0) return [];
  if (parameter.kind === 'patient') {
    const found = await Promise.all(targets.map((target) => findIn(deps, context, target, own, [])));
    return found.flat();
  }
  const shown = own.map((row) => JSON.parse(contentOf(row, context.base)));
  const named = shown.flatMap((resource) => referencesIn(resource, source.stored, parameter.index));
  const found = await Promise.all(
    targets.map((target) => {
      const ids = named.filter(({ type }) => type === target.stored).map(({ id }) => id);
      return ids.length === 0 ? [] : findIn(deps, context, target, own, [idCondition([...new Set(ids)])]);
    }),
  );
  return found.flat();
}

async function referring(
  deps: FhirDeps,
  context: EnforceContext,
  { source, parameter, targets }: Include,
  rows: readonly FoundRow[],
): Promise<readonly FoundRow[]> {
  const own = rows.filter(({ type }) => targets.some(({ stored }) => stored === type));
  if (own.length === 0 || parameter.kind === 'patient') return [];
  const values = own.map(({ type, id }) => ({ type, id }));
  return findIn(deps, context, source, own, [{ kind: 'reference', index: parameter.index, values }]);
}

async function findIn(
  deps: FhirDeps,
  context: EnforceContext,
  served: ServedType,
  rows: readonly FoundRow[],
  conditions: readonly Condition[],
): Promise<readonly FoundRow[]> {
  const inRecord = rows.every(({ type }) => storedHome(type) === 'record');
  const records = inRecord ? [...new Set(rows.map(({ home }) => home))] : undefined;
  const query = enforceIncluded(context, served, records, conditions);
  return query === undefined ? [] : findAll(deps.db, query);
}
