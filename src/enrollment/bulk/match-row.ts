import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { foldIdentifier, foldName, isUuid, type PracticeId, type RecordId } from '../../kernel/index.ts';
import type { BulkMatchFailure } from '../contract.ts';
import { parseDate } from '../patient/read-date.ts';
import type { BulkRowValues } from './parse-file.ts';

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

/**
 * Finds the one patient of the practice whom a row of an uploaded CSV file identifies. All values of the row must
 * match.
 */
export async function findPatientForRow(
  db: Executor,
  practiceId: PracticeId,
  row: BulkRowValues,
): Promise<RecordId | BulkMatchFailure> {
  const birthDate = row.birth_date === undefined ? undefined : parseDate(row.birth_date);
  if (row.birth_date !== undefined && birthDate === undefined) return 'row-incomplete';
  const candidates = await findCandidates(db, practiceId, row, birthDate);
  if (candidates === undefined) return 'row-incomplete';
  const matches = candidates.filter((candidate) => isMatch(candidate, row, birthDate));
  const [found] = matches;
  if (found === undefined) return 'no-patient';
  return matches.length === 1 ? (found.record_id as RecordId) : 'several-patients';
}

async function findCandidates(
  db: Executor,
  practiceId: PracticeId,
  row: BulkRowValues,
  birthDate: string | undefined,
): Promise<readonly RowOf<typeof COLUMNS>[] | undefined> {
  const { patient_id, mrn, name } = row;
  if (patient_id !== undefined) return isUuid(patient_id) ? db.query(byId, [practiceId, patient_id]) : [];
  if (mrn !== undefined) return foldIdentifier(mrn) === '' ? [] : db.query(byNumber, [practiceId, foldIdentifier(mrn)]);
  return name === undefined || birthDate === undefined ? undefined : db.query(byBirth, [practiceId, birthDate]);
}

/**
 * Tells whether a patient matches a row of the CSV file. All words of the row's name must occur in the patient's name,
 * in any order.
 */
function isMatch(candidate: RowOf<typeof COLUMNS>, row: BulkRowValues, birthDate: string | undefined): boolean {
  const words = new Set((candidate.folded ?? '').split(' '));
  const required = foldName(row.name ?? '')
    .split(' ')
    .filter((word) => word !== '');
  const number = row.mrn === undefined ? undefined : foldIdentifier(row.mrn);
  return (
    required.every((word) => words.has(word)) &&
    (row.name === undefined || required.length > 0) &&
    (number === undefined || candidate.numbers.includes(number)) &&
    (birthDate === undefined || candidate.birth_date === birthDate)
  );
}
