import { isLosslessNumber } from 'lossless-json';
import { elementsAt, isObject } from '../../fhir/index.ts';
import { dayOf, type Language, monthOf, type Words } from '../../words/index.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';
import { unitText } from './units.ts';

/** Reads values of a resource for one person's page. Whatever is malformed is no value: nothing here throws. */
export interface Reader {
  readonly words: Words['account']['own'];
  /** The first text at one of these paths. */
  text(resource: unknown, ...paths: readonly string[]): string | undefined;
  /** Every text at the path, joined. */
  texts(resource: unknown, path: string, joint?: string): string | undefined;
  /** A CodeableConcept or Coding, as people say it. */
  concept(value: unknown): string | undefined;
  /** The concepts at a path, joined. */
  concepts(resource: unknown, path: string): string | undefined;
  /** A FHIR date or dateTime, as precise as it is; by the calendar of the practice where it has a time. */
  date(value: unknown): string | undefined;
  /** The first date at one of these paths. */
  dateAt(resource: unknown, ...paths: readonly string[]): string | undefined;
  /** The code at the path, by a table of words. */
  coded(resource: unknown, path: string, table: Readonly<Record<string, string>>): string | undefined;
  quantity(value: unknown): string | undefined;
}

export function readerFor({ frame, record }: Pick<Place, 'frame' | 'record'>, words: Words['account']['own']): Reader {
  const { language } = frame;
  const date = (value: unknown) => dateText(language, record.timeZone, value);
  const texts = (resource: unknown, path: string, joint = ', ') => {
    const found = elementsAt(resource, path).flatMap((value) => textOf(value) ?? []);
    return found.length === 0 ? undefined : plain([...new Set(found)].slice(0, MOST_JOINED).join(joint));
  };
  const concepts = (resource: unknown, path: string) => {
    const found = elementsAt(resource, path).flatMap((value) => conceptText(value) ?? []);
    return found.length === 0 ? undefined : plain([...new Set(found)].slice(0, MOST_JOINED).join(', '));
  };
  return {
    words,
    text: (resource, ...paths) => firstOf(paths, (path) => firstOf(elementsAt(resource, path), textOf)),
    texts,
    concept: conceptText,
    concepts,
    date,
    dateAt: (resource, ...paths) => firstOf(paths, (path) => firstOf(elementsAt(resource, path), date)),
    coded: (resource, path, table) =>
      firstOf(elementsAt(resource, path), (code) => {
        const text = textOf(code);
        return text === undefined ? undefined : Object.hasOwn(table, text) ? table[text] : text;
      }),
    quantity: quantityText,
  };
}

/** Of a list without end, as many as can be read. */
const MOST_JOINED = 20;

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
