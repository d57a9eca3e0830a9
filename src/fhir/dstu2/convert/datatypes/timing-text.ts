import { isObject, nonEmptyText } from '../../../../kernel/index.ts';
import type { FhirJson } from '../conversion-rules.ts';
import { countText, isSingular, numberText, quantityText, rangeText, timeUnitName } from './amount-text.ts';

/** Describes one aspect of a Timing.repeat in words. Returns undefined if it can't be described. */
type DescribeRepeat = (repeat: FhirJson) => string | undefined;

export const hasElement = (element: FhirJson, name: string): boolean =>
  element[name] !== undefined || element[`_${name}`] !== undefined;

/** Describes frequency and period, as in "once a day", "2 to 3 times every 8 hours", or "every 4 to 6 hours". */
const frequencyText: DescribeRepeat = ({ frequency, frequencyMax, period, periodMax, periodUnit }) => {
  const hasTimes = frequency !== undefined || frequencyMax !== undefined;
  const hasPeriod = period !== undefined || periodMax !== undefined || periodUnit !== undefined;
  const times = hasTimes ? timesText(frequency, frequencyMax) : '';
  const every = hasPeriod ? intervalText(period, periodMax, periodUnit, hasTimes) : '';
  return times === undefined || every === undefined ? undefined : `${times} ${every}`.trim();
};

function timesText(frequency: unknown, max: unknown): string | undefined {
  const only = max === undefined ? Number(numberText(frequency)) : undefined;
  return only === 1 ? 'once' : only === 2 ? 'twice' : countText(frequency, max, 'time');
}

function intervalText(period: unknown, max: unknown, code: unknown, perTimes: boolean): string | undefined {
  const [unit, amount] = [timeUnitName(code), numberText(period)];
  if (unit === undefined || amount === undefined) return undefined;
  if (max !== undefined || !isSingular(amount)) return prefixed('every', countText(period, max, unit));
  return perTimes ? `${unit === 'hour' ? 'an' : 'a'} ${unit}` : `every ${unit}`;
}

const prefixed = (before: string, words: string | undefined): string | undefined =>
  words === undefined ? undefined : `${before} ${words}`;

/**
 * Joins the descriptions of values, as in "a, b and c". Returns undefined if the list is empty or one value can't be
 * described.
 */
function listText(value: unknown, say: (one: unknown) => string | undefined): string | undefined {
  const words = [value].flat().map(say);
  if (words.length === 0 || words.includes(undefined)) return undefined;
  return [words.slice(0, -1).join(', '), words.at(-1)].filter(Boolean).join(' and ');
}

const DAYS: ReadonlyMap<unknown, string> = new Map([
  ['mon', 'Monday'],
  ['tue', 'Tuesday'],
  ['wed', 'Wednesday'],
  ['thu', 'Thursday'],
  ['fri', 'Friday'],
  ['sat', 'Saturday'],
  ['sun', 'Sunday'],
]);
const dayText: DescribeRepeat = ({ dayOfWeek }) =>
  prefixed(
    'on',
    listText(dayOfWeek, (one) => DAYS.get(one)),
  );

/** Describes the times of day. FHIR R4, Timing.repeat.timeOfDay: the times apply to every day if no days are named. */
const timeOfDayText: DescribeRepeat = (repeat) => {
  const at = listText(repeat['timeOfDay'], (one) => /^\d\d:\d\d(?=:00(\.0+)?$)|^\d\d:\d\d:\d\d/.exec(String(one))?.[0]);
  const isEvery = !['frequency', 'period', 'dayOfWeek'].some((name) => hasElement(repeat, name));
  return prefixed(isEvery ? 'every day at' : 'at', at);
};

/** English phrases for the codes of R4's value set EventTiming. */
const OCCASIONS: ReadonlyMap<unknown, string> = new Map([
  ['MORN', 'in the morning'],
  ['MORN.early', 'early in the morning'],
  ['MORN.late', 'late in the morning'],
  ['NOON', 'at noon'],
  ['AFT', 'in the afternoon'],
  ['AFT.early', 'early in the afternoon'],
  ['AFT.late', 'late in the afternoon'],
  ['EVE', 'in the evening'],
  ['EVE.early', 'early in the evening'],
  ['EVE.late', 'late in the evening'],
  ['NIGHT', 'at night'],
  ['PHS', 'after falling asleep'],
  ['HS', 'before sleep'],
  ['WAKE', 'after waking'],
  ['C', 'at a meal'],
  ['CM', 'at breakfast'],
  ['CD', 'at lunch'],
  ['CV', 'at dinner'],
  ['AC', 'before a meal'],
  ['ACM', 'before breakfast'],
  ['ACD', 'before lunch'],
  ['ACV', 'before dinner'],
  ['PC', 'after a meal'],
  ['PCM', 'after breakfast'],
  ['PCD', 'after lunch'],
  ['PCV', 'after dinner'],
]);

/**
 * Describes events such as meals. FHIR R4, Timing.repeat.offset: minutes after the event, unless the event code itself
 * means "before".
 */
const eventText: DescribeRepeat = (repeat) => {
  const offset = hasElement(repeat, 'offset') ? countText(repeat['offset'], undefined, 'minute') : '';
  return listText(repeat['when'], (one) => {
    const occasion = OCCASIONS.get(one);
    if (occasion === undefined || offset === undefined) return undefined;
    if (offset === '') return occasion;
    return /^(before|after) /.test(occasion) ? `${offset} ${occasion}` : `${occasion} (${offset} after)`;
  });
};

const durationText: DescribeRepeat = ({ duration, durationMax, durationUnit }) => {
  const unit = timeUnitName(durationUnit);
  return unit === undefined ? undefined : prefixed('lasting', countText(duration, durationMax, unit));
};

const boundsText: DescribeRepeat = ({ boundsPeriod }) => {
  const [start, end] = isObject(boundsPeriod)
    ? [nonEmptyText(boundsPeriod['start']), nonEmptyText(boundsPeriod['end'])]
    : [];
  const parts = [prefixed('from', start), prefixed('until', end)].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
};

const countLimitText: DescribeRepeat = ({ count, countMax }) => {
  const times = countText(count, countMax, 'time');
  return times === undefined ? undefined : `(${times} in all)`;
};

const REPEAT_PARTS: readonly (readonly [elements: readonly string[], say: DescribeRepeat])[] = [
  [['frequency', 'frequencyMax', 'period', 'periodMax', 'periodUnit'], frequencyText],
  [['dayOfWeek'], dayText],
  [['timeOfDay'], timeOfDayText],
  [['when', 'offset'], eventText],
  [['duration', 'durationMax', 'durationUnit'], durationText],
  [['boundsDuration'], ({ boundsDuration }) => prefixed('for', quantityText(boundsDuration))],
  [['boundsRange'], ({ boundsRange }) => prefixed('for', rangeText(boundsRange))],
  [['boundsPeriod'], boundsText],
  [['count', 'countMax'], countLimitText],
];

/**
 * Describes an R4 Timing.repeat in words. Returns undefined if any part of it can't be described, because "once a day"
 * without its "on Monday" would be another dose.
 */
export function repeatText(repeat: FhirJson): string | undefined {
  if (repeat['extension'] !== undefined) return undefined;
  const given = REPEAT_PARTS.filter(([elements]) => elements.some((name) => hasElement(repeat, name)));
  const isWithheld = (name: string) => repeat[name] === undefined && hasElement(repeat, name);
  if (given.length === 0 || given.some(([elements]) => elements.some(isWithheld))) return undefined;
  const words = given.map(([, say]) => say(repeat));
  return words.includes(undefined) ? undefined : words.join(' ');
}
