import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { foldName, foldNumber, isUuid, type PracticeId, type RecordId } from '../../kernel/index.ts';
import { readDate } from '../patient/read-date.ts';
import type { GivenRow } from './read-file.ts';

const COLUMNS = {
  record_id: 'int8',
  patient_id: 'uuid',
  folded: 'text?',
  birth_date: 'date?',
  numbers: '_text',
} as const;
const SELECT = `select r.record_id, r.patient_id, d.folded, d.birth_date, d.numbers
  from demographics d join record r on r.record_id = d.record_id and r.state = 'active'
  where d.practice_id = $1`;
const byId = statement(
  'enrollment.bulk.match-by-id',
  COLUMNS,
  `${SELECT} and r.practice_id = $1 and r.patient_id = $2 limit 2`,
);
const byNumber = statement('enrollment.bulk.match-by-number', COLUMNS, `${SELECT} and d.numbers @> array[$2] limit 20`);
const byBirth = statement('enrollment.bulk.match-by-birth', COLUMNS, `${SELECT} and d.birth_date = $2 limit 2000`);

export type NoMatch = 'row-incomplete' | 'no-patient' | 'several-patients';

/** The one patient of the practice that a row is about: all that it says has to be right. */
export async function matchRow(db: Executor, practiceId: PracticeId, given: GivenRow): Promise<RecordId | NoMatch> {
  const birthDate = given.birth_date === undefined ? undefined : readDate(given.birth_date);
  if (given.birth_date !== undefined && birthDate === undefined) return 'row-incomplete';
  const candidates = await candidatesOf(db, practiceId, given, birthDate);
  if (candidates === undefined) return 'row-incomplete';
  const fitting = candidates.filter((row) => fits(row, given, birthDate));
  const [found] = fitting;
  if (found === undefined) return 'no-patient';
  return fitting.length === 1 ? (found.record_id as RecordId) : 'several-patients';
}

async function candidatesOf(
  db: Executor,
  practiceId: PracticeId,
  given: GivenRow,
  birthDate: string | undefined,
): Promise<readonly RowOf<typeof COLUMNS>[] | undefined> {
  const { patient_id, mrn, name } = given;
  if (patient_id !== undefined) return isUuid(patient_id) ? db.query(byId, [practiceId, patient_id]) : [];
  if (mrn !== undefined) return foldNumber(mrn) === '' ? [] : db.query(byNumber, [practiceId, foldNumber(mrn)]);
  return name === undefined || birthDate === undefined ? undefined : db.query(byBirth, [practiceId, birthDate]);
}

/** A name in whatever order: each of its words has to be in the patient's. */
function fits(row: RowOf<typeof COLUMNS>, given: GivenRow, birthDate: string | undefined): boolean {
  const words = new Set((row.folded ?? '').split(' '));
  const wanted = foldName(given.name ?? '')
    .split(' ')
    .filter((word) => word !== '');
  const number = given.mrn === undefined ? undefined : foldNumber(given.mrn);
  return (
    wanted.every((word) => words.has(word)) &&
    (given.name === undefined || wanted.length > 0) &&
    (number === undefined || row.numbers.includes(number)) &&
    (birthDate === undefined || row.birth_date === birthDate)
  );
}
