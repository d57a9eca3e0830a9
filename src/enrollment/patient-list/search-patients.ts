import { type Executor, statement } from '../../database/index.ts';
import type { PatientId, PracticeId } from '../../kernel/index.ts';
import { ENROLLMENT_STATUSES, type EnrollmentStatus } from './enrollment-statuses.ts';
import type { PatientSearchTerm, PatientSearchTerms } from './parse-search.ts';
import { refreshPatientList } from './refresh-list.ts';

export interface PatientListItem {
  readonly patientId: PatientId;
  readonly name: string;
  /** Date of birth as an ISO 8601 date. */
  readonly birthDate: string | undefined;
  readonly status: EnrollmentStatus;
  /** Whether the status is `invited`, but the invitation is no longer valid. */
  readonly expired: boolean;
}

/** Columns that the list can be sorted by. */
export const SORT_COLUMNS = ['name', 'birth-date', 'status'] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

export interface PatientListOrder {
  readonly column: SortColumn;
  readonly descending: boolean;
}

export interface PatientListQuery {
  readonly practiceId: PracticeId;
  readonly terms: PatientSearchTerms;
  /** Limits the list to patients with this enrollment status. undefined: all patients. */
  readonly status: EnrollmentStatus | undefined;
  readonly order: PatientListOrder;
  /** The last patient of the previous page. undefined for the first page. */
  readonly after: PatientId | undefined;
  readonly now: Date;
}

export interface PatientListResult {
  readonly patients: readonly PatientListItem[];
  /** Number of matching patients with each enrollment status, on all pages. */
  readonly counts: Readonly<Record<EnrollmentStatus, number>>;
  readonly hasMore: boolean;
  /** Whether more than `MAX_MATCHES` patients match. The list and the counts then have some of them. */
  readonly isPartial: boolean;
  /** Whether patients were changed or loaded whom the list doesn't have yet. */
  readonly isBehind: boolean;
}

const PAGE_SIZE = 25;
/** Number of patients that a search reads at most, because it has to read all of them before it can sort them. */
export const MAX_MATCHES = 300;

const ITEM = `patient_id, name, birth_date, status, status = ${statusCode('invited')} and invited_until <= $2 as expired`;

interface PatientListRow {
  readonly patient_id: string;
  readonly name: string;
  readonly birth_date: string | null;
  readonly status: number;
  readonly expired: boolean;
}

const countsStatement = statement(
  'enrollment.patient-list.counts',
  { status: 'int4', patients: 'int4' },
  'select status::int4, patients from patient_list_count where practice_id = $1',
);
const cursorStatement = statement(
  'enrollment.patient-list.cursor',
  { record_id: 'int8', status: 'int4', invited_until: 'text', name_key: 'text', birth_key: 'text' },
  `select l.record_id, l.status::int4, l.invited_until::text, l.name_key, l.birth_key::text
   from record r join patient_list l on l.record_id = r.record_id where r.practice_id = $1 and r.patient_id = $2`,
);

/** SQL row that a page continues after. It ends with the record, because names and birth dates aren't unique. */
const SORT_KEYS = {
  name: ['name_key', 'birth_key', 'record_id'],
  'birth-date': ['birth_key', 'name_key', 'record_id'],
  // Expired invitations come first among the invited patients, then those that expire next.
  status: ['status', 'invited_until', 'name_key', 'birth_key', 'record_id'],
} as const satisfies Readonly<Record<SortColumn, readonly (keyof Cursor)[]>>;

const KEY_TYPES = {
  record_id: 'int8',
  status: 'int2',
  invited_until: 'timestamptz',
  name_key: 'text',
  birth_key: 'date',
} as const;
type Cursor = Readonly<Record<keyof typeof KEY_TYPES, string | number>>;

/**
 * Returns a page of a practice's patients. The cost of a page doesn't depend on the number of patients: without search
 * text it is a part of an index, and a search reads at most `MAX_MATCHES` patients.
 */
export async function searchPatients(db: Executor, search: PatientListQuery): Promise<PatientListResult> {
  const isBehind = await refreshPatientList(db);
  const { practiceId, after, terms } = search;
  const cursor = after === undefined ? undefined : (await db.query(cursorStatement, [practiceId, after]))[0];
  const isPastEnd = after !== undefined && cursor === undefined;
  if (terms.criteria.length > 0) return { ...(await searchByTerms(db, search, cursor, isPastEnd)), isBehind };
  const counts = await db.query(countsStatement, [practiceId]);
  const rows = isPastEnd ? [] : await listPage(db, search, cursor);
  return { ...toPage(rows), counts: toStatusCounts(counts), isPartial: false, isBehind };
}

function listPage(
  db: Executor,
  { practiceId, now, status, order }: PatientListQuery,
  cursor: Cursor | undefined,
): Promise<PatientListRow[]> {
  const parameters: unknown[] = [practiceId, now];
  const conditions = ['practice_id = $1'];
  if (status !== undefined) conditions.push(`status = ${statusCode(status)}`);
  if (cursor !== undefined) conditions.push(afterCursor(order, cursor, parameters));
  return db.queryText<PatientListRow>(
    `select ${ITEM} from patient_list where ${conditions.join(' and ')} order by ${orderBy(order)} limit ${PAGE_SIZE + 1}`,
    parameters,
  );
}

/**
 * The matching patients are a CTE of their own, so that PostgreSQL plans to find all of them by an index. With the
 * limit, it would expect to come across enough of them soon, and read the whole table if there are few.
 */
async function searchByTerms(
  db: Executor,
  { practiceId, terms, now, status, order }: PatientListQuery,
  cursor: Cursor | undefined,
  isPastEnd: boolean,
): Promise<Omit<PatientListResult, 'isBehind'>> {
  const parameters: unknown[] = [practiceId, now];
  const condition = buildCondition(terms, parameters);
  const onPage = [isPastEnd ? 'false' : 'true'];
  if (status !== undefined) onPage.push(`status = ${statusCode(status)}`);
  if (cursor !== undefined) onPage.push(afterCursor(order, cursor, parameters));
  const [row] = await db.queryText<{
    counts: { status: number; patients: number }[] | null;
    patients: PatientListRow[] | null;
  }>(
    `with matching as materialized (select * from patient_list where practice_id = $1 and ${condition}),
     found as materialized (select * from matching limit ${MAX_MATCHES + 1}),
     page as (
       select ${ITEM}, row_number() over (order by ${orderBy(order)}) as place from found where ${onPage.join(' and ')}
       order by ${orderBy(order)} limit ${PAGE_SIZE + 1})
     select (select json_agg(n) from (select status, count(*)::int4 as patients from found group by status) n) as counts,
       (select json_agg(page order by place) from page) as patients`,
    parameters,
  );
  const counts = row?.counts ?? [];
  const isPartial = counts.reduce((sum, { patients }) => sum + patients, 0) > MAX_MATCHES;
  return { ...toPage(row?.patients ?? []), counts: toStatusCounts(counts), isPartial };
}

const orderBy = ({ column, descending }: PatientListOrder): string =>
  SORT_KEYS[column].map((key) => (descending ? `${key} desc` : key)).join(', ');

/** SQL condition for the patients after the cursor, whose values it adds to the parameters. */
function afterCursor({ column, descending }: PatientListOrder, cursor: Cursor, parameters: unknown[]): string {
  const keys = SORT_KEYS[column];
  const values = keys.map((key) => `$${parameters.push(cursor[key])}::${KEY_TYPES[key]}`);
  return `(${keys.join(', ')}) ${descending ? '<' : '>'} (${values.join(', ')})`;
}

/** SQL condition for patients that match all terms, or whose identifier is the whole text. */
function buildCondition({ criteria, number }: PatientSearchTerms, parameters: unknown[]): string {
  const hasNumber = (value: string): string => `numbers @> array[$${parameters.push(value)}::text]`;
  const tests = criteria.map((term) => {
    if (term.kind === 'birth-date')
      return `(birth_key = $${parameters.push(term.date)}::date and birth_date is not null)`;
    return `(folded like $${parameters.push(namePattern(term))}::text or ${hasNumber(term.number)})`;
  });
  const whole = number === '' ? '' : ` or ${hasNumber(number)}`;
  return `((${tests.join(' and ')})${whole})`;
}

/**
 * A term matches anywhere in a name. One of less than three characters only matches the start of a word, because the
 * index has groups of three characters, and a space counts. Terms have only letters, digits and spaces.
 */
const namePattern = ({ text }: PatientSearchTerm & { readonly kind: 'text' }): string =>
  [...text].length < 3 ? `% ${text}%` : `%${text}%`;

function toPage(rows: readonly PatientListRow[]): Pick<PatientListResult, 'patients' | 'hasMore'> {
  const patients = rows.slice(0, PAGE_SIZE).map(({ patient_id, name, birth_date, status, expired }) => ({
    patientId: patient_id as PatientId,
    name,
    birthDate: birth_date ?? undefined,
    status: ENROLLMENT_STATUSES[status] ?? 'not-enrolled',
    expired,
  }));
  return { patients, hasMore: rows.length > PAGE_SIZE };
}

const toStatusCounts = (
  counts: readonly { readonly status: number; readonly patients: number }[],
): PatientListResult['counts'] =>
  Object.fromEntries(
    ENROLLMENT_STATUSES.map((status, code) => [status, counts.find((one) => one.status === code)?.patients ?? 0]),
  ) as PatientListResult['counts'];

/** Number of a status in the database: its place in `ENROLLMENT_STATUSES`. */
function statusCode(status: EnrollmentStatus): number {
  return ENROLLMENT_STATUSES.indexOf(status);
}
