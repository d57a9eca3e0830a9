import { authorize } from '../../../access/index.ts';
import { type EnforcedQuery, enforceIncluded } from '../../authorization/enforce.ts';
import { type EnforcementContext, scopeTypeNames } from '../../authorization/enforcement-context.ts';
import type { BundleEntry, ServedType } from '../../model/fhir-version.ts';
import { findVariantOfQuery, toServedId } from '../../model/type-variants.ts';
import type { FoundEverythingPage } from '../../store/query/everything-page.ts';
import { fetchByIds, type RequestedResources } from '../../store/query/fetch-by-ids.ts';
import { type BatchRow, batches, type FetchedResources, fetchBatch, type IdList } from '../../store/query/id-lists.ts';
import { visibleContent } from '../../store/query/resource-content.ts';
import type { FhirDeps } from '../deps.ts';
import type { NextBatch } from '../response/bundle-stream.ts';
import type { EverythingParameters } from './everything-parameters.ts';

/** Maximum number of resources that one statement fetches. */
const MAX_BATCH_ROWS = 500;
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
  page: Pick<FoundEverythingPage, 'idLists' | 'fetched'>,
  parameters: EverythingParameters,
): NextBatch {
  const { idLists } = page;
  const rowsBefore = page.fetched.flatMap(({ rows }) => rows);
  const start = { skip: rowsBefore.length, rowLimit: rowsOfSameSize(rowsBefore) };
  const takeFetched = createTaker(page.fetched);
  const { version, base } = context;
  const references = collectReferencesTo(directoryTypes(context, parameters));
  const printEntry = version.createEntryPrinter(base);
  const print = (mode: BundleEntry['mode'], { query: { projection }, rows }: FetchedResources) =>
    rows.map((row) => {
      const variant = findVariantOfQuery(version, { type: row.type, projection });
      const [type, id] = variant === undefined ? [row.type, row.id] : [variant.name, toServedId(variant, row.id)];
      const content = visibleContent(row, base);
      references.collect(content);
      return printEntry({ type, id, content, mode });
    });
  const directories = { kind: 'records', values: [...new Set(idLists.map(({ home }) => home))] } as const;
  const queryOf = (served: ServedType) => enforceIncluded(context, served, directories, parameters.sinceConditions);
  function* fetches(): Generator<BatchFetch> {
    if (start.skip > 0) yield async () => takeFetched().flatMap((resources) => print('match', resources));
    for (const fetch of matchBatches(deps, idLists, start)) yield async () => print('match', await fetch());
    for (let round = 0; round < MAX_INCLUDE_DEPTH; round++) {
      for (const requested of includedBatches(references.takeNew(), queryOf))
        yield async () => (await fetchByIds(deps.db, requested)).flatMap((resources) => print('include', resources));
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
 * Returns a function that gives a value once. The generators here live as long as the client reads, so none of them may
 * keep a reference to contents that were sent.
 */
function createTaker<Item>(items: readonly Item[]): () => readonly Item[] {
  let left = items;
  return () => {
    const taken = left;
    left = [];
    return taken;
  };
}

/**
 * Yields a function for each batch, which fetches its rows. The batches have about the same size in characters,
 * estimated from the batch before.
 */
function* matchBatches(
  { db }: FhirDeps,
  idLists: readonly IdList[],
  { skip, rowLimit: firstLimit }: { readonly skip: number; readonly rowLimit: number },
): Generator<BatchFetch<FetchedResources>> {
  const next = batches(idLists, skip);
  let rowLimit = firstLimit;
  for (let batch = next(rowLimit); batch !== undefined; batch = next(rowLimit)) {
    const currentBatch = batch;
    yield async () => {
      const rows = await fetchBatch(db, currentBatch);
      rowLimit = rowsOfSameSize(rows);
      return { query: currentBatch.query, rows };
    };
  }
}

/** Estimates how many resources have the intended size of a batch, if they are as long as some others. */
function rowsOfSameSize(rows: readonly BatchRow[]): number {
  const characters = rows.reduce((sum, { content }) => sum + content.length, 0);
  if (characters === 0) return MAX_BATCH_ROWS;
  return Math.max(1, Math.min(MAX_BATCH_ROWS, Math.floor((BATCH_CHARACTERS * rows.length) / characters)));
}

/**
 * Groups references to directory resources into batches, each with the queries for its types. The resources must be in
 * the directories of the practices that the records belong to.
 */
function* includedBatches(
  references: ReturnType<ReferenceCollector['takeNew']>,
  queryOf: (served: ServedType) => EnforcedQuery | undefined,
): Generator<readonly RequestedResources[]> {
  let batch: RequestedResources[] = [];
  let room = MAX_BATCH_ROWS;
  for (const [served, all] of references) {
    const query = queryOf(served);
    if (query === undefined) continue;
    for (let ids = all; ids.length > 0; ) {
      batch.push({ query, ids: ids.slice(0, room) });
      [ids, room] = [ids.slice(room), Math.max(0, room - ids.length)];
      if (room > 0) continue;
      yield batch;
      [batch, room] = [[], MAX_BATCH_ROWS];
    }
  }
  if (batch.length > 0) yield batch;
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
