import { isLosslessNumber } from 'lossless-json';
import { elementsAt } from '../../fhir/index.ts';
import {
  formatLongDate,
  formatLongDateTime,
  formatMonth,
  type Language,
  type Messages,
  formatNumber as numberIn,
} from '../../i18n/index.ts';
import { isObject } from '../../kernel/index.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { sanitizeText } from '../sanitize-text.ts';
import { formatConcept } from '../values/concept.ts';
import { formatQuantity } from '../values/quantity.ts';

/** Reads values of a resource as text for the page. Malformed values are skipped, and no method throws. */
export interface ResourceReader {
  readonly messages: Messages['patientPortal']['patientRecord'];
  /** Display names of referenced resources, by reference (`Type/id`). */
  readonly names: ReadonlyMap<string, string>;
  /** Returns the first text at any of the paths. */
  text(resource: unknown, ...paths: readonly string[]): string | undefined;
  /** Returns all texts at the path, joined. */
  texts(resource: unknown, path: string, separator?: string): string | undefined;
  /** Returns the first text at the path, up to 4,000 characters. */
  longText(resource: unknown, path: string): string | undefined;
  /** Returns the name of a CodeableConcept or Coding. */
  concept(value: unknown): string | undefined;
  /** Returns the display texts of the CodeableConcepts at the path, joined. */
  concepts(resource: unknown, path: string): string | undefined;
  /**
   * Formats a FHIR date or dateTime with the precision that it has. A dateTime is shown as a date in the practice's
   * time zone.
   */
  date(value: unknown): string | undefined;
  /** Formats the first date at any of the paths. */
  dateAt(resource: unknown, ...paths: readonly string[]): string | undefined;
  /** Formats the date at the path, to the minute if it has a time. */
  dateTimeAt(resource: unknown, path: string): string | undefined;
  /** Formats start and end of the Period at the path. */
  period(resource: unknown, path: string): string | undefined;
  /**
   * Returns the label of the code at the path.
   * @param table labels by code; a code without a label is returned as it is
   */
  codeLabel(resource: unknown, path: string, table: Readonly<Record<string, string>>): string | undefined;
  /** Formats a Quantity with its unit in the reader's language. */
  quantity(value: unknown): string | undefined;
  /** Formats an amount with its currency (Money, FHIR R4 §2.24.0.10). */
  money(value: unknown): string | undefined;
}

export function createResourceReader(
  { pageContext, record, consumerNames }: Pick<PatientPortalContext, 'pageContext' | 'record' | 'consumerNames'>,
  messages: Messages['patientPortal']['patientRecord'],
  names: ResourceReader['names'] = new Map(),
): ResourceReader {
  const { language } = pageContext;
  const concept = (value: unknown) => formatConcept(value, (coding) => consumerNames.find(language, coding));
  const date = (value: unknown) => formatDate(language, record.timeZone, value);
  const dateAt: ResourceReader['dateAt'] = (resource, ...paths) =>
    findFirst(paths, (path) => findFirst(elementsAt(resource, path), date));
  return {
    messages,
    names,
    text: (resource, ...paths) => findFirst(paths, (path) => findFirst(elementsAt(resource, path), toText)),
    texts: (resource, path, separator = ', ') =>
      joinTexts(elementsAt(resource, path).map(toText), { joint: separator }),
    longText: (resource, path) =>
      findFirst(elementsAt(resource, path), (value) =>
        typeof value === 'string' ? sanitizeText(value, LONG_TEXT) : undefined,
      ),
    concept,
    concepts: (resource, path) => joinTexts(elementsAt(resource, path).map(concept)),
    date,
    dateAt,
    dateTimeAt: (resource, path) =>
      findFirst(elementsAt(resource, path), (value) => formatDateTime(language, record.timeZone, value)),
    period: (resource, path) => formatPeriod(dateAt(resource, `${path}.start`), dateAt(resource, `${path}.end`)),
    codeLabel: (resource, path, table) =>
      findFirst(elementsAt(resource, path), (code) => {
        const text = toText(code);
        return text === undefined ? undefined : Object.hasOwn(table, text) ? table[text] : text;
      }),
    quantity: (value) => formatQuantity(value, messages.values),
    money: (value) => formatMoney(language, value),
  };
}

/** Joins texts, without duplicates and empty ones. Returns undefined if none are left. */
export function joinTexts(
  texts: readonly (string | undefined)[],
  {
    joint: separator = ', ',
    max: maxCount = MAX_JOINED,
    longest: maxLength,
  }: { joint?: string; max?: number; longest?: number } = {},
): string | undefined {
  const found = [...new Set(texts.filter((text) => text !== undefined && text !== ''))];
  const more = found.length > maxCount ? ['…'] : [];
  return found.length === 0
    ? undefined
    : sanitizeText([...found.slice(0, maxCount), ...more].join(separator), maxLength);
}

/** Joins the texts of a longer list with semicolons: up to 100 texts and 4,000 characters. */
export const joinList = (texts: readonly (string | undefined)[]): string | undefined =>
  joinTexts(texts, { joint: '; ', max: MAX_LISTED, longest: LONG_TEXT });

/** Formats a period. If start and end are the same or one is missing, a single date is shown. */
const formatPeriod = (start: string | undefined, end: string | undefined): string | undefined =>
  start === undefined || end === undefined || start === end ? (start ?? end) : `${start} – ${end}`;

/**
 * Maximum number of texts that `joinTexts` joins, because a resource may have any number. `MAX_LISTED` is the maximum
 * of `joinList`.
 */
const MAX_JOINED = 20;
const MAX_LISTED = 100;
/** Maximum length of long texts in code points. */
const LONG_TEXT = 4000;

function findFirst<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function toText(value: unknown): string | undefined {
  const text = typeof value === 'string' ? sanitizeText(value) : '';
  return text === '' ? undefined : text;
}

function formatDateTime(language: Language, zone: string, value: unknown): string | undefined {
  const text = formatDate(language, zone, value);
  const hasTime = text !== undefined && typeof value === 'string' && value.includes('T');
  return hasTime ? formatLongDateTime(language, new Date(value), zone) : text;
}

function formatMoney(language: Language, value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const amount = toNumber(value['value']);
  const currency = toText(value['currency']) ?? 'USD';
  if (amount === undefined) return undefined;
  if (!/^[A-Z]{3}$/.test(currency)) return `${amount} ${currency}`;
  return numberIn(language, amount, { style: 'currency', currency });
}

/** Formats a FHIR date, which can also be a year, or a year and a month. FHIR R4 §2.24.0.1 */
function formatDate(language: Language, zone: string, value: unknown): string | undefined {
  const [, year, month, day, time] = (typeof value === 'string' && FHIR_DATE.exec(value)) || [];
  if (year === undefined) return undefined;
  const at = new Date(time === undefined ? `${year}-${month ?? '01'}-${day ?? '01'}T00:00:00Z` : String(value));
  if (Number.isNaN(at.getTime())) return undefined;
  if (time !== undefined) return formatLongDate(language, at, zone);
  if (day !== undefined) return formatLongDate(language, at, 'UTC');
  return month === undefined ? year : formatMonth(language, at);
}

const FHIR_DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(T[\d:.]+(?:Z|[+-]\d\d:\d\d))?)?)?$/;

/** Converts a value to a number for a chart. undefined if the value isn't a number that can be plotted. */
export function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'number' ? value : isLosslessNumber(value) ? Number(value.value) : Number.NaN;
  return Number.isFinite(number) && Math.abs(number) < 1e12 ? number : undefined;
}
