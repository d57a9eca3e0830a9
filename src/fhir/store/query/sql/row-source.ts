import type { ScopeRecord, SearchScope } from '../../../authorization/access-filters.ts';
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
 * Reads resources of practices that changed in a time, also those of inactive records: the caller leaves these out.
 * @param range SQL predicates that limit the changes
 */
export const changedRowsSource = (
  practiceIds: readonly number[],
  range: readonly string[],
  bind: BindParameter,
): RowSource => ({
  ...RECORD_ROWS,
  record: 'r.record_id',
  practice: practiceIds.length > 1 ? 'r.practice_id' : undefined,
  owner: ownerByPractice(practiceIds, bind),
  inScope: andSql([isOneOfSql('r.practice_id', practiceIds, 'int', bind), ...range]),
});

/** Knows a resource's record by the practice, because a distributed database can't look up the record of each resource. */
const ownerByPractice = (practiceIds: readonly number[], bind: BindParameter): RecordOwner => ({
  practice: 'r.practice_id',
  isSurviving: (alias) => `(${alias}.practice_id, ${alias}.id) not in (select o.practice_id, o.patient_id from record o
        where ${isOneOfSql('o.practice_id', practiceIds, 'int', bind)} and o.state <> 'active')`,
});

/** A patient record that was found to be active, with its practice. */
interface KnownRecord {
  readonly recordId: number;
  readonly practiceId: number;
}

/**
 * Reads resources of one active record.
 * @param scope what the query may search; the record belongs to one of its practices
 */
export function oneRecordSource(
  scope: SearchScope | undefined,
  { recordId }: KnownRecord,
  bind: BindParameter,
): RowSource {
  const record = `${bind(recordId)}::int8`;
  return {
    ...RECORD_ROWS,
    record,
    inScope: inListedSql(scope, `r.record_id = ${record}`, bind),
  };
}

/** Reads resources of several active records, for a query without chains and `_has`. */
export function recordsSource(
  scope: SearchScope | undefined,
  records: readonly KnownRecord[],
  bind: BindParameter,
): RowSource {
  const ids = bind(records.map(({ recordId }) => recordId));
  return {
    ...RECORD_ROWS,
    record: 'r.record_id',
    inScope: inListedSql(scope, `r.record_id = any(${ids}::int8[])`, bind),
  };
}

/**
 * Reads resources of the active record `w.record_id`, a column of another table in the statement, which also has the
 * patient and the practice.
 */
export function joinedRecordSource(
  scope: SearchScope | undefined,
  records: readonly KnownRecord[],
  bind: BindParameter,
): RowSource {
  return {
    ...RECORD_ROWS,
    record: 'w.record_id',
    owner: {
      isSurviving: (alias) => `${alias}.id = w.patient_id`,
      practice: 'w.practice_id',
      practiceIds: [...new Set(records.map(({ practiceId }) => practiceId))],
    },
    inScope: inListedSql(scope, 'r.record_id = w.record_id', bind),
  };
}

const RECORD_ROWS = { table: 'resource r', home: 'r.record_id', practice: undefined } as const;

function inListedSql(scope: SearchScope | undefined, isListed: string, bind: BindParameter): string {
  if (scope === undefined) return `${isListed} and false`;
  return scope.kind === 'record' ? `${isListed} and r.record_id = ${bind(scope.recordId)}` : isListed;
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
  if (scope.records !== undefined) return knownRecordsSource(scope, scope.records, bind);
  if (scope.isSmall === true && scope.patientIds === undefined) return smallRowSource(scope, bind);
  const active = activeRecordsSql(scope, bind);
  const table = 'resource r join record x on x.record_id = r.record_id';
  return { ...origin, table, practice: columnIfSeveral(scope, 'x.practice_id'), inScope: active };
}

/**
 * Reads resources of records that were found to be active. A single record is a parameter, so that PostgreSQL can read
 * its resources in index order.
 */
function knownRecordsSource(scope: PracticesScope, records: readonly ScopeRecord[], bind: BindParameter): RowSource {
  const { practiceIds } = scope;
  const [only, ...others] = records;
  if (only === undefined)
    return {
      ...RECORD_ROWS,
      record: 'r.record_id',
      practice: columnIfSeveral(scope, 'r.practice_id'),
      owner: { isSurviving: () => 'false', practice: 'r.practice_id' },
      inScope: 'false',
    };
  const isOne = others.length === 0;
  const ids = isOne ? bind(only.recordId) : `${bind(records.map(({ recordId }) => recordId))}::int8[]`;
  const isListed = isOne ? `r.record_id = ${ids}` : `r.record_id = any(${ids})`;
  const source = { ...RECORD_ROWS, record: isOne ? ids : 'r.record_id' };
  // At another practice, a Patient that a merge replaced here may be the Patient of a record.
  const isSurviving = (alias: string) =>
    `(${alias}.record_id, ${alias}.id) in (select o.record_id, o.patient_id from record o where ${isListed.replace('r.', 'o.')})`;
  if (practiceIds.length === 1) return { ...source, owner: { isSurviving }, inScope: isListed };
  const practices = `${bind(records.map(({ practiceId }) => practiceId))}::int4[]`;
  const practice = isOne ? `(${practices})[1]` : `(${practices})[array_position(${ids}, r.record_id)]`;
  // Not each statement selects the practice, and PostgreSQL rejects a parameter that the SQL doesn't mention.
  return { ...source, practice, owner: { isSurviving, practice }, inScope: `${isListed} and ${practices} is not null` };
}

/**
 * Reads all resources of practices that have few. Those of inactive records are left out by a list of these records,
 * because a distributed database can't look up the record of each resource.
 */
function smallRowSource(scope: PracticesScope, bind: BindParameter): RowSource {
  const inactive = `select x.record_id from record x
    where ${isOneOfSql('x.practice_id', scope.practiceIds, 'int', bind)} and x.state <> 'active'`;
  return {
    ...RECORD_ROWS,
    table: `resource r left join (${inactive}) x on x.record_id = r.record_id`,
    record: 'r.record_id',
    practice: columnIfSeveral(scope, 'r.practice_id'),
    owner: ownerByPractice(scope.practiceIds, bind),
    inScope: `${isOneOfSql('r.practice_id', scope.practiceIds, 'int', bind)} and x.record_id is null`,
  };
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
