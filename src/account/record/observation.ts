import { elementsAt, isAboutAnother, isMistake, isObject, spanOfDate } from '../../fhir/index.ts';
import { statusOf } from './entries/entry.ts';
import { conceptText, numberOf, quantityText, type Reader, textOf, unitOf } from './values.ts';

/** What was observed once: one row of a table, and a point of a line where it is a number. */
export interface Observed {
  /** What it is a value of, and in which unit: those that are alike go together. */
  readonly key: string;
  readonly name: string;
  /** In words. */
  readonly value: string;
  readonly when: string;
  /** Milliseconds; undefined: it can't be placed in time. */
  readonly at: number | undefined;
  /** Numbers by the name of their line; the names are empty where there is one line. */
  readonly numbers: readonly { readonly line: string; readonly value: number }[];
  readonly unit: string;
  readonly range: Range | undefined;
  /** High, low; or that it is not final. */
  readonly flag: string | undefined;
}

export interface Range {
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly text: string;
}

/** Vital signs, laboratory results, and all else: by category, whatever its system. */
export function groupOf(observation: unknown): 'measurements' | 'results' | 'other' {
  const codes = elementsAt(observation, 'category.coding.code');
  if (codes.includes('vital-signs')) return 'measurements';
  return codes.includes('laboratory') ? 'results' : 'other';
}

/** LOINC. */
const SYSTOLIC = '8480-6';
const DIASTOLIC = '8462-4';

export function observed(observation: unknown, reader: Reader): Observed | undefined {
  if (isMistake(observation)) return undefined;
  // A panel says nothing itself: its members are there by themselves.
  const parts = componentsOf(observation, reader);
  const own = valueIn(observation, reader);
  if (own === undefined && parts.length === 0 && elementsAt(observation, 'hasMember').length > 0) return undefined;
  const { words, concepts, dateAt } = reader;
  const date = firstText(observation, ['effectiveDateTime', 'effectivePeriod.start', 'effectiveInstant', 'issued']);
  const pressure = pressureOf(parts, words.chart);
  const quantity = elementsAt(observation, 'valueQuantity')[0];
  const number = isExact(quantity) ? numberOf(quantity['value']) : undefined;
  const unit = pressure?.unit ?? unitOf(quantity);
  const name = (pressure === undefined ? concepts(observation, 'code') : words.chart.pressure) ?? words.notNamed;
  const other = isAboutAnother(observation) ? words.aboutAnother(name, reader.texts(observation, 'focus.display')) : '';
  return {
    // What is about someone else is never in one line or table with what is about the patient.
    key: `${pressure === undefined ? keyOf(observation) : 'pressure'} ${unit} ${other}`,
    name: other === '' ? name : other,
    value: pressure?.value ?? joined(own, parts) ?? absent(observation, reader),
    when:
      dateAt(observation, 'effectiveDateTime', 'effectivePeriod.start', 'effectiveInstant', 'issued') ??
      words.dateUnknown,
    at: date === undefined ? undefined : placeInTime(date),
    numbers: isCalledOff(observation)
      ? []
      : (pressure?.numbers ?? (number === undefined ? [] : [{ line: '', value: number }])),
    unit,
    range: pressure === undefined ? rangeOf(observation, unit, reader) : undefined,
    flag: flagOf(observation, reader),
  };
}

/** It has no result, or one that doesn't count. */
const isCalledOff = (observation: unknown): boolean => elementsAt(observation, 'status').includes('cancelled');

const firstText = (value: unknown, paths: readonly string[]): string | undefined =>
  paths.flatMap((path) => elementsAt(value, path)).find((one) => typeof one === 'string') as string | undefined;

/** `<5` is no point of a line. */
const isExact = (quantity: unknown): quantity is Record<string, unknown> =>
  isObject(quantity) && quantity['comparator'] === undefined;

function placeInTime(date: string): number | undefined {
  const low = spanOfDate(date)?.low;
  return low !== undefined && Number.isFinite(low) ? low : undefined;
}

/** By LOINC where it has one. Two laboratories may have one code of their own for two things: its system is part of it. */
function keyOf(observation: unknown): string {
  const codings = elementsAt(observation, 'code.coding').filter(isObject);
  const coding = codings.find(({ system }) => system === 'http://loinc.org') ?? codings[0];
  const code = textOf(coding?.['code']);
  if (code !== undefined) return `${textOf(coding?.['system']) ?? ''}|${code}`;
  return firstText(observation, ['code.text', 'code.coding.display']) ?? '';
}

/** Observation.value[x], and that of a component. FHIR R4 §10.1.3 */
function valueIn(node: unknown, { date, words }: Reader): string | undefined {
  if (!isObject(node)) return undefined;
  const { valueQuantity, valueCodeableConcept, valueString, valueBoolean, valueInteger, valueDateTime, valueTime } =
    node;
  if (typeof valueBoolean === 'boolean') return valueBoolean ? words.chart.yes : words.chart.no;
  if (typeof valueInteger === 'number') return String(valueInteger);
  return (
    quantityText(valueQuantity) ??
    (valueCodeableConcept === undefined ? undefined : conceptText(valueCodeableConcept)) ??
    textOf(valueString) ??
    date(valueDateTime) ??
    textOf(valueTime) ??
    rangeText(node['valueRange'], words.chart) ??
    ratioText(node['valueRatio'])
  );
}

export function rangeText(range: unknown, words: Reader['words']['chart']): string | undefined {
  if (!isObject(range)) return undefined;
  const low = quantityText(range['low']);
  const high = quantityText(range['high']);
  if (low !== undefined && high !== undefined) return words.between(low, high);
  return low === undefined ? (high === undefined ? undefined : words.below(high)) : words.above(low);
}

function ratioText(ratio: unknown): string | undefined {
  if (!isObject(ratio)) return undefined;
  const parts = [quantityText(ratio['numerator']), quantityText(ratio['denominator'])];
  return parts.includes(undefined) ? undefined : parts.join(' : ');
}

interface Component {
  readonly code: string;
  readonly name: string;
  readonly value: string;
  readonly quantity: unknown;
}

function componentsOf(observation: unknown, reader: Reader): readonly Component[] {
  return elementsAt(observation, 'component').map((component) => {
    const code = firstText(component, ['code.coding.code']) ?? '';
    const name = reader.concepts(component, 'code') ?? reader.words.notNamed;
    const value = valueIn(component, reader) ?? absent(component, reader);
    return { code, name, value, quantity: elementsAt(component, 'valueQuantity')[0] };
  });
}

function pressureOf(parts: readonly Component[], words: Reader['words']['chart']) {
  const upper = parts.find(({ code }) => code === SYSTOLIC);
  const lower = parts.find(({ code }) => code === DIASTOLIC);
  if (upper === undefined || lower === undefined) return undefined;
  const units = new Set([upper, lower].flatMap(({ quantity }) => (isObject(quantity) ? [unitOf(quantity)] : [])));
  // In two units they are no pair, and on no one scale.
  if (units.size > 1) return undefined;
  const lines = [
    [words.systolic, upper.quantity],
    [words.diastolic, lower.quantity],
  ] as const;
  const numbers = lines.flatMap(([line, quantity]) => {
    const value = isExact(quantity) ? numberOf(quantity['value']) : undefined;
    return value === undefined ? [] : [{ line, value }];
  });
  const [unit = ''] = units;
  const bare = ({ value }: Component) =>
    unit !== '' && value.endsWith(` ${unit}`) ? value.slice(0, -unit.length - 1) : value;
  return { numbers, unit, value: `${bare(upper)} / ${bare(lower)} ${unit}`.trim() };
}

/** A panel with parts that are no line: its own value, then each part by name. */
function joined(own: string | undefined, parts: readonly Component[]): string | undefined {
  const all = [
    ...(own === undefined ? [] : [own]),
    ...parts.slice(0, 30).map(({ name, value }) => `${name}: ${value}`),
  ];
  return all.length === 0 ? undefined : all.join('; ');
}

function absent(node: unknown, { words, concepts }: Reader): string {
  const code = firstText(node, ['dataAbsentReason.coding.code']);
  const known = code !== undefined && Object.hasOwn(words.reasons, code) ? words.reasons[code] : undefined;
  return known ?? concepts(node, 'dataAbsentReason') ?? words.notKnown;
}

/** The first range that has a number, or else words. FHIR R4 Observation.referenceRange */
function rangeOf(observation: unknown, unit: string, { words }: Reader): Range | undefined {
  for (const range of elementsAt(observation, 'referenceRange')) {
    if (!isObject(range)) continue;
    const same = [range['low'], range['high']].every(
      (end) => end === undefined || unitOf(end) === '' || unitOf(end) === unit,
    );
    // In the reader's own language, where it has numbers: its text is in that of who wrote it.
    const text = rangeText(range, words.chart) ?? textOf(range['text']);
    const [low, high] = [range['low'], range['high']].map((end) =>
      isObject(end) && same ? numberOf(end['value']) : undefined,
    );
    if (text !== undefined) return { low, high, text };
  }
  return undefined;
}

function flagOf(observation: unknown, reader: Reader): string | undefined {
  const { words, concepts } = reader;
  const code = firstText(observation, ['interpretation.coding.code']);
  const flag =
    code === 'N'
      ? undefined
      : code !== undefined && Object.hasOwn(words.flags, code)
        ? words.flags[code]
        : concepts(observation, 'interpretation');
  const status = statusOf(observation, reader);
  const notable = elementsAt(observation, 'status').some((one) => one !== 'final') ? status : undefined;
  const both = [flag, notable].filter((text) => text !== undefined);
  return both.length === 0 ? undefined : both.join('; ');
}
