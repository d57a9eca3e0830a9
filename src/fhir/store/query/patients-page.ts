import type { Executor } from '../../../database/index.ts';
import { isUnrestricted } from '../../authorization/access-filters.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { VariantQuery } from '../../authorization/enforce-variants.ts';
import { candidateSources, findCandidateRecords, isIndexed } from './candidate-records.ts';
import { type ContentForm, type ReadDatabase, readContents } from './contents/read-contents.ts';
import { runQuery } from './run-query.ts';
import type { VariantMatch } from './search-variants.ts';
import { resultColumnsSql } from './sql/page-sql.ts';
import { buildQuerySql } from './sql/query-sql.ts';
import { walkedRowSource } from './sql/row-source.ts';
import { andSql, type BindParameter } from './sql/sql.ts';

/**
 * Maximum number of patients that a page checks. If too few resources match, the page has fewer matches than requested,
 * and the next page continues with the next patient.
 */
const MAX_PATIENTS = 100;
/**
 * Maximum if PostgreSQL looks up the matches of a patient in an index, or reads only the Patient. A patient without a
 * match then costs about five pages of the database.
 */
const MAX_INDEXED_PATIENTS = 500;

/** Position in a search that reads patient by patient. All resources up to it have been checked. */
export interface PatientPosition {
  readonly patientId: string;
  /** Practice of the patient. Several practices may have a record of the patient. */
  readonly practiceId: number;
  /** Id of the last resource of the record that was checked. */
  readonly id: string;
  /** R4 type of that resource, if several are served under one name: its position in the list. */
  readonly variantIndex?: number | undefined;
  /** True if all patients have been checked, and now those whose records got resources of other records since. */
  readonly isOfMoves: boolean;
}

const [FIRST_ID, LAST_ID] = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
const START: PatientPosition = { patientId: FIRST_ID, practiceId: 0, id: LAST_ID, isOfMoves: false };

export interface PatientsPage {
  readonly rows: readonly VariantMatch[];
  /** Where the next page starts. Undefined on the last page. */
  readonly next: PatientPosition | undefined;
}

interface PatientsPageRequest {
  readonly limit: number;
  readonly offset: number;
  /** Position of the previous page. Undefined for the first page. */
  readonly after: PatientPosition | undefined;
  /** Time of the first page, in the text format of PostgreSQL. All earlier changes were committed. */
  readonly since: string;
  /** False if some resources still lack the practice, because an upgrade hasn't filled it in yet. */
  readonly byPractice: boolean;
}

/**
 * Finds one page of a search over whole practices, patient by patient. Each patient is searched as a search of this
 * patient would do it, until the page is full or enough patients are checked. So a page costs at most as much as
 * searches of `MAX_PATIENTS` patients.
 *
 * A resource keeps its position when it changes, so each resource that exists throughout is on one page. An exception
 * are resources that a merge, the end of a merge, or the correction of a misfiling moved to another record. If that
 * record had been read before, they would be missed. So at the end, resources that have changed since the first page are
 * read from these records. Some of them may have been on a page before.
 * @param variants at least one; those that cover practices cover the same ones
 */
export async function findPatientsPage(
  db: ReadDatabase,
  variants: readonly VariantQuery[],
  request: PatientsPageRequest,
): Promise<PatientsPage> {
  const read = (after: PatientPosition) =>
    readContents(db, {
      most: request.limit,
      read: (content) => (after.isOfMoves ? selectPage : walkPatients)(db, variants, { ...request, after, content }),
      rowsOf: ({ rows }) =>
        variants.map(({ query }, part) => ({ query, rows: rows.filter((row) => row.part === part) })),
    });
  const page = await read(request.after ?? START);
  if (page.next !== undefined || request.after?.isOfMoves) return page;
  const { rows } = page;
  const moves = { ...START, isOfMoves: true };
  if (rows.length === 0) return read(moves);
  const moved = await selectPage(db, variants, { ...request, offset: 0, after: moves, content: 'text' });
  const isOnPage = ({ id, part }: VariantMatch) => rows.some((row) => row.id === id && row.part === part);
  return moved.next === undefined && moved.rows.every(isOnPage) ? page : { rows, next: moves };
}

type SelectedPage = Omit<PatientsPageRequest, 'after'> & {
  readonly after: PatientPosition;
  readonly content: ContentForm;
  /** Maximum number of patients to check. Default: that of the queries. */
  readonly maxRecords?: number;
  /** The only records that may have matches. Undefined if all records of the practices may. */
  readonly among?: readonly number[];
};

/** Number of patients without a match after which the search looks for the patients who may have matches. */
const PROBED_PATIENTS = 20;

/**
 * Finds a page among the next patients. If the first of them have no match, the matches are rare, and it looks up in an
 * index which patients may have some, unless these are many.
 */
async function walkPatients(
  db: Executor,
  variants: readonly VariantQuery[],
  request: SelectedPage,
): Promise<PatientsPage> {
  const { limit, offset, byPractice } = request;
  const [only, ...others] = variants;
  const sources = only === undefined || others.length > 0 || offset > 0 ? [] : candidateSources(only.query, byPractice);
  if (sources.length === 0) return selectPage(db, variants, request);
  const first = await selectPage(db, variants, { ...request, maxRecords: PROBED_PATIENTS });
  if (first.next === undefined || first.rows.length === limit) return first;
  const rest = { ...request, after: first.next, limit: limit - first.rows.length };
  const among = first.rows.length > 0 ? undefined : await findCandidateRecords(db, sources, practicesOf(variants));
  const { rows, next } = await selectPage(db, variants, among === undefined ? rest : { ...rest, among });
  return { rows: [...first.rows, ...rows], next };
}

/** A match with its patient as the position. The columns are null if there are no matches. */
type PatientsPageRow = VariantMatch & {
  readonly practice: number;
  /** Last patient that was checked, if there are more. */
  readonly until_patient: string | null;
  readonly until_practice: number | null;
};

async function selectPage(
  db: Executor,
  variants: readonly VariantQuery[],
  { limit, offset, after, since, content, maxRecords = maxPatientsOf(variants), among }: SelectedPage,
): Promise<PatientsPage> {
  const parameters: unknown[] = [];
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const movedSince = after.isOfMoves ? `${bind(since)}::timestamptz` : undefined;
  const patient = `${bind(after.patientId)}::uuid`;
  const records = recordsSql(practicesOf(variants), { after, patient, maxRecords, movedSince, among, bind });
  const isFirst = `(w.patient_id = ${patient} and w.practice_id = ${bind(after.practiceId)}::int8)`;
  const [id, needed] = [`${bind(after.id)}::uuid`, bind(offset + limit + 1)];
  const matches = variants.map(({ query }, part) => {
    const source = buildQuerySql(query, { parameters, content, rowsFrom: () => walkedRowSource(query.scope, bind) });
    const isIncluded = part > (after.variantIndex ?? 0);
    const where = [
      source.where,
      `r.id >= case when ${isFirst} then ${id} else '${FIRST_ID}' end`,
      ...(isIncluded ? [] : [`not (r.id = ${id} and ${isFirst})`]),
      ...(movedSince === undefined ? [] : [`r.last_updated >= ${movedSince}`]),
    ];
    return `(select ${part} as part, ${resultColumnsSql({ ...query, scope: undefined }, source)} from ${source.from}
      where ${andSql(where)} order by r.id limit ${needed})`;
  });
  const ofPatient =
    matches.length === 1 ? matches.join() : `${matches.join(' union all ')} order by id, part limit ${needed}`;
  const text = `with page as materialized (
      select m.*, w.patient_id as position, w.practice_id as practice from (${records}) w cross join lateral (${ofPatient}) m
      order by w.patient_id, w.practice_id, m.id, m.part limit ${bind(limit + 1)} offset ${bind(offset)})
    select page.*, u.until_patient, u.until_practice from (select) one
    left join lateral (
      select w.patient_id as until_patient, w.practice_id as until_practice from (${records}) w
      where (select count(*) from page) <= ${bind(limit)} offset ${maxRecords - 1}) u on true
    left join page on true order by page.position, page.practice, page.id, page.part`;
  const found = await runQuery<PatientsPageRow>(db, { parameters }, text);
  const rows = found.filter((row) => row.id !== null).map(({ until_patient, until_practice, ...row }) => row);
  return { rows: rows.slice(0, limit), next: nextPosition(found, rows, limit, after) };
}

function nextPosition(
  found: readonly Pick<PatientsPageRow, 'until_patient' | 'until_practice'>[],
  rows: readonly (VariantMatch & Pick<PatientsPageRow, 'practice'>)[],
  limit: number,
  after: PatientPosition,
): PatientPosition | undefined {
  const { isOfMoves } = after;
  if (rows.length > limit) {
    const last = rows[limit - 1];
    if (last === undefined) return after;
    const { position, practice, id, part } = last;
    return { patientId: position, practiceId: practice, id, variantIndex: part, isOfMoves };
  }
  const [{ until_patient: patientId = null, until_practice: practiceId = null } = {}] = found;
  return patientId === null || practiceId === null ? undefined : { patientId, practiceId, id: LAST_ID, isOfMoves };
}

/** Returns the practices that the queries cover. Queries that may search only one record don't cover its practice. */
const practicesOf = (variants: readonly VariantQuery[]): readonly number[] =>
  variants.flatMap(({ query: { scope } }) => (scope?.kind === 'practices' ? [scope.practiceIds] : []))[0] ?? [];

interface PatientWalk {
  readonly after: PatientPosition;
  /** SQL for the patient of the previous page's last resource. */
  readonly patient: string;
  readonly maxRecords: number;
  /** SQL for the time since which the records must have got resources of others. Undefined for all records. */
  readonly movedSince: string | undefined;
  readonly among: readonly number[] | undefined;
  readonly bind: BindParameter;
}

/**
 * SQL for the next active records of practices, in the order of patient and practice. PostgreSQL reads each practice in
 * index order and merges them.
 */
function recordsSql(practiceIds: readonly number[], walk: PatientWalk): string {
  const { after, patient, maxRecords, movedSince, among, bind } = walk;
  const branches = practiceIds.map((practiceId) => {
    const from = `x.patient_id ${practiceId < after.practiceId ? '>' : '>='} ${patient}`;
    const only = [
      ...(movedSince === undefined ? [] : [hasMovesSql(movedSince)]),
      ...(among === undefined ? [] : [`x.record_id = any(${bind(among)}::int8[])`]),
    ];
    return `select x.record_id, x.patient_id, x.practice_id from record x
      where x.practice_id = ${bind(practiceId)} and ${andSql(["x.state = 'active'", from, ...only])}
      order by x.patient_id limit ${maxRecords}`;
  });
  if (branches.length === 1) return branches.join();
  return `select * from (${branches.map((branch) => `(${branch})`).join(' union all ')}) x
    order by patient_id, practice_id limit ${maxRecords}`;
}

/** SQL predicate: the record got resources of another record since the first page. */
const hasMovesSql = (since: string): string => `x.record_id in (
  select m.into_record_id from record_merge m where m.merged_at >= ${since}
  union all select m.record_id from record_merge m where m.undone_at >= ${since}
  union all select t.into_record_id from retraction t where t.retracted_at >= ${since} and t.into_record_id is not null)`;

const maxPatientsOf = (variants: readonly VariantQuery[]): number =>
  Math.min(...variants.map(({ query }) => maxPatients(query)));

function maxPatients({ type, filters, conditions }: EnforcedQuery): number {
  if (conditions.some(({ kind }) => kind === 'linked' || kind === 'alternatives')) return MAX_PATIENTS;
  const isUnconditional = conditions.length === 0 && filters.some(isUnrestricted);
  const isCheap = isUnconditional || type === 'Patient' || conditions.some((one) => isIndexed(type, one));
  return isCheap ? MAX_INDEXED_PATIENTS : MAX_PATIENTS;
}
