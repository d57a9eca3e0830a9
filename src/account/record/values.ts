import { isLosslessNumber } from 'lossless-json';
import { elementsAt, isObject } from '../../fhir/index.ts';
import { dayOf, type Language, minuteOf, monthOf, numberOf as numberIn, type Words } from '../../words/index.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';
import { unitText } from './units.ts';

/** Reads values of a resource for one person's page. Whatever is malformed is no value: nothing here throws. */
export interface Reader {
  readonly words: Words['account']['own'];
  /** What the resources that are referred to are called, by `Type/id`. */
  readonly names: ReadonlyMap<string, string>;
  /** The first text at one of these paths. */
  text(resource: unknown, ...paths: readonly string[]): string | undefined;
  /** Every text at the path, joined. */
  texts(resource: unknown, path: string, joint?: string): string | undefined;
  /** The first text at the path, where it may be some sentences. */
  long(resource: unknown, path: string): string | undefined;
  /** A CodeableConcept or Coding, as people say it. */
  concept(value: unknown): string | undefined;
  /** The concepts at a path, joined. */
  concepts(resource: unknown, path: string): string | undefined;
  /** A FHIR date or dateTime, as precise as it is; by the calendar of the practice where it has a time. */
  date(value: unknown): string | undefined;
  /** The first date at one of these paths. */
  dateAt(resource: unknown, ...paths: readonly string[]): string | undefined;
  /** To the minute, where it has a time. */
  momentAt(resource: unknown, path: string): string | undefined;
  /** From when to when: of the Period at the path. */
  span(resource: unknown, path: string): string | undefined;
  /** The code at the path, by a table of words. */
  coded(resource: unknown, path: string, table: Readonly<Record<string, string>>): string | undefined;
  quantity(value: unknown): string | undefined;
  /** FHIR R4 §2.24.0.10: an amount with its currency. */
  money(value: unknown): string | undefined;
}

export function readerFor(
  { frame, record }: Pick<Place, 'frame' | 'record'>,
  words: Words['account']['own'],
  names: Reader['names'] = new Map(),
): Reader {
  const { language } = frame;
  const date = (value: unknown) => dateText(language, record.timeZone, value);
  const dateAt: Reader['dateAt'] = (resource, ...paths) =>
    firstOf(paths, (path) => firstOf(elementsAt(resource, path), date));
  return {
    words,
    names,
    text: (resource, ...paths) => firstOf(paths, (path) => firstOf(elementsAt(resource, path), textOf)),
    texts: (resource, path, joint = ', ') => joined(elementsAt(resource, path).map(textOf), { joint }),
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

/** Each once; undefined: there are none. */
export function joined(
  texts: readonly (string | undefined)[],
  { joint = ', ', most = MOST_JOINED, longest }: { joint?: string; most?: number; longest?: number } = {},
): string | undefined {
  const found = [...new Set(texts.filter((text) => text !== undefined && text !== ''))];
  const more = found.length > most ? ['…'] : [];
  return found.length === 0 ? undefined : plain([...found.slice(0, most), ...more].join(joint), longest);
}

/** Things that are told one by one, as many as can be read. */
export const listed = (texts: readonly (string | undefined)[]): string | undefined =>
  joined(texts, { joint: '; ', most: MOST_LISTED, longest: LONG });

/** One day where both are the same, or one of them is not known. */
const fromTo = (start: string | undefined, end: string | undefined): string | undefined =>
  start === undefined || end === undefined || start === end ? (start ?? end) : `${start} – ${end}`;

/** Of a list without end, as many as fit. */
const MOST_JOINED = 20;
const MOST_LISTED = 100;
/** Letters. */
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

/** What a person wrote, else what the code is called, else the code. */
export function conceptText(value: unknown): string | undefined {
  if (typeof value === 'string') return textOf(value);
  const paths = ['text', 'coding.display', 'display', 'coding.code', 'code'];
  return firstOf(paths, (path) => firstOf(elementsAt(value, path), textOf));
}

function momentText(language: Language, zone: string, value: unknown): string | undefined {
  const text = dateText(language, zone, value);
  const timed = text !== undefined && typeof value === 'string' && value.includes('T');
  return timed ? minuteOf(language, new Date(value), zone) : text;
}

function moneyText(language: Language, value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const amount = numberOf(value['value']);
  const currency = textOf(value['currency']) ?? 'USD';
  if (amount === undefined) return undefined;
  if (!/^[A-Z]{3}$/.test(currency)) return `${amount} ${currency}`;
  return numberIn(language, amount, { style: 'currency', currency });
}

/** FHIR R4 §2.24.0.1: a date may be a year, or a year and a month. */
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

/** A number as it was written: 7.0 stays 7.0. */
export function numberText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return isLosslessNumber(value) ? plain(value.value, 40) : undefined;
}

/** undefined: it can't be drawn. */
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
