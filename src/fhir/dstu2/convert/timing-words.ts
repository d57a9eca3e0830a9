import { counted, isOne, numberIn, quantityWords, rangeWords, unitOfTime } from './amount-words.ts';
import { isObject, type Json, textOf } from './element.ts';

/** What is said of one part of a repetition; undefined when it can't be put in words. */
type Say = (repeat: Json) => string | undefined;

export const isGiven = (of: Json, name: string): boolean => of[name] !== undefined || of[`_${name}`] !== undefined;

/** once a day, 2 to 3 times every 8 hours, every 4 to 6 hours */
const often: Say = ({ frequency, frequencyMax, period, periodMax, periodUnit }) => {
  const hasTimes = frequency !== undefined || frequencyMax !== undefined;
  const hasPeriod = period !== undefined || periodMax !== undefined || periodUnit !== undefined;
  const times = hasTimes ? timesOf(frequency, frequencyMax) : '';
  const every = hasPeriod ? everyOf(period, periodMax, periodUnit, hasTimes) : '';
  return times === undefined || every === undefined ? undefined : `${times} ${every}`.trim();
};

function timesOf(frequency: unknown, max: unknown): string | undefined {
  const only = max === undefined ? Number(numberIn(frequency)) : undefined;
  return only === 1 ? 'once' : only === 2 ? 'twice' : counted(frequency, max, 'time');
}

function everyOf(period: unknown, max: unknown, code: unknown, perTimes: boolean): string | undefined {
  const [unit, amount] = [unitOfTime(code), numberIn(period)];
  if (unit === undefined || amount === undefined) return undefined;
  if (max !== undefined || !isOne(amount)) return prefixed('every', counted(period, max, unit));
  return perTimes ? `${unit === 'hour' ? 'an' : 'a'} ${unit}` : `every ${unit}`;
}

const prefixed = (before: string, words: string | undefined): string | undefined =>
  words === undefined ? undefined : `${before} ${words}`;

/** a, b and c; undefined when one of them can't be said, or there is none. */
function listed(value: unknown, say: (one: unknown) => string | undefined): string | undefined {
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
const days: Say = ({ dayOfWeek }) =>
  prefixed(
    'on',
    listed(dayOfWeek, (one) => DAYS.get(one)),
  );

/** FHIR R4, Timing.repeat.timeOfDay: every day, where no days are named. */
const times: Say = (repeat) => {
  const at = listed(repeat['timeOfDay'], (one) => /^\d\d:\d\d(?=:00(\.0+)?$)|^\d\d:\d\d:\d\d/.exec(String(one))?.[0]);
  const isEvery = !['frequency', 'period', 'dayOfWeek'].some((name) => isGiven(repeat, name));
  return prefixed(isEvery ? 'every day at' : 'at', at);
};

/** The value set EventTiming of R4. */
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

/** FHIR R4, Timing.repeat.offset: minutes after the event, unless it tells that they are before. */
const occasions: Say = (repeat) => {
  const offset = isGiven(repeat, 'offset') ? counted(repeat['offset'], undefined, 'minute') : '';
  return listed(repeat['when'], (one) => {
    const occasion = OCCASIONS.get(one);
    if (occasion === undefined || offset === undefined) return undefined;
    if (offset === '') return occasion;
    return /^(before|after) /.test(occasion) ? `${offset} ${occasion}` : `${occasion} (${offset} after)`;
  });
};

const lasting: Say = ({ duration, durationMax, durationUnit }) => {
  const unit = unitOfTime(durationUnit);
  return unit === undefined ? undefined : prefixed('lasting', counted(duration, durationMax, unit));
};

const between: Say = ({ boundsPeriod }) => {
  const [start, end] = isObject(boundsPeriod) ? [textOf(boundsPeriod['start']), textOf(boundsPeriod['end'])] : [];
  const parts = [prefixed('from', start), prefixed('until', end)].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
};

const inAll: Say = ({ count, countMax }) => {
  const times = counted(count, countMax, 'time');
  return times === undefined ? undefined : `(${times} in all)`;
};

const PARTS: readonly (readonly [elements: readonly string[], say: Say])[] = [
  [['frequency', 'frequencyMax', 'period', 'periodMax', 'periodUnit'], often],
  [['dayOfWeek'], days],
  [['timeOfDay'], times],
  [['when', 'offset'], occasions],
  [['duration', 'durationMax', 'durationUnit'], lasting],
  [['boundsDuration'], ({ boundsDuration }) => prefixed('for', quantityWords(boundsDuration))],
  [['boundsRange'], ({ boundsRange }) => prefixed('for', rangeWords(boundsRange))],
  [['boundsPeriod'], between],
  [['count', 'countMax'], inAll],
];

/** A Timing.repeat of R4 in plain words. All of it or nothing: "once a day" without its "on Monday" would be another dose. */
export function repeatWords(repeat: Json): string | undefined {
  if (repeat['extension'] !== undefined) return undefined;
  const given = PARTS.filter(([elements]) => elements.some((name) => isGiven(repeat, name)));
  const isWithheld = (name: string) => repeat[name] === undefined && isGiven(repeat, name);
  if (given.length === 0 || given.some(([elements]) => elements.some(isWithheld))) return undefined;
  const words = given.map(([, say]) => say(repeat));
  return words.includes(undefined) ? undefined : words.join(' ');
}
