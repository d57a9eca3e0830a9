import { isUuid, Problem } from '../../kernel/index.ts';

/**
 * Position in a search result where a page starts, with the total that the first page reported. The cursor is part of
 * the URL of the page. It is neither secret nor signed: if a client alters it, the client still sees only what its
 * token allows.
 */
export interface PageCursor {
  /** Name of the sort order of the search. The position is valid for this order only. */
  readonly sort: string;
  /** Sort value of the last resource on the previous page, in the text format of PostgreSQL. */
  readonly position: string;
  /** Id of the last resource on the previous page. */
  readonly id: string;
  /** Patient of that resource. Set only in the order by patient, instead of the sort value. */
  readonly patient?: PatientCursor | undefined;
  /** Number of matches on all pages. Undefined if the client didn't request the total. */
  readonly total: number | undefined;
  /**
   * Time of the latest change among all matches when the first page was read, in the text format of PostgreSQL. Later
   * pages leave out resources that were created since.
   */
  readonly asOf: string;
  /** Digest that identifies the search to which the cursor belongs; see `searchDigest`. */
  readonly search: string;
  /**
   * Practice of the last resource on the previous page. Set if the search covers several practices, which may have
   * resources with the same id.
   */
  readonly practice?: number | undefined;
  /**
   * Position of the last resource's R4 type among the types that are served under one name. Set if the search covers
   * several R4 types, which may have resources with the same id.
   */
  readonly variantIndex?: number | undefined;
}

interface PatientCursor {
  readonly id: string;
  /** True if the page contains resources that moved to another record since the first page. */
  readonly isOfMoves: boolean;
  /** Set if the search began in the order of the main date. */
  readonly before?: MainDatePosition | undefined;
}

/** The last resource that a search showed, newest main date first, before it continued patient by patient. */
export interface MainDatePosition {
  /** Main date, in the text format of PostgreSQL. */
  readonly position: string;
  readonly id: string;
  /** True if other resources with this date and id haven't been shown: those of another practice or R4 type. */
  readonly isShared: boolean;
}

const DIGEST_PATTERN = /^[\w-]{12}$/;
const INSTANT_PATTERN = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

const PATIENT_PATTERN = /^(moved\/)?([\da-f-]{36})(?:\/(before|from)\/([^/]+)\/([\da-f-]{36}))?$/;

export function encodeCursor(cursor: PageCursor): string {
  const { sort, patient, id, total, asOf, search, practice, variantIndex } = cursor;
  const position = patient === undefined ? cursor.position : patientPosition(patient);
  const more = variantIndex !== undefined ? [practice ?? null, variantIndex] : practice !== undefined ? [practice] : [];
  const parts = [sort, position, id, total ?? null, asOf, search, ...more];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function patientPosition({ id, isOfMoves, before }: PatientCursor): string {
  const rest = before === undefined ? '' : `/${before.isShared ? 'from' : 'before'}/${before.position}/${before.id}`;
  return `${isOfMoves ? 'moved/' : ''}${id}${rest}`;
}

/**
 * Returns the cursor by which a search that began in the order of the main date continues patient by patient. It starts
 * again with the first patient, without the resources that have been shown.
 */
export function continueByPatient(cursor: PageCursor, sort: string): PageCursor {
  const { position, id, total, search, practice, variantIndex } = cursor;
  const before = { position, id, isShared: practice !== undefined || variantIndex !== undefined };
  const patient = { id: FIRST_ID, isOfMoves: false, before };
  return { sort, position: '-infinity', patient, id: FIRST_ID, total, asOf: 'infinity', search };
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Parses the cursor of a page URL.
 * @throws Problem 400 if the text isn't a cursor that this server made
 */
export function decodeCursor(text: string): PageCursor {
  const parts = decodeParts(text);
  if (!Array.isArray(parts) || parts.length < 6 || parts.length > 8) throw invalidCursor();
  const [sort, position, id, total, asOf, search, practice, part] = parts as unknown[];
  if (typeof sort !== 'string' || typeof id !== 'string' || !isUuid(id)) throw invalidCursor();
  if (typeof search !== 'string' || !DIGEST_PATTERN.test(search)) throw invalidCursor();
  const cursor = {
    sort,
    ...requirePosition(position),
    id,
    total: total === null ? undefined : requireCount(total),
    asOf: requireInstant(asOf),
    search,
  };
  if (parts.length === 6) return cursor;
  const optional = parts.length === 8 && practice === null ? {} : { practice: requireCount(practice) };
  return parts.length === 7 ? { ...cursor, ...optional } : { ...cursor, ...optional, variantIndex: requireCount(part) };
}

export const invalidCursor = (): Problem =>
  new Problem('search-invalid', {
    status: 400,
    message:
      'The parameter _cursor isn’t valid for this search. Follow the next link unchanged, or search again without _cursor.',
  });

function decodeParts(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw invalidCursor();
  }
}

function requirePosition(value: unknown): Pick<PageCursor, 'position' | 'patient'> {
  const [, moved, id, bound, date, shown] = typeof value === 'string' ? (PATIENT_PATTERN.exec(value) ?? []) : [];
  if (id === undefined) return { position: requireInstant(value) };
  if (!isUuid(id) || (shown !== undefined && !isUuid(shown))) throw invalidCursor();
  const before =
    shown === undefined ? {} : { before: { position: requireInstant(date), id: shown, isShared: bound === 'from' } };
  return { position: '-infinity', patient: { id, isOfMoves: moved !== undefined, ...before } };
}

function requireCount(value: unknown): number {
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw invalidCursor();
  return Number(value);
}

/** Rejects dates that JavaScript accepts and PostgreSQL doesn't, such as February 30 and dates in the year 0000. */
function requireInstant(value: unknown): string {
  if (value === 'infinity' || value === '-infinity') return value;
  if (typeof value !== 'string' || !INSTANT_PATTERN.test(value) || value.startsWith('0000')) throw invalidCursor();
  const date = new Date(value.replace(' ', 'T').replace('+00', 'Z'));
  const same =
    !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 19) === value.slice(0, 19).replace(' ', 'T');
  if (!same) throw invalidCursor();
  return value;
}
