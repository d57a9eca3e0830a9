import type { Executor } from '../../../database/index.ts';
import {
  ENROLLMENT_CTES,
  ENROLLMENT_JOINS,
  ENROLLMENT_STATUS_SQL,
  INVITATION_EXPIRED_SQL,
} from '../../../enrollment/index.ts';
import type { PatientId, PracticeId } from '../../../kernel/index.ts';
import { ENROLLMENT_STATUSES, type EnrollmentStatus } from '../enrollment-status.ts';
import type { PatientSearchTerm, PatientSearchTerms } from './parse-search.ts';

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
}

const PAGE_SIZE = 25;

interface PatientListRow {
  readonly patient_id: string;
  readonly name: string;
  readonly birth_date: string | null;
  readonly status: EnrollmentStatus;
  readonly expired: boolean;
}

/**
 * Searches the patients of a practice. Patients and counts come from one statement, so they agree. The counts need all
 * matching patients with their status, so that sorting by another column costs no further query.
 */
export async function searchPatients(db: Executor, search: PatientListQuery): Promise<PatientListResult> {
  const { criteria, number } = search.terms;
  const { practiceId, now, order, status = null, after = null } = search;
  const sort = `${order.column}${order.descending ? ' desc' : ''}`;
  const shape = `${criteria.map(({ kind }) => kind).join(' ')}${number === '' ? '' : ' or number'}`;
  const parameters = [
    practiceId,
    now,
    status,
    after,
    PAGE_SIZE + 1,
    ...criteria.flatMap(termParameters),
    ...numberParameters(number),
  ];
  const [row] = await db.queryText<{ counts: Record<string, number> | null; patients: PatientListRow[] | null }>(
    buildStatement(search.terms, order),
    parameters,
    `desk.patients.search by ${sort}: ${shape}`,
  );
  const rows = row?.patients ?? [];
  return {
    patients: rows.slice(0, PAGE_SIZE).map(toListItem),
    counts: toStatusCounts(row?.counts ?? {}),
    hasMore: rows.length > PAGE_SIZE,
  };
}

const NAME_KEY = "coalesce(sorted, '')";
const BIRTH_DATE_KEY = "coalesce(birth_date, '0001-01-01')";
const STATUS_KEYS = [
  `array_position('{${ENROLLMENT_STATUSES.join(',')}}'::text[], status)`,
  "not (status = 'invited' and expired)",
];

/** SQL row that a page continues after. It ends with the record, because names and birth dates aren't unique. */
const SORT_KEYS: Readonly<Record<SortColumn, readonly string[]>> = {
  name: [NAME_KEY, BIRTH_DATE_KEY, 'record_id'],
  'birth-date': [BIRTH_DATE_KEY, NAME_KEY, 'record_id'],
  status: [...STATUS_KEYS, NAME_KEY, BIRTH_DATE_KEY, 'record_id'],
};

/**
 * Builds the SQL statement of a search. Its text depends only on the number and kind of the search terms, never on
 * typed text.
 */
function buildStatement(terms: PatientSearchTerms, { column, descending }: PatientListOrder): string {
  const key = SORT_KEYS[column].join(', ');
  const order = SORT_KEYS[column].map((part) => (descending ? `${part} desc` : part)).join(', ');
  return `with named as (
   select d.practice_id, d.record_id, r.patient_id, d.name, d.birth_date, d.sorted
   from demographics d
   join record r on r.record_id = d.record_id and r.practice_id = d.practice_id and r.state = 'active'
   where d.practice_id = $1${buildCondition(terms)}),
 ${ENROLLMENT_CTES},
 found as materialized (
   select d.*, ${ENROLLMENT_STATUS_SQL} as status, ${INVITATION_EXPIRED_SQL} as expired from named d${ENROLLMENT_JOINS}),
 page as (
   select patient_id, name, birth_date, status, expired, row_number() over (order by ${order}) as place from found
   where ($3::text is null or status = $3)
     and ($4::uuid is null or (${key}) ${descending ? '<' : '>'} (select ${key} from found where patient_id = $4))
   order by ${order} limit $5)
 select (select json_object_agg(status, patients) from
     (select status, count(*) as patients from found group by status) n) as counts,
   (select json_agg(page order by place) from page) as patients`;
}

const FIRST_TERM_PARAMETER = 6;

function buildCondition({ criteria, number }: PatientSearchTerms): string {
  if (criteria.length === 0) return '';
  let next = FIRST_TERM_PARAMETER;
  const tests = criteria.map(({ kind }) => {
    if (kind === 'birth-date') return `d.birth_date = $${next++}::date`;
    return `(strpos(d.folded, $${next++}) > 0 or d.numbers @> array[$${next++}::text])`;
  });
  const whole = number === '' ? '' : ` or d.numbers @> array[$${next}::text]`;
  return ` and ((${tests.join(' and ')})${whole})`;
}

const termParameters = (criterion: PatientSearchTerm): readonly string[] =>
  criterion.kind === 'birth-date' ? [criterion.date] : [criterion.text, criterion.number];

const numberParameters = (number: string): readonly string[] => (number === '' ? [] : [number]);

const toListItem = ({ patient_id, name, birth_date, status, expired }: PatientListRow): PatientListItem => ({
  patientId: patient_id as PatientId,
  name,
  birthDate: birth_date ?? undefined,
  status,
  expired: status === 'invited' && expired,
});

const toStatusCounts = (counts: Readonly<Record<string, number>>): Readonly<Record<EnrollmentStatus, number>> =>
  Object.fromEntries(ENROLLMENT_STATUSES.map((status) => [status, counts[status] ?? 0])) as Record<
    EnrollmentStatus,
    number
  >;
