import { isLosslessNumber } from 'lossless-json';
import { isObject } from '../../../kernel/index.ts';
import { elementsAt } from '../../store/index/elements.ts';

/** Maximum number of characters in a cell of a narrative table. Longer text is cut off. */
const MAX_LENGTH = 300;

/** Returns a primitive value as a single line of text. Returns '' if it is empty or isn't a primitive. */
export function toLine(value: unknown): string {
  const text = isLosslessNumber(value)
    ? value.value
    : ['string', 'number', 'boolean'].includes(typeof value)
      ? String(value)
      : '';
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}

/** Returns the first text found at any of the paths. Returns '' if there is none. */
export function firstLineAt(value: unknown, ...paths: readonly string[]): string {
  for (const path of paths)
    for (const one of elementsAt(value, path)) {
      const line = toLine(one);
      if (line !== '') return line;
    }
  return '';
}

/** Describes each value at a path and joins the descriptions with semicolons, without duplicates. */
export const joinLinesAt = (value: unknown, path: string, describe: (one: unknown) => string): string =>
  [...new Set(elementsAt(value, path).map(describe))].filter((line) => line !== '').join('; ');

/**
 * Returns the text of a CodeableConcept or Coding: preferably the author's own text, else the display of a coding, else
 * a code.
 */
export const conceptText = (concept: unknown): string =>
  firstLineAt(concept, 'text', 'coding.display', 'display', 'coding.code', 'code');

/** Shortens a date or time to the day in ISO format, which readers in all countries understand. */
export const toDay = (date: unknown): string => toLine(date).slice(0, 10);

const CHOICES: Readonly<Record<string, (value: unknown) => string>> = {
  DateTime: toDay,
  Instant: toDay,
  String: toLine,
  Boolean: (value) => (value === true ? 'Yes' : value === false ? 'No' : ''),
  Integer: toLine,
  Time: toLine,
  CodeableConcept: conceptText,
  Quantity: quantityText,
  Age: quantityText,
  Range: (value) => span(quantityText(elementsAt(value, 'low')[0]), quantityText(elementsAt(value, 'high')[0])),
  Ratio: (value) => ['numerator', 'denominator'].map((part) => quantityText(elementsAt(value, part)[0])).join(' / '),
  Period: periodText,
};

/**
 * Returns the text of a choice element such as `value[x]` or `onset[x]`. Returns '' if the element is absent or has
 * another datatype.
 */
export function choiceText(node: unknown, name: string): string {
  if (!isObject(node)) return '';
  for (const [type, toText] of Object.entries(CHOICES)) {
    const value = node[name + type];
    if (value !== undefined) return toText(value);
  }
  return '';
}

function quantityText(quantity: unknown): string {
  const [value, unit] = [firstLineAt(quantity, 'value'), firstLineAt(quantity, 'unit', 'code')];
  return value === '' ? '' : `${firstLineAt(quantity, 'comparator')}${value}${unit === '' ? '' : ` ${unit}`}`;
}

export function periodText(period: unknown): string {
  return span(toDay(elementsAt(period, 'start')[0]), toDay(elementsAt(period, 'end')[0]));
}

function span(from: string, to: string): string {
  if (from === to) return from;
  if (to === '') return `from ${from}`;
  return from === '' ? `up to ${to}` : `${from} to ${to}`;
}
