import { authorize } from '../../../access/index.ts';
import { enforceIncluded } from '../../authorization/enforce.ts';
import { type EnforcementContext, scopeTypeNames } from '../../authorization/enforcement-context.ts';
import type { BundleEntry, ServedType } from '../../model/fhir-version.ts';
import { findVariantOfQuery, toServedId } from '../../model/type-variants.ts';
import type { FoundEverythingPage } from '../../store/query/everything-page.ts';
import { batches, type FetchedResources, fetchBatch, type IdList } from '../../store/query/id-lists.ts';
import { visibleContent } from '../../store/query/resource-content.ts';
import type { BatchRow } from '../../store/query/result-rows.ts';
import type { FhirDeps } from '../deps.ts';
import type { NextBatch } from '../response/bundle-stream.ts';
import type { EverythingParameters } from './everything-parameters.ts';
import { createExpectedReferences } from './expected-references.ts';
import { includedBatches } from './included-batches.ts';
import { createReferenceCollector } from './reference-collector.ts';

/** Maximum number of resources that one statement fetches. */
const MAX_BATCH_ROWS = 500;
/**
 * Intended size of a batch of entries, in characters. It limits the memory of one `$everything` request, whatever the
 * record contains.
 */
const BATCH_CHARACTERS = 300_000;

/**
 * Returns the entries of `$everything` in batches: first the resources of the record, then the directory resources that
 * they refer to. Between batches, memory holds only ids, the references found so far, and at most 100 directory resources.
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
  const { expectedReferences: expected = createExpectedReferences() } = deps;
  const references = createReferenceCollector(directoryTypes(context, parameters));
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
    yield* includedBatches(deps, { references, expected, queryOf, print: (resources) => print('include', resources) });
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
