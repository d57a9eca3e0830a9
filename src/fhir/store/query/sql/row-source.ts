import type { SearchScope } from '../../../authorization/access-filters.ts';
import type { EnforcedQuery } from '../../../authorization/enforce.ts';
import { andSql, type BindParameter, isOneOfSql } from './sql.ts';

/**
 * The table from which a query reads, and the condition that limits the query to the patient records or practices that
 * the query may search.
 */
export interface RowSource {
  readonly table: string;
  /** SQL for the compartment of a resource: record_id or, for a resource of a practice's directory, practice_id. */
  readonly home: string;
  /**
   * SQL for the patient record of a resource. If the query searches a single record, this is a parameter with its id,
   * so that nothing is evaluated for each resource.
   */
  readonly record: string;
  /**
   * SQL for the practice of a resource, if the query covers several. Within one practice, type and id identify a
   * resource, so the practice isn't needed.
   */
  readonly practice: string | undefined;
  /** SQL about the records of the resources. By default, it looks up the record of each resource. */
  readonly owner?: RecordOwner;
  /**
   * SQL predicate: the resource is in a patient record or practice that the query may search. It depends only on the
   * grant, and every query starts with it.
   */
  readonly inScope: string;
}

/** SQL about the record to which a resource belongs. */
export interface RecordOwner {
  /** Builds the SQL predicate that a Patient of the record isn't one that a merge replaced. */
  readonly isSurviving: (alias: string) => string;
  /** The practice. Default: that of the record. */
  readonly practice?: string;
  /** All practices of the records, at most `MAX_PRACTICE_BRANCHES`. Default: those of the query. */
  readonly practiceIds?: readonly number[];
}

/**
 * Checks for each resource that its record is active. With a join, PostgreSQL might read all records first. `coalesce`
 * makes PostgreSQL assume that the condition holds for half of the resources.
 */
const IN_ACTIVE_RECORD = `coalesce((select x.state from record x where x.record_id = r.record_id) = 'active', false)`;

/** Reads resources of practices out of those that `candidatesSql` selects. */
export const candidateRowSource = (candidatesSql: string, practiceIds: readonly number[]): RowSource => ({
  table: `(${candidatesSql}) r`,
  home: 'r.record_id',
  record: 'r.record_id',
  practice: practiceIds.length > 1 ? 'r.practice_id' : undefined,
  inScope: IN_ACTIVE_RECORD,
});

/**
 * Reads resources of the patient record `w.record_id`, a column of another table in the statement.
 * @param scope what the query may search; `w` has only active records of its practices
 */
export function walkedRowSource(scope: SearchScope | undefined, bind: BindParameter): RowSource {
  const isOwn = scope?.kind === 'record' ? ` and r.record_id = ${bind(scope.recordId)}` : '';
  return {
    table: 'resource r',
    home: 'r.record_id',
    record: 'w.record_id',
    practice: undefined,
    inScope: scope === undefined ? 'false' : `r.record_id = w.record_id${isOwn}`,
  };
}

/**
 * Returns the table from which a query reads, and the condition that limits the query to its search scope.
 * @param superseded reads the history table, which has the same columns
 */
export function getRowSource(
  { compartment, scope }: EnforcedQuery,
  bind: BindParameter,
  superseded = false,
): RowSource {
  const origin = compartment === 'record' ? recordRowSource(scope, bind) : directoryRowSource(scope, bind);
  return superseded ? { ...origin, table: origin.table.replace(/^(\w+) r/, '$1_history r') } : origin;
}

function recordRowSource(scope: SearchScope | undefined, bind: BindParameter): RowSource {
  const origin = { table: 'resource r', home: 'r.record_id', record: 'r.record_id', practice: undefined };
  if (scope === undefined) return { ...origin, inScope: 'false' };
  if (scope.kind === 'record') {
    const record = bind(scope.recordId);
    return { ...origin, record, inScope: `r.record_id = ${record}` };
  }
  if (scope.isSmall === true && scope.patientIds === undefined) {
    const inScope = `${isOneOfSql('r.practice_id', scope.practiceIds, 'int', bind)} and ${IN_ACTIVE_RECORD}`;
    return { ...origin, practice: columnIfSeveral(scope, 'r.practice_id'), inScope };
  }
  const active = activeRecordsSql(scope, bind);
  // A practice has at most one record for a patient, so a subquery returns its id. With a comparison to a single record
  // id, PostgreSQL can read the resources in index order.
  if (scope.practiceIds.length === 1 && scope.patientIds?.length === 1) {
    return { ...origin, inScope: `r.record_id = (select x.record_id from record x where ${active})` };
  }
  const table = 'resource r join record x on x.record_id = r.record_id';
  return { ...origin, table, practice: columnIfSeveral(scope, 'x.practice_id'), inScope: active };
}

function directoryRowSource(scope: SearchScope | undefined, bind: BindParameter): RowSource {
  const origin = { table: 'shared_resource r', home: 'r.practice_id', record: 'r.record_id', practice: undefined };
  if (scope === undefined) return { ...origin, inScope: 'false' };
  if (scope.kind === 'record') throw new Error('a record has no directory');
  const practice = columnIfSeveral(scope, 'r.practice_id');
  if (scope.patientIds === undefined) {
    return { ...origin, practice, inScope: isOneOfSql('r.practice_id', scope.practiceIds, 'int', bind) };
  }
  // A query that names patients reads the directories of those practices where one of the patients has a record.
  const practices = `select x.practice_id from record x where ${activeRecordsSql(scope, bind)}`;
  return { ...origin, practice, inScope: `r.practice_id in (${practices})` };
}

type PracticesScope = Extract<SearchScope, { kind: 'practices' }>;

const columnIfSeveral = ({ practiceIds }: PracticesScope, column: string) =>
  practiceIds.length > 1 ? column : undefined;

/**
 * SQL predicate: patient record `x` belongs to one of the practices and is active, so it wasn't merged into another
 * record or erased.
 */
function activeRecordsSql({ practiceIds, patientIds }: PracticesScope, bind: BindParameter): string {
  const where = [isOneOfSql('x.practice_id', practiceIds, 'int', bind), "x.state = 'active'"];
  if (patientIds !== undefined) where.push(isOneOfSql('x.patient_id', patientIds, 'uuid', bind));
  return andSql(where);
}
