import { authorize } from '../../../access/index.ts';
import { type EnforcedQuery, enforceIncluded } from '../../authorization/enforce.ts';
import { type EnforcementContext, scopeTypeNames } from '../../authorization/enforcement-context.ts';
import { idIn } from '../../model/condition.ts';
import type { BundleEntry, ServedType } from '../../model/fhir-version.ts';
import { findVariantOfQuery, toServedId } from '../../model/type-variants.ts';
import { type BatchRow, batches, fetchBatch, type IdList } from '../../store/query/id-lists.ts';
import { visibleContent } from '../../store/query/resource-content.ts';
import { findAllMatches } from '../../store/query/search.ts';
import type { FhirDeps } from '../deps.ts';
import type { NextBatch } from '../response/bundle-stream.ts';
import type { EverythingParameters } from './everything-parameters.ts';

/** Number of rows that the first statement fetches, and the maximum for each later one. */
const [FIRST_BATCH_ROWS, MAX_BATCH_ROWS] = [100, 250];
/**
 * Intended size of a batch of entries, in characters. It limits the memory of one `$everything` request, whatever the
 * record contains.
 */
const BATCH_CHARACTERS = 300_000;
/**
 * Maximum number of reference levels that `$everything` follows into the directory, for example from a role to its
 * organization and its location.
 */
const MAX_INCLUDE_DEPTH = 4;

/**
 * Returns the entries of `$everything` in batches: first the resources of the record, then the directory resources that
 * they refer to. Between batches, memory holds only ids and the references found so far.
 */
export function createEverythingBatches(
  deps: FhirDeps,
  context: EnforcementContext,
  idLists: readonly IdList[],
  parameters: EverythingParameters,
): NextBatch {
  const { version, base } = context;
  const references = collectReferencesTo(directoryTypes(context, parameters));
  const printEntry = version.createEntryPrinter(base);
  const printBatch = ({ projection }: EnforcedQuery, rows: readonly BatchRow[], mode: BundleEntry['mode']) =>
    rows.map((row) => {
      const variant = findVariantOfQuery(version, { type: row.type, projection });
      const [type, id] = variant === undefined ? [row.type, row.id] : [variant.name, toServedId(variant, row.id)];
      const content = visibleContent(row, base);
      references.collect(content);
      return printEntry({ type, id, content, mode });
    });
  function* fetches(): Generator<BatchFetch> {
    for (const [query, fetch] of matchBatches(deps, idLists))
      yield async () => printBatch(query, await fetch(), 'match');
    for (let round = 0; round < MAX_INCLUDE_DEPTH; round++) {
      for (const query of includedQueries(context, idLists, parameters, references.takeNew()))
        yield async () => printBatch(query, await findAllMatches(deps.db, query), 'include');
    }
  }
  const remaining = fetches();
  return async () => {
    for (let next = remaining.next(); next.done !== true; next = remaining.next()) {
      const batch = await next.value();
      if (batch.length > 0) return batch;
    }
    return undefined;
  };
}

type BatchFetch<Result = readonly string[]> = () => Promise<Result>;

/**
 * Yields the query of each batch and a function that fetches its rows. The batches have about the same size in
 * characters, estimated from the batch before.
 */
function* matchBatches(
  { db }: FhirDeps,
  idLists: readonly IdList[],
): Generator<readonly [query: EnforcedQuery, fetch: BatchFetch<readonly BatchRow[]>]> {
  const next = batches(idLists);
  let rowLimit = FIRST_BATCH_ROWS;
  for (let batch = next(rowLimit); batch !== undefined; batch = next(rowLimit)) {
    const currentBatch = batch;
    const fetch = async () => {
      const rows = await fetchBatch(db, currentBatch);
      const characters = rows.reduce((sum, { content }) => sum + content.length, 0);
      if (characters > 0)
        rowLimit = Math.max(1, Math.min(MAX_BATCH_ROWS, Math.floor((BATCH_CHARACTERS * rows.length) / characters)));
      return rows;
    };
    yield [currentBatch.query, fetch];
  }
}

/**
 * Yields queries that find directory resources by id, in the directories of the practices that the records belong to.
 */
function* includedQueries(
  context: EnforcementContext,
  idLists: readonly IdList[],
  { sinceConditions }: EverythingParameters,
  requested: ReturnType<ReferenceCollector['takeNew']>,
): Generator<EnforcedQuery> {
  const scope = { kind: 'records', values: [...new Set(idLists.map(({ home }) => home))] } as const;
  for (const [served, ids] of requested) {
    for (let start = 0; start < ids.length; start += MAX_BATCH_ROWS) {
      const conditions = [idIn(ids.slice(start, start + MAX_BATCH_ROWS)), ...sinceConditions];
      const query = enforceIncluded(context, served, scope, conditions);
      if (query !== undefined) yield query;
    }
  }
}

/** Returns the directory types that the request asks for and the grant allows. */
const directoryTypes = (
  { grant, version }: EnforcementContext,
  { types }: EverythingParameters,
): readonly ServedType[] =>
  version.types.filter(
    (served) =>
      served.compartment === 'practice' &&
      types.includes(served) &&
      authorize(grant, 's', scopeTypeNames(served)).length > 0,
  );

interface ReferenceCollector {
  /** Collects the references in the JSON text of one resource. */
  collect(text: string): void;
  /** Returns the references collected since the last call, grouped by type. */
  takeNew(): readonly (readonly [served: ServedType, ids: readonly string[]])[];
}

const REFERENCE = '"reference":"';

/**
 * Creates a collector of references that doesn't parse resources. It searches the JSON text, where a reference within
 * this server is exactly `Type/id`.
 */
function collectReferencesTo(types: readonly ServedType[]): ReferenceCollector {
  if (types.length === 0) return { collect() {}, takeNew: () => [] };
  const known = new Set<string>();
  let pending: string[] = [];
  // The long constant text at the beginning of the pattern halves the time of the search.
  const reference = new RegExp(`${REFERENCE}(?:${types.map(({ name }) => name).join('|')})/[0-9a-f-]{36}"`, 'g');
  return {
    collect(text) {
      // `match` returns all matches as strings, which is five times faster than creating a match object for each.
      for (const quoted of text.match(reference) ?? []) {
        if (known.has(quoted)) continue;
        known.add(quoted);
        pending.push(quoted.slice(REFERENCE.length, -1));
      }
    },
    takeNew() {
      const names = pending.sort();
      pending = [];
      return types.flatMap((served) => {
        const ids = names.filter((name) => name.startsWith(`${served.name}/`));
        return ids.length === 0 ? [] : [[served, ids.map((name) => name.slice(served.name.length + 1))] as const];
      });
    },
  };
}
