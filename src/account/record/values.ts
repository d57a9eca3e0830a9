import { isLosslessNumber } from 'lossless-json';
import { elementsAt, isObject } from '../../fhir/index.ts';
import { dayOf, type Language, minuteOf, monthOf, numberOf as numberIn, type Words } from '../../words/index.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';
import { unitText } from './units.ts';

/** Reads values of a resource as text for the page. Malformed values are skipped, and no method throws. */
export interface Reader {
  readonly words: Words['account']['own'];
  /** Display names of referenced resources, by `Type/id`. */
  readonly names: ReadonlyMap<string, string>;
  /** First text at any of the paths. */
  text(resource: unknown, ...paths: readonly string[]): string | undefined;
  /** All texts at the path, joined. */
  texts(resource: unknown, path: string, separator?: string): string | undefined;
  /** First text at the path, up to 4,000 characters. */
  long(resource: unknown, path: string): string | undefined;
  /** Display text of a CodeableConcept or Coding. */
  concept(value: unknown): string | undefined;
  /** Display texts of the concepts at the path, joined. */
  concepts(resource: unknown, path: string): string | undefined;
  /** FHIR date or dateTime with the precision it has. A dateTime is shown in the practice's time zone. */
  date(value: unknown): string | undefined;
  /** First date at any of the paths. */
  dateAt(resource: unknown, ...paths: readonly string[]): string | undefined;
  /** Date at the path, to the minute if it has a time. */
  momentAt(resource: unknown, path: string): string | undefined;
  /** Start and end of the Period at the path. */
  span(resource: unknown, path: string): string | undefined;
  /** Label of the code at the path. @param table labels by code; a code without one is returned as it is */
  coded(resource: unknown, path: string, table: Readonly<Record<string, string>>): string | undefined;
  quantity(value: unknown): string | undefined;
  /** Amount with its currency. FHIR R4 §2.24.0.10. */
  money(value: unknown): string | undefined;
}

export function readerFor(
  { frame: pageContext, record }: Pick<Place, 'frame' | 'record'>,
  messages: Words['account']['own'],
  names: Reader['names'] = new Map(),
): Reader {
  const { language } = pageContext;
  const date = (value: unknown) => dateText(language, record.timeZone, value);
  const dateAt: Reader['dateAt'] = (resource, ...paths) =>
    firstOf(paths, (path) => firstOf(elementsAt(resource, path), date));
  return {
    words: messages,
    names,
    text: (resource, ...paths) => firstOf(paths, (path) => firstOf(elementsAt(resource, path), textOf)),
    texts: (resource, path, separator = ', ') => joined(elementsAt(resource, path).map(textOf), { joint: separator }),
    long: (resource, path) =>
      firstOf(elementsAt(resource, path), (value) => (typeof value === 'string' ? plain(value, LONG) : undefined)),
    concept: conceptText,
    concepts: (resource, path) => joined(elementsAt(resource, path).map(conceptText)),
    date,
    dateAt,
    momentAt: (resource, path) =>
      firstOf(elementsAt(resource, path), (value) => momentText(language, record.timeZone, value)),
    span: (resource, path) => fromTo(dateAt(resource, `${path}.start`), dateAt(resource, `${path}.end`)),
    coded: (resource, path, table) =>
      firstOf(elementsAt(resource, path), (code) => {
        const text = textOf(code);
        return text === undefined ? undefined : Object.hasOwn(table, text) ? table[text] : text;
      }),
    quantity: quantityText,
    money: (value) => moneyText(language, value),
  };
}

/** Joins the texts without duplicates or empty ones; undefined when none are left. */
export function joined(
  texts: readonly (string | undefined)[],
  {
    joint: separator = ', ',
    most: maxCount = MOST_JOINED,
    longest: maxLength,
  }: { joint?: string; most?: number; longest?: number } = {},
): string | undefined {
  const found = [...new Set(texts.filter((text) => text !== undefined && text !== ''))];
  const more = found.length > maxCount ? ['…'] : [];
  return found.length === 0 ? undefined : plain([...found.slice(0, maxCount), ...more].join(separator), maxLength);
}

/** Joins a longer list with semicolons: up to 100 texts and 4,000 characters. */
export const listed = (texts: readonly (string | undefined)[]): string | undefined =>
  joined(texts, { joint: '; ', most: MOST_LISTED, longest: LONG });

/** One date when both are the same or one is missing. */
const fromTo = (start: string | undefined, end: string | undefined): string | undefined =>
  start === undefined || end === undefined || start === end ? (start ?? end) : `${start} – ${end}`;

/** Limits for lists of unbounded length. */
const MOST_JOINED = 20;
const MOST_LISTED = 100;
/** In code points. */
const LONG = 4000;

function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? plain(value) : '';
  return text === '' ? undefined : text;
}

/** The concept's text, else a display name, else a code. */
export function conceptText(value: unknown): string | undefined {
  if (typeof value === 'string') return textOf(value);
  const paths = ['text', 'coding.display', 'display', 'coding.code', 'code'];
  return firstOf(paths, (path) => firstOf(elementsAt(value, path), textOf));
}

function momentText(language: Language, zone: string, value: unknown): string | undefined {
  const text = dateText(language, zone, value);
  const hasTime = text !== undefined && typeof value === 'string' && value.includes('T');
  return hasTime ? minuteOf(language, new Date(value), zone) : text;
}

function moneyText(language: Language, value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const amount = numberOf(value['value']);
  const currency = textOf(value['currency']) ?? 'USD';
  if (amount === undefined) return undefined;
  if (!/^[A-Z]{3}$/.test(currency)) return `${amount} ${currency}`;
  return numberIn(language, amount, { style: 'currency', currency });
}

/** FHIR R4 §2.24.0.1: a date can be a year or a year and a month. */
function dateText(language: Language, zone: string, value: unknown): string | undefined {
  const [, year, month, day, time] = (typeof value === 'string' && DATE.exec(value)) || [];
  if (year === undefined) return undefined;
  const at = new Date(time === undefined ? `${year}-${month ?? '01'}-${day ?? '01'}T00:00:00Z` : String(value));
  if (Number.isNaN(at.getTime())) return undefined;
  if (time !== undefined) return dayOf(language, at, zone);
  if (day !== undefined) return dayOf(language, at, 'UTC');
  return month === undefined ? year : monthOf(language, at);
}

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(T[\d:.]+(?:Z|[+-]\d\d:\d\d))?)?)?$/;

/** Keeps the precision of the source: 7.0 stays 7.0. */
export function numberText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return isLosslessNumber(value) ? plain(value.value, 40) : undefined;
}

/** undefined when the value can't be plotted. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'number' ? value : isLosslessNumber(value) ? Number(value.value) : Number.NaN;
  return Number.isFinite(number) && Math.abs(number) < 1e12 ? number : undefined;
}

export function quantityText(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const number = numberText(value['value']);
  if (number === undefined) return textOf(value['unit']);
  const comparator = textOf(value['comparator']) ?? '';
  return `${comparator}${number} ${unitOf(value)}`.trim();
}

export const unitOf = (quantity: unknown): string =>
  isObject(quantity) ? unitText(textOf(quantity['unit']) ?? textOf(quantity['code']) ?? '') : '';
