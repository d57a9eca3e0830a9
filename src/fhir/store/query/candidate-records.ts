import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { EnforcedCondition } from '../../authorization/enforced-link.ts';
import type { RowCondition } from '../../model/condition.ts';
import { getIndexedType } from '../index/index-definitions.ts';
import { runQuery } from './run-query.ts';
import { conditionSql } from './sql/condition-sql.ts';
import { isRowCondition } from './sql/link-sql.ts';
import type { BindParameter } from './sql/sql.ts';

/** Maximum number of resources that are read to find the patients who may have matches. */
const MAX_CANDIDATES = 1000;

/** Resources of a type that each patient with a match has. */
export interface CandidateSource {
  readonly type: string;
  /** Condition that these resources meet. Undefined for all resources of the type at the searched practices. */
  readonly condition: RowCondition | undefined;
}

/** True if the database index on codes and references finds the resources that meet a condition. */
export const isIndexed = (type: string, condition: EnforcedCondition): condition is RowCondition =>
  condition.kind === 'reference' ||
  condition.kind === 'uri' ||
  (condition.kind === 'token' && getIndexedType(type).tokens[condition.index]?.column === 'codes');

/**
 * Lists the resources by which the patients with matches can be found: those with a code of the search, also at the
 * other end of a chain or `_has`, and all resources of the searched type. Each patient has a Patient, so those help only
 * with a code.
 * @param byPractice false if some resources still lack the practice, so that its index doesn't have them
 */
export function candidateSources({ type, conditions }: EnforcedQuery, byPractice: boolean): readonly CandidateSource[] {
  const sources = conditions.flatMap((one): readonly CandidateSource[] => {
    if (isIndexed(type, one)) return [{ type, condition: one }];
    if (one.kind !== 'linked' || one.compartment !== 'record') return [];
    const other = one.conditions.filter(isRowCondition).find((condition) => isIndexed(one.type, condition));
    return other === undefined ? [] : [{ type: one.type, condition: other }];
  });
  return type === 'Patient' || !byPractice ? sources : [...sources, { type, condition: undefined }];
}

/**
 * Finds all patient records that may have matches, through the first source with few resources. The records may belong to
 * any practice.
 * @returns undefined if there are too many
 */
export async function findCandidateRecords(
  db: Executor,
  sources: readonly CandidateSource[],
  practiceIds: readonly number[],
): Promise<readonly number[] | undefined> {
  for (const source of sources) {
    const parameters: unknown[] = [];
    const bind: BindParameter = (value) => `$${parameters.push(value)}`;
    const text = source.condition === undefined ? allOfTypeSql(source, practiceIds, bind) : withCodeSql(source, bind);
    const rows = await runQuery<{ record_id: number }>(db, { parameters }, text);
    if (rows.length <= MAX_CANDIDATES) return [...new Set(rows.map(({ record_id }) => record_id))];
  }
  return undefined;
}

const allOfTypeSql = ({ type }: CandidateSource, practiceIds: readonly number[], bind: BindParameter): string =>
  practiceIds
    .map(
      (practiceId) => `(select r.record_id::int8 as record_id from resource r
        where r.practice_id = ${bind(practiceId)} and r.type = ${bind(type)}
        order by r.last_updated, r.id limit ${MAX_CANDIDATES + 1})`,
    )
    .join(' union all ');

/**
 * The index on codes begins with the record, but as a GIN index, it also finds a code in all records. PostgreSQL would
 * read the whole table instead if it expected to find enough resources soon. It has no statistics for a concatenated
 * text, and assumes that one in 200 rows matches, so it doesn't expect that. The limit applies to each node of a
 * distributed database too.
 */
function withCodeSql({ type, condition }: CandidateSource, bind: BindParameter): string {
  const test = condition === undefined ? 'true' : conditionSql({ alias: 'r', type, bind }, condition);
  return `select r.record_id::int8 as record_id from resource r
    where ${test} and r.type || '' = ${bind(type)} limit ${MAX_CANDIDATES + 1}`;
}
