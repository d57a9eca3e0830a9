import { type CsvError, parse } from 'csv-parse/sync';
import { getMessages, type Language, type Messages } from '../../i18n/index.ts';
import { foldName } from '../../kernel/index.ts';

export const MAX_FILE_BYTES = 2 * 1024 * 1024;
export const MAX_ROWS = 5000;
const MAX_VALUE_LENGTH = 200;

/** Columns of a CSV file that are read. All other columns are ignored and not stored. */
export type BulkColumn = 'mrn' | 'patient_id' | 'name' | 'birth_date' | 'email';
const COLUMNS: Readonly<Record<string, BulkColumn>> = {
  mrn: 'mrn',
  'patient id': 'patient_id',
  name: 'name',
  'birth date': 'birth_date',
  birthdate: 'birth_date',
  'date of birth': 'birth_date',
  dob: 'birth_date',
  email: 'email',
  'e mail': 'email',
};

export type BulkRowValues = Readonly<Partial<Record<BulkColumn, string>>>;

export interface BulkLine {
  /** Line number in the file, from 1. For a row with line breaks, the number of the row's last line. */
  readonly line: number;
  readonly given: BulkRowValues;
}

type BulkFileMessages = Messages['practicePortal']['bulkInvitations']['fileErrors'];

/**
 * Thrown if an uploaded file can't be used. Its message is English. `messageIn` returns it in the language of the user
 * who uploaded the file.
 */
export class BulkFileError extends Error {
  override readonly name = 'BulkFileFault';
  readonly #tell: (messages: BulkFileMessages) => string;

  constructor(tell: (messages: BulkFileMessages) => string) {
    super(tell(fileMessages('en')));
    this.#tell = tell;
  }

  messageIn(language: Language): string {
    return this.#tell(fileMessages(language));
  }
}

const fileMessages = (language: Language): BulkFileMessages =>
  getMessages(language).practicePortal.bulkInvitations.fileErrors;

/**
 * Parses an uploaded CSV file. Accepts RFC 4180 and the usual output of spreadsheets: a byte order mark, semicolons or
 * tabs, UTF-16 and Windows-1252. Throws `BulkFileError`.
 */
export function parseBulkFile(bytes: Uint8Array): readonly BulkLine[] {
  if (bytes.length > MAX_FILE_BYTES) throw new BulkFileError(({ tooLarge }) => tooLarge);
  const text = decodeText(bytes);
  const [head, ...rows] = parseCsv(text);
  if (head === undefined) throw new BulkFileError(({ empty }) => empty);
  const columns = readColumns(head.record);
  const lines = rows
    .map(({ record, info }) => ({ line: info.lines, given: readRowValues(record, columns) }))
    .filter(({ given }) => Object.keys(given).length > 0);
  if (lines.length === 0) throw new BulkFileError(({ noPatients }) => noPatients);
  if (lines.length > MAX_ROWS)
    throw new BulkFileError(({ tooManyPatients }) => tooManyPatients(lines.length, MAX_ROWS));
  return lines;
}

const BYTE_ORDER_MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

function decodeText(bytes: Uint8Array): string {
  const [marked] = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte)) ?? [];
  const text = tryDecode(bytes, marked ?? 'utf-8') ?? tryDecode(bytes, 'windows-1252') ?? '';
  if (text.includes('\u0000') || text.startsWith('PK\u0003')) throw new BulkFileError(({ notCsv }) => notCsv);
  return text;
}

function tryDecode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function parseCsv(text: string): readonly CsvRecord[] {
  try {
    return parse(text, {
      bom: true,
      info: true,
      trim: true,
      delimiter: detectDelimiter(text),
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 20_000,
    }) as unknown as CsvRecord[];
  } catch (error) {
    const { lines } = error as CsvError & { lines?: number };
    throw new BulkFileError(({ unreadable, unreadableFrom }) =>
      lines === undefined ? unreadable : unreadableFrom(lines),
    );
  }
}

/**
 * Returns the delimiter that occurs most often in the first line of the file. Spreadsheets in some countries write
 * semicolons.
 */
function detectDelimiter(text: string): string {
  const [first = ''] = text.trimStart().split(/\r\n?|\n/, 1);
  const count = (delimiter: string): number => first.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

function readColumns(head: readonly string[]): readonly (BulkColumn | undefined)[] {
  const columns = head.map((name) => COLUMNS[foldName(name)]);
  const has = (...required: readonly BulkColumn[]) => required.every((one) => columns.includes(one));
  const twice = columns.find((one, at) => one !== undefined && columns.indexOf(one) !== at);
  if (twice !== undefined) throw new BulkFileError(({ duplicateColumn }) => duplicateColumn(twice));
  if (has('mrn') || has('patient_id') || has('name', 'birth_date')) return columns;
  throw new BulkFileError(({ missingColumns }) => missingColumns);
}

function readRowValues(record: readonly string[], columns: readonly (BulkColumn | undefined)[]): BulkRowValues {
  const pairs = columns.flatMap((column, at) => {
    // Truncation can cut a surrogate pair in half. PostgreSQL would reject the half that is left, so it becomes U+FFFD.
    const value = record[at]?.slice(0, MAX_VALUE_LENGTH).toWellFormed() ?? '';
    return column === undefined || value === '' ? [] : [[column, value] as const];
  });
  return Object.fromEntries(pairs);
}
