import type { Executor } from '../../../database/index.ts';
import { isUnrestricted } from '../../authorization/access-filters.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { VariantQuery } from '../../authorization/enforce-variants.ts';
import { hasLinks } from '../../authorization/enforced-link.ts';
import type { MainDatePosition } from '../../search/cursor.ts';
import { candidateSources, findCandidateRecords, isIndexed } from './candidate-records.ts';
import { type ContentForm, type ReadDatabase, readContents } from './contents/read-contents.ts';
import { findInRecords, type WalkedRecord } from './find-in-records.ts';
import { runQuery } from './run-query.ts';
import type { VariantMatch } from './search-variants.ts';
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
  /** Set if the search began in the order of the main date: resources up to this one are left out. */
  readonly before?: MainDatePosition | undefined;
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
 * read from these records. Some of them may have been on a page before. This also covers what is moved between two
 * statements of a page: the time of the first page is that of a moment before its first statement.
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
      read: (content) => walkPatients(db, variants, { ...request, after, content }),
      rowsOf: ({ rows }) =>
        variants.map(({ query }, part) => ({ query, rows: rows.filter((row) => row.part === part) })),
    });
  const page = await read(request.after ?? START);
  if (page.next !== undefined || request.after?.isOfMoves) return page;
  const { rows } = page;
  const moves = { ...START, isOfMoves: true };
  if (rows.length === 0) return read(moves);
  const moved = await walkPatients(db, variants, { ...request, offset: 0, after: moves, content: 'text' });
  const isOnPage = ({ id, part }: VariantMatch) => rows.some((row) => row.id === id && row.part === part);
  return moved.next === undefined && moved.rows.every(isOnPage) ? page : { rows, next: moves };
}

type WalkRequest = Omit<PatientsPageRequest, 'after'> & {
  readonly after: PatientPosition;
  readonly content: ContentForm;
};

/** Finds a page. For a page by number, it first finds the end of the pages before, without reading their contents. */
async function walkPatients(
  db: Executor,
  variants: readonly VariantQuery[],
  { offset, ...request }: WalkRequest,
): Promise<PatientsPage> {
  const maxRecords = maxPatientsOf(variants);
  if (offset === 0) return walkSteps(db, variants, { ...request, maxRecords });
  const before = { ...request, limit: offset, content: undefined };
  const { rows, next, checked } = await walkSteps(db, variants, { ...before, maxRecords });
  if (next === undefined || rows.length < offset) return { rows: [], next };
  return walkSteps(db, variants, { ...request, after: next, maxRecords: maxRecords - checked + 1 });
}

/** Number of patients without a match after which the search looks for the patients who may have matches. */
const PROBED_PATIENTS = 20;

interface SteppedWalk extends Pick<PatientsPageRequest, 'limit' | 'before' | 'since' | 'byPractice'> {
  readonly after: PatientPosition;
  /** Undefined to find the matches without their contents. */
  readonly content: ContentForm | undefined;
  /** Maximum number of patients to check. */
  readonly maxRecords: number;
}

/**
 * Finds a page in steps. A step lists the next records, and finds their matches in a statement of its own, because a
 * distributed database can't look up the resources of each row of a local table. The first step has one record, which
 * often has enough. The next ones have as many as the page needs if they have as many matches as those before. If the
 * first records have no match, the matches are rare, and the search looks up in an index which patients may have some,
 * unless these are many.
 */
async function walkSteps(
  db: Executor,
  variants: readonly VariantQuery[],
  { limit, after, before, since, byPractice, content, maxRecords }: SteppedWalk,
): Promise<PatientsPage & { readonly checked: number }> {
  const movedSince = after.isOfMoves ? since : undefined;
  const rows: VariantMatch[] = [];
  let listed: readonly WalkedRecord[] = [];
  let among: readonly number[] | undefined;
  let [isEnd, position, checked, size] = [false, after, 0, 1];
  while (rows.length <= limit && checked < maxRecords) {
    if (listed.length === 0) {
      // Few records got resources of others. With a small limit, PostgreSQL might look for them in the order of patients.
      const most = maxRecords - checked;
      const count = movedSince === undefined ? Math.min(Math.max(size, PROBED_PATIENTS), most) : most;
      listed = isEnd ? [] : await listRecords(db, variants, { after: position, count, movedSince, among });
      isEnd = listed.length < count;
      if (listed.length === 0) break;
    }
    const step = listed.slice(0, size);
    const needed = limit + 1 - rows.length;
    const expected = checked === 0 ? 0 : (rows.length * step.length) / checked;
    const isSparse = expected <= needed * SPARSE;
    const request = { needed, isSparse, content, changedSince: movedSince, after, before };
    rows.push(...(await findInRecords(db, variants, step, request)));
    listed = listed.slice(step.length);
    checked += step.length;
    position = endOf(step, position);
    size = nextSize(rows.length, limit, { size: step.length, checked });
    if (checked === PROBED_PATIENTS && rows.length === 0) among = await findAmong(db, variants, byPractice);
  }
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const isChecked = isEnd && listed.length === 0;
  const next = last === undefined ? (isChecked ? undefined : position) : positionOf(last, after);
  return { rows: rows.slice(0, limit), next, checked };
}

/** Share of the needed matches up to which a step that is expected to have so many reads its records together. */
const SPARSE = 0.1;

/** Most times by which a step may be larger than the one before. A few matches don't tell how many others have. */
const MAX_GROWTH = 3;

/** Returns how many records the next step reads. */
function nextSize(
  found: number,
  limit: number,
  { size, checked }: { readonly size: number; readonly checked: number },
): number {
  if (found > 0) return Math.min(Math.ceil(((limit + 1 - found) * checked) / found), MAX_GROWTH * size);
  return checked < PROBED_PATIENTS ? PROBED_PATIENTS - checked : MAX_INDEXED_PATIENTS;
}

/** Returns the records that may have matches, if an index has few of them. */
async function findAmong(
  db: Executor,
  variants: readonly VariantQuery[],
  byPractice: boolean,
): Promise<readonly number[] | undefined> {
  const [only, ...others] = variants;
  const sources = only === undefined || others.length > 0 ? [] : candidateSources(only.query, byPractice);
  return findCandidateRecords(db, sources, practicesOf(variants));
}

const endOf = (step: readonly WalkedRecord[], { isOfMoves, ...start }: PatientPosition): PatientPosition => {
  const { patientId, practiceId } = step.at(-1) ?? start;
  return { patientId, practiceId, id: LAST_ID, isOfMoves };
};

const positionOf = (
  { position, practice = 0, id, part }: VariantMatch,
  { isOfMoves }: PatientPosition,
): PatientPosition => ({ patientId: position, practiceId: practice, id, variantIndex: part, isOfMoves });

/** Returns the practices that the queries cover. Queries that may search only one record don't cover its practice. */
const practicesOf = (variants: readonly VariantQuery[]): readonly number[] =>
  variants.flatMap(({ query: { scope } }) => (scope?.kind === 'practices' ? [scope.practiceIds] : []))[0] ?? [];

interface ListedRecords {
  readonly after: PatientPosition;
  readonly count: number;
  /** Time since which the records must have got resources of others. Undefined for all records. */
  readonly movedSince: string | undefined;
  /** The only records that may have matches. Undefined if all records of the practices may. */
  readonly among: readonly number[] | undefined;
}

/**
 * Lists the next active records of practices, in the order of patient and practice. The first one is that of the
 * previous page's last resource, unless it was read completely. PostgreSQL reads each practice in index order and merges
 * them.
 */
async function listRecords(
  db: Executor,
  variants: readonly VariantQuery[],
  { after, count, movedSince, among }: ListedRecords,
): Promise<readonly WalkedRecord[]> {
  const parameters: unknown[] = [];
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const practiceIds = practicesOf(variants);
  if (practiceIds.length === 0) return [];
  const [patient, limit] = [`${bind(after.patientId)}::uuid`, bind(count)];
  const where = ["x.state = 'active'"];
  if (movedSince !== undefined) where.push(hasMovesSql(`${bind(movedSince)}::timestamptz`));
  if (among !== undefined) where.push(`x.record_id = any(${bind(among)}::int8[])`);
  const isRead = after.id === LAST_ID;
  const branches = practiceIds.map((practiceId) => {
    const isPassed = practiceId < after.practiceId || (isRead && practiceId === after.practiceId);
    return `select x.record_id as "recordId", x.patient_id as "patientId", x.practice_id as "practiceId" from record x
      where x.practice_id = ${bind(practiceId)} and x.patient_id ${isPassed ? '>' : '>='} ${patient} and ${andSql(where)}
      order by x.patient_id limit ${limit}`;
  });
  const text =
    branches.length === 1
      ? branches.join()
      : `select * from (${branches.map((branch) => `(${branch})`).join(' union all ')}) x
        order by "patientId", "practiceId" limit ${limit}`;
  return runQuery<WalkedRecord>(db, { parameters }, text);
}

/** SQL predicate: the record got resources of another record since the first page. */
const hasMovesSql = (since: string): string => `x.record_id in (
  select m.into_record_id from record_merge m where m.merged_at >= ${since}
  union all select m.record_id from record_merge m where m.undone_at >= ${since}
  union all select t.into_record_id from retraction t where t.retracted_at >= ${since} and t.into_record_id is not null)`;

const maxPatientsOf = (variants: readonly VariantQuery[]): number =>
  Math.min(...variants.map(({ query }) => maxPatients(query)));

function maxPatients({ type, filters, conditions }: EnforcedQuery): number {
  if (hasLinks(conditions)) return MAX_PATIENTS;
  const isUnconditional = conditions.length === 0 && filters.some(isUnrestricted);
  const isCheap = isUnconditional || type === 'Patient' || conditions.some((one) => isIndexed(type, one));
  return isCheap ? MAX_INDEXED_PATIENTS : MAX_PATIENTS;
}
