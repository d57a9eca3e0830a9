// Groups single results of the same measurement into series.
import { dateOf } from './format.js';
import { NAMELESS } from './record.js';
import { withUnit } from './units.js';

const PRESSURE = { '8480-6': 'Systolic', '8462-4': 'Diastolic' };

/** LOINC codes of common measurements, which are listed first. */
const FIRST = [
  '8480-6',
  '29463-7',
  '39156-5',
  '8867-4',
  '59408-5',
  '8310-5',
  '4548-4',
  '2345-7',
  '13457-7',
  '98979-8',
  '2160-0',
  '718-7',
  '2823-3',
  '6301-6',
  '3016-3',
];

/** Identifies a measurement by its code, or by its name if it has none. */
const measureOf = ({ code, name }) => code ?? name;

const rank = (code) => (FIRST.includes(code) ? FIRST.indexOf(code) : FIRST.length);

/**
 * Groups numeric results by measurement, oldest first, with the latest of each. Systolic and diastolic pressure form
 * one series. Vital signs and laboratory tests are separate; common measurements and those out of range come first.
 */
export function seriesOf(results) {
  const groups = new Map();
  for (const result of results) {
    if (typeof result.value !== 'number') continue;
    // The same measurement in another unit is a separate series.
    const key = result.code in PRESSURE ? 'pressure' : `${measureOf(result)} ${result.unit}`;
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()].map(toSeries).sort((a, b) => a.order - b.order || inTime(b.last, a.last));
}

/** A result without a parsable date sorts first, so that it is never taken as the latest. */
const inTime = (a, b) => whenOf(a).localeCompare(whenOf(b));
const whenOf = ({ at }) => (dateOf(at) === undefined ? '' : at);

function toSeries(results) {
  const sorted = results.toSorted(inTime);
  const last = sorted.at(-1);
  const codes = [...new Set(sorted.map(({ code }) => code))].toSorted((a, b) => rank(a) - rank(b));
  const lines = codes.map((code) => ({
    name: PRESSURE[code] ?? '',
    points: sorted.filter((each) => each.code === code),
  }));
  const name = last.code in PRESSURE ? (last.group ?? 'Blood pressure') : (last.name ?? NAMELESS);
  return { name, lines, last, category: last.category, order: rank(codes[0]) * 2 + (last.flag ? 0 : 1) };
}

/** The latest result of each kind that has no number: its word, or the reason why it is missing. */
export function wordsLatest(results) {
  const last = new Map();
  for (const result of results.toSorted(inTime)) {
    if (result.value === undefined && (result.word ?? result.missing) !== undefined)
      last.set(measureOf(result), result);
  }
  return [...last.values()].reverse();
}

/** "124/78 mmHg", "6.7%" */
export function latestText({ lines, last }, number) {
  const values = lines.map(({ points }) => number(points.at(-1).value));
  return withUnit(values.join('/'), last.unit);
}
