import { isLosslessNumber } from 'lossless-json';
import { elementsAt, isObject } from '../../store/elements.ts';

/** What is read of a name in a table: longer ones end there. */
const LONGEST = 300;

/** One line, of what may be any text at all; '' when there is none. */
export function lineOf(value: unknown): string {
  const text = isLosslessNumber(value)
    ? value.value
    : ['string', 'number', 'boolean'].includes(typeof value)
      ? String(value)
      : '';
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** The first at a path that says something. */
export function lineAt(value: unknown, ...paths: readonly string[]): string {
  for (const path of paths)
    for (const one of elementsAt(value, path)) {
      const line = lineOf(one);
      if (line !== '') return line;
    }
  return '';
}

/** Each different thing that a function has to say of what stands at a path. */
export const linesOf = (value: unknown, path: string, told: (one: unknown) => string): string =>
  [...new Set(elementsAt(value, path).map(told))].filter((line) => line !== '').join('; ');

/** In the words of whoever wrote it, before those of a code system, before the code. */
export const conceptText = (concept: unknown): string =>
  lineAt(concept, 'text', 'coding.display', 'display', 'coding.code', 'code');

/** The day, as it is written: it is understood everywhere. */
export const dayOf = (date: unknown): string => lineOf(date).slice(0, 10);

const CHOICES: Readonly<Record<string, (value: unknown) => string>> = {
  DateTime: dayOf,
  Instant: dayOf,
  String: lineOf,
  Boolean: (value) => (value === true ? 'Yes' : value === false ? 'No' : ''),
  Integer: lineOf,
  Time: lineOf,
  CodeableConcept: conceptText,
  Quantity: quantityText,
  Age: quantityText,
  Range: (value) => span(quantityText(elementsAt(value, 'low')[0]), quantityText(elementsAt(value, 'high')[0])),
  Ratio: (value) => ['numerator', 'denominator'].map((part) => quantityText(elementsAt(value, part)[0])).join(' / '),
  Period: periodText,
};

/** What an element of several types says: `value[x]`, `onset[x]`. */
export function choiceText(node: unknown, name: string): string {
  if (!isObject(node)) return '';
  for (const [type, told] of Object.entries(CHOICES)) {
    const value = node[name + type];
    if (value !== undefined) return told(value);
  }
  return '';
}

function quantityText(quantity: unknown): string {
  const [value, unit] = [lineAt(quantity, 'value'), lineAt(quantity, 'unit', 'code')];
  return value === '' ? '' : `${lineAt(quantity, 'comparator')}${value}${unit === '' ? '' : ` ${unit}`}`;
}

export function periodText(period: unknown): string {
  return span(dayOf(elementsAt(period, 'start')[0]), dayOf(elementsAt(period, 'end')[0]));
}

function span(from: string, to: string): string {
  if (from === to) return from;
  if (to === '') return `from ${from}`;
  return from === '' ? `up to ${to}` : `${from} to ${to}`;
}
