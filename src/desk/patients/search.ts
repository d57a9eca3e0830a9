import type { Executor } from '../../database/index.ts';
import type { PatientId, PracticeId } from '../../kernel/index.ts';
import { EXPIRED, STATUS, STATUS_JOINS, STATUS_TABLES, STATUSES, type Status } from './status.ts';
import type { Criterion, Wanted } from './words.ts';

export interface FoundPatient {
  readonly patientId: PatientId;
  readonly name: string;
  /** ISO 8601 date. */
  readonly birthDate: string | undefined;
  readonly status: Status;
  /** Whether the status is `invited` and the invitation is no longer valid. */
  readonly expired: boolean;
}

export interface PatientSearch {
  readonly practiceId: PracticeId;
  readonly wanted: Wanted;
  /** undefined: all statuses. */
  readonly status: Status | undefined;
  /** Last patient of the previous page. */
  readonly after: PatientId | undefined;
  readonly now: Date;
}

export interface FoundPatients {
  readonly patients: readonly FoundPatient[];
  /** Number of matching patients by status, over all pages. */
  readonly counts: Readonly<Record<Status, number>>;
  readonly more: boolean;
}

const PAGE = 25;

interface Row {
  readonly patient_id: string;
  readonly name: string;
  readonly birth_date: string | null;
  readonly status: Status;
  readonly expired: boolean;
}

/**
 * Searches the patients of a practice, ordered by family name, given name and birth date. Rows and counts come from one
 * statement, so they agree.
 */
export async function searchPatients(db: Executor, search: PatientSearch): Promise<FoundPatients> {
  const { criteria, number } = search.wanted;
  const { practiceId, now, status = null, after = null } = search;
  const shape = `${criteria.map(({ kind }) => kind).join(' ')}${number === '' ? '' : ' or number'}`;
  const parameters = [practiceId, now, status, after, PAGE + 1, ...criteria.flatMap(valuesOf), ...numbers(number)];
  const [row] = await db.queryText<{ counts: Record<string, number> | null; patients: Row[] | null }>(
    textFor(search.wanted),
    parameters,
    `desk.patients.search ${shape}`,
  );
  const rows = row?.patients ?? [];
  return {
    patients: rows.slice(0, PAGE).map(foundPatient),
    counts: countsOf(row?.counts ?? {}),
    more: rows.length > PAGE,
  };
}

const KEY = "coalesce(sorted, ''), coalesce(birth_date, '0001-01-01'), record_id";

/** Builds the statement. Its text depends only on the number and kind of the search terms, never on typed text. */
const textFor = (terms: Wanted): string => `with named as (
   select d.practice_id, d.record_id, r.patient_id, d.name, d.birth_date, d.sorted
   from demographics d
   join record r on r.record_id = d.record_id and r.practice_id = d.practice_id and r.state = 'active'
   where d.practice_id = $1${condition(terms)}),
 ${STATUS_TABLES},
 found as materialized (
   select d.*, ${STATUS} as status, ${EXPIRED} as expired from named d${STATUS_JOINS}),
 page as (
   select patient_id, name, birth_date, status, expired, row_number() over (order by ${KEY}) as place from found
   where ($3::text is null or status = $3)
     and ($4::uuid is null or (${KEY}) > (select ${KEY} from found where patient_id = $4))
   order by ${KEY} limit $5)
 select (select json_object_agg(status, patients) from
     (select status, count(*) as patients from found group by status) n) as counts,
   (select json_agg(page order by place) from page) as patients`;

const FIRST = 6;

function condition({ criteria, number }: Wanted): string {
  if (criteria.length === 0) return '';
  let next = FIRST;
  const tests = criteria.map(({ kind }) => {
    if (kind === 'birth-date') return `d.birth_date = $${next++}::date`;
    return `(strpos(d.folded, $${next++}) > 0 or d.numbers @> array[$${next++}::text])`;
  });
  const whole = number === '' ? '' : ` or d.numbers @> array[$${next}::text]`;
  return ` and ((${tests.join(' and ')})${whole})`;
}

const valuesOf = (criterion: Criterion): readonly string[] =>
  criterion.kind === 'birth-date' ? [criterion.date] : [criterion.text, criterion.number];

const numbers = (number: string): readonly string[] => (number === '' ? [] : [number]);

const foundPatient = ({ patient_id, name, birth_date, status, expired }: Row): FoundPatient => ({
  patientId: patient_id as PatientId,
  name,
  birthDate: birth_date ?? undefined,
  status,
  expired: status === 'invited' && expired,
});

const countsOf = (counts: Readonly<Record<string, number>>): Readonly<Record<Status, number>> =>
  Object.fromEntries(STATUSES.map((status) => [status, counts[status] ?? 0])) as Record<Status, number>;
