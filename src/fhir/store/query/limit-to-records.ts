import type { Executor } from '../../../database/index.ts';
import type { ScopeRecord, SearchScope } from '../../authorization/access-filters.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { VariantQuery } from '../../authorization/enforce-variants.ts';
import { candidateSources, findCandidateRecords } from './candidate-records.ts';
import { runPrepared, runQuery } from './run-query.ts';
import { andSql, type BindParameter, isOneOfSql } from './sql/sql.ts';

/**
 * Looks up the active records of a query over practices that names patients, records or ids. The query then names the
 * records in its own statement. So PostgreSQL reads them as it reads a single record, and a distributed database asks
 * only the nodes that have them. Other queries stay as they are.
 */
export async function limitToRecords(db: Executor, query: EnforcedQuery): Promise<EnforcedQuery> {
  const [limited = query] = await limitAllToRecords(db, [query]);
  return limited;
}

/** Does the same for a query by id that also finds deleted resources: these have a tombstone in their record. */
export async function limitToFormerRecords(db: Executor, query: EnforcedQuery): Promise<EnforcedQuery> {
  const lookup = recordLookup(query);
  if (lookup === undefined || query.scope?.kind !== 'practices') return query;
  return { ...query, scope: { ...query.scope, records: await findRecords(db, { ...lookup, isFormer: true }) } };
}

/** Does the same for queries that find the resources to which a document belongs. */
export async function limitToDocument(
  db: Executor,
  queries: readonly EnforcedQuery[],
  documentId: string,
): Promise<readonly EnforcedQuery[]> {
  const scope = queries.map((query) => query.scope).find(isUnknown);
  if (scope === undefined) return queries;
  const records = await findRecords(db, { practiceIds: scope.practiceIds, documentId });
  return queries.map((query) => (isUnknown(query.scope) ? { ...query, scope: { ...query.scope, records } } : query));
}

/**
 * Does the same, also for a query without such names if the search index finds few records that may have matches. If they
 * are many, the query reads the resources of the practices without looking up the record of each one.
 */
export async function limitToCandidates(db: Executor, named: EnforcedQuery): Promise<EnforcedQuery> {
  const query = await limitToRecords(db, named);
  const { compartment, scope } = query;
  if (compartment !== 'record' || !isUnknown(scope)) return query;
  const { practiceIds } = scope;
  const recordIds = await findCandidateRecords(db, candidateSources(query, false), practiceIds);
  if (recordIds === undefined) return { ...query, scope: { ...scope, isSmall: true } };
  return { ...query, scope: { ...scope, records: await findRecords(db, { practiceIds, recordIds }) } };
}

/** Does the same for several queries. Those that name the same patients or ids share a statement. */
export async function limitAllToRecords<Queries extends readonly (EnforcedQuery | undefined)[]>(
  db: Executor,
  queries: Queries,
): Promise<Queries> {
  const found = new Map<string, Promise<readonly ScopeRecord[]>>();
  const limited = await Promise.all(
    queries.map(async (query) => {
      const lookup = query && recordLookup(query);
      if (lookup === undefined || query?.scope?.kind !== 'practices') return query;
      const key = JSON.stringify(lookup);
      const records = found.get(key) ?? findRecords(db, lookup);
      found.set(key, records);
      return { ...query, scope: { ...query.scope, records: await records } };
    }),
  );
  return limited as unknown as Queries;
}

/** Does the same for the queries of a search. */
export async function limitVariantsToRecords(
  db: Executor,
  variants: readonly VariantQuery[],
): Promise<readonly VariantQuery[]> {
  const queries = await limitAllToRecords(
    db,
    variants.map(({ query }) => query),
  );
  return variants.map((one, at) => ({ ...one, query: queries[at] ?? one.query }));
}

/** False if the records of a query have been looked up, and there are none. */
export const mayMatch = ({ scope }: EnforcedQuery): boolean =>
  scope?.kind !== 'practices' || scope.records === undefined || scope.records.length > 0;

interface RecordLookup {
  readonly practiceIds: readonly number[];
  readonly patientIds?: readonly string[] | undefined;
  readonly recordIds?: readonly number[] | undefined;
  /** Ids of resources of this type. */
  readonly ids?: { readonly type: string; readonly values: readonly string[] } | undefined;
  readonly documentId?: string;
  /** True to find the records of deleted resources too. */
  readonly isFormer?: boolean;
}

/** Returns what a query names that few records have. Undefined if it may find resources of all patients of practices. */
function recordLookup({ compartment, scope, type, conditions }: EnforcedQuery): RecordLookup | undefined {
  if (compartment !== 'record' || !isUnknown(scope)) return undefined;
  const { practiceIds, patientIds } = scope;
  const recordIds = conditions.find((one) => one.kind === 'records')?.values;
  if (patientIds !== undefined || recordIds !== undefined) return { practiceIds, patientIds, recordIds };
  for (const condition of conditions) {
    if (condition.kind === 'id') return { practiceIds, ids: { type, values: condition.values } };
  }
  return undefined;
}

const isUnknown = (scope: SearchScope | undefined): scope is Extract<SearchScope, { kind: 'practices' }> =>
  scope?.kind === 'practices' && scope.records === undefined;

async function findRecords(
  db: Executor,
  { practiceIds, patientIds, recordIds, ids, documentId, isFormer = false }: RecordLookup,
): Promise<readonly ScopeRecord[]> {
  const parameters: unknown[] = [];
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const active = `x.state = 'active' and ${isOneOfSql('x.practice_id', practiceIds, 'int', bind)}`;
  const columns = 'x.record_id as "recordId", x.practice_id as "practiceId"';
  const own = () =>
    andSql([
      ...(patientIds === undefined ? [] : [isOneOfSql('x.patient_id', patientIds, 'uuid', bind)]),
      ...(recordIds === undefined ? [] : [isOneOfSql('x.record_id', recordIds, 'int8', bind)]),
    ]);
  const heldIn = (table: string, { values, type }: NonNullable<typeof ids>) =>
    `select r.record_id from ${table} r where ${isOneOfSql('r.id', values, 'uuid', bind)} and r.type = ${bind(type)}`;
  const tables = isFormer ? ['resource', 'tombstone'] : ['resource'];
  const held =
    documentId !== undefined
      ? `select d.record_id from document d where d.id = ${bind(documentId)}`
      : ids && tables.map((table) => heldIn(table, ids)).join(' union all ');
  const text =
    held === undefined
      ? `select ${columns} from record x where ${own()} and ${active} order by x.record_id`
      : `with held as materialized (${held})
         select distinct ${columns} from held h join record x on x.record_id = h.record_id where ${active} order by x.record_id`;
  // One plan suits all lookups of single values: it uses the index of the patient, record or id. Lists differ in length.
  const run = parameters.some(Array.isArray) ? runQuery<ScopeRecord> : runPrepared<ScopeRecord>;
  return run(db, { parameters }, text);
}
