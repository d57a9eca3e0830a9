import { type Database, type Executor, statement } from '../../database/index.ts';
import { withStoredSql } from '../../fhir/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import type { ValidationIssue } from '../../validation/index.ts';
import type { SourceOrigin } from '../references/reference-map.ts';

/** A stored resource and its validation issues. A valid resource has an empty list. */
export interface ResourceValidationResult {
  readonly type: string;
  readonly id: string;
  readonly issues: readonly ValidationIssue[];
}

export const isError = ({ severity }: ValidationIssue): boolean => severity === 'error';

/** Maximum number of validation issues stored for a resource. The others appear once the first ones are fixed. */
const MAX_ISSUES = 50;

/**
 * Stores the validation issues of resources. Rows whose issues and source are unchanged are not written again, and the
 * rows of resources without issues are deleted.
 */
const storeStatement = statement(
  'intake.keep-faults',
  {},
  `with given as (
     select * from jsonb_to_recordset($4) as g (type text, id uuid, errors int, warnings int, issues jsonb)
   ), fixed as (
     delete from validation_fault f using given g
     where f.practice_id = $1 and f.type = g.type collate "C" and f.id = g.id and g.issues is null
   )
   insert into validation_fault as f (practice_id, type, id, source, found_at, errors, warnings, issues)
   select $1, type, id, $2, $3, errors, warnings, issues from given where issues is not null order by type, id
   on conflict (practice_id, type, id) do update set source = excluded.source, found_at = excluded.found_at,
     errors = excluded.errors, warnings = excluded.warnings, issues = excluded.issues
   where f.issues is distinct from excluded.issues or f.source is distinct from excluded.source`,
);

const FILTER_SQL =
  'f.practice_id = any($1::int[]) and ($2::text is null or f.type = $2) and ($3::text is null or f.source = $3)';
/**
 * SQL that selects `stored`, the keys of those resources with validation issues that still exist. Issues of deleted
 * resources and of erased records are not shown.
 */
const withStillStoredSql = (filter = 'true'): string =>
  withStoredSql(`select f.practice_id, f.type, f.id from validation_fault f where ${filter}`);
const FAULTS_STILL_STORED = 'validation_fault f join stored using (practice_id, type, id)';

const SUMMARY_COLUMNS = {
  practice_id: 'int4',
  severity: 'text',
  code: 'text',
  element: 'text',
  text: 'text',
  profile: 'text?',
  issues: 'int4',
  resources: 'int4',
} as const;
const summarizeStatement = statement(
  'intake.list-kinds-of-faults',
  SUMMARY_COLUMNS,
  `with ${withStillStoredSql(FILTER_SQL)}
   select f.practice_id, i->>'severity' as severity, i->>'code' as code,
     regexp_replace(i->>'path', '\\[\\d+\\]', '', 'g') as element, i->>'text' as text, i->>'profile' as profile,
     count(*)::int as issues, count(distinct (f.type, f.id))::int as resources
   from ${FAULTS_STILL_STORED} cross join jsonb_array_elements(f.issues) as i where ${FILTER_SQL}
   group by 1, 2, 3, 4, 5, 6 order by 1, 2, 8 desc, 4, 5, 6 limit $4`,
);
const listStatement = statement(
  'intake.list-faulty',
  { practice_id: 'int4', type: 'text', id: 'uuid', source: 'text', found_at: 'timestamptz', issues: 'jsonb' },
  `with ${withStillStoredSql(FILTER_SQL)}
   select f.practice_id, f.type, f.id, f.source, f.found_at, f.issues from ${FAULTS_STILL_STORED} where ${FILTER_SQL}
   order by f.practice_id, f.errors = 0, f.type, f.id limit $4`,
);
const countStatement = statement(
  'intake.count-faulty',
  { practice_id: 'int4', errors: 'int4', warnings: 'int4' },
  `with ${withStillStoredSql()}
   select f.practice_id, (count(*) filter (where f.errors > 0))::int as errors,
     (count(*) filter (where f.errors = 0))::int as warnings
   from ${FAULTS_STILL_STORED} group by 1 order by 1`,
);
const purgeStatement = statement(
  'intake.sweep-faults',
  {},
  `with ${withStillStoredSql()}
   delete from validation_fault f where not exists (
     select 1 from stored s where s.practice_id = f.practice_id and s.type = f.type and s.id = f.id)`,
);

/** Stores the validation issues of stored resources, in place of their earlier issues. */
export async function storeValidationIssues(
  db: Executor,
  { practiceId, source }: SourceOrigin,
  at: Date,
  resources: readonly ResourceValidationResult[],
): Promise<void> {
  if (resources.length === 0) return;
  const rows = new Map(resources.map((one) => [`${one.type}/${one.id}`, toIssueRow(one)]));
  await db.query(storeStatement, [practiceId, source, at, JSON.stringify([...rows.values()])]);
}

const toIssueRow = ({ type, id, issues }: ResourceValidationResult) => ({
  type,
  id,
  errors: issues.filter(({ severity }) => severity === 'error').length,
  warnings: issues.filter(({ severity }) => severity !== 'error').length,
  issues: issues.length === 0 ? null : issues.slice(0, MAX_ISSUES),
});

export interface ValidationIssueFilter {
  readonly practices: readonly PracticeId[];
  readonly type?: string | undefined;
  readonly source?: string | undefined;
  readonly limit: number;
}

/**
 * A kind of validation issue: the element in which it occurs, such as `Observation.code`, and the number of resources
 * that have it.
 */
export interface ValidationIssueSummary extends Pick<ValidationIssue, 'severity' | 'code' | 'text'> {
  readonly practiceId: PracticeId;
  readonly element: string;
  readonly profile: string | undefined;
  readonly issues: number;
  readonly resources: number;
}

/** Lists kinds of validation issues: errors first, then by number of resources, highest first. */
export async function summarizeValidationIssues(
  db: Executor,
  filter: ValidationIssueFilter,
): Promise<readonly ValidationIssueSummary[]> {
  const rows = await db.query(summarizeStatement, filterParameters(filter));
  return rows.map(({ practice_id, profile, severity, code, ...row }) => ({
    ...row,
    severity: severity as ValidationIssue['severity'],
    code: code as ValidationIssue['code'],
    practiceId: practice_id as PracticeId,
    profile: profile ?? undefined,
  }));
}

export interface ResourceWithIssues extends ResourceValidationResult {
  readonly practiceId: PracticeId;
  readonly source: string;
  readonly foundAt: Date;
}

/** Lists resources with validation issues, those with errors first. */
export async function listResourcesWithIssues(
  db: Executor,
  filter: ValidationIssueFilter,
): Promise<readonly ResourceWithIssues[]> {
  const rows = await db.query(listStatement, filterParameters(filter));
  return rows.map(({ practice_id, found_at, issues, ...row }) => ({
    ...row,
    practiceId: practice_id as PracticeId,
    foundAt: found_at,
    issues: issues as readonly ValidationIssue[],
  }));
}

const filterParameters = ({ practices, type, source, limit }: ValidationIssueFilter): readonly unknown[] => [
  practices,
  type ?? null,
  source ?? null,
  limit,
];

/** Counts resources with validation errors, and resources that have only warnings. */
export async function countResourcesWithIssues(
  db: Executor,
): Promise<readonly { readonly practiceId: PracticeId; readonly errors: number; readonly warnings: number }[]> {
  return (await db.query(countStatement)).map(({ practice_id, ...row }) => ({
    ...row,
    practiceId: practice_id as PracticeId,
  }));
}

/** Deletes the validation issues of resources that no longer exist. */
export async function purgeValidationIssues(db: Database): Promise<void> {
  await db.query(purgeStatement);
}
