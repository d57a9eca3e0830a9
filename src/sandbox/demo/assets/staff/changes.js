// Finds what happened after the last visit by the dates of the entries. A change without a date, such as a prescription
// that was stopped, can't be found this way. The view says so.
import { valid } from '../shared/elements.js';
import { allergy, immunization, problem, procedure, visit as visitEntry } from '../shared/entries.js';
import { newestFirst } from '../shared/entry.js';
import { dateOf, day } from '../shared/format.js';
import { medicine, shownMedicines } from '../shared/medicines.js';
import { results } from '../shared/results.js';
import { messages } from './messages.js';

const startOf = ({ period }) => period?.start;
const endOf = ({ period }) => period?.end ?? period?.start;

/**
 * The latest visit that took place before this one, or before now without one.
 * @param current the visit of the launch, if there is one
 */
export function lastVisit(encounters, current, now = new Date()) {
  const before = dateOf(current && startOf(current)) ?? now;
  return valid(encounters)
    .filter((each) => each.status === 'finished' && each.id !== current?.id && dateOf(startOf(each)) < before)
    .toSorted((one, other) => dateOf(startOf(other)) - dateOf(startOf(one)))[0];
}

/** Compares instants if both are, and otherwise days. Without a day, a month or year that may be later counts as later. */
function isAfter(at, end) {
  if (dateOf(at) === undefined) return false;
  if (at.length < 10) return at >= end.slice(0, at.length);
  return at.length > 10 && end.length > 10 ? dateOf(at) > dateOf(end) : at.slice(0, 10) > end.slice(0, 10);
}

/** For each kind: its resources, how one is shown, and the dates that make it a change, each with its label. */
const KINDS = {
  problems: {
    resources: ({ Condition }) => valid(Condition),
    entry: problem,
    dates: ({ recordedDate, onsetDateTime, onsetPeriod, abatementDateTime, abatementPeriod }) => [
      ['recorded', recordedDate],
      ['since', onsetDateTime ?? onsetPeriod?.start],
      ['until', abatementDateTime ?? abatementPeriod?.end],
    ],
  },
  allergies: {
    resources: ({ AllergyIntolerance }) => valid(AllergyIntolerance),
    entry: allergy,
    dates: ({ recordedDate, onsetDateTime, lastOccurrence }) => [
      ['recorded', recordedDate],
      ['since', onsetDateTime],
      ['reaction', lastOccurrence],
    ],
  },
  medicines: {
    resources: shownMedicines,
    entry: medicine,
    dates: ({ authoredOn, dateAsserted, effectiveDateTime, effectivePeriod }) => [
      ['recorded', authoredOn ?? dateAsserted],
      ['since', effectiveDateTime ?? effectivePeriod?.start],
      ['until', effectivePeriod?.end],
    ],
  },
  immunizations: {
    resources: ({ Immunization }) => valid(Immunization),
    entry: immunization,
    dates: ({ occurrenceDateTime }) => [['date', occurrenceDateTime]],
  },
  procedures: {
    resources: ({ Procedure }) => valid(Procedure),
    entry: procedure,
    dates: ({ performedDateTime, performedPeriod }) => [['date', performedDateTime ?? performedPeriod?.start]],
  },
  visits: {
    resources: ({ Encounter }) => valid(Encounter),
    entry: (given) => visitEntry(given),
    dates: (given) => [['date', startOf(given)]],
  },
};

/** Groups whose entries would look current without a word. */
const GROUP_WORDS = { unclear: messages.groups.unclear, visit: messages.atVisit };

/**
 * Returns the entries with a date after the end of a visit, by kind, and the laboratory tests with a result after it.
 * @param current the visit of the launch, which isn't a change itself
 */
export function changesSince(last, resources, current) {
  const end = endOf(last);
  const own = [last.id, current?.id];
  const kinds = Object.entries(KINDS).map(([key, { resources: select, entry, dates }]) => {
    const entries = select(resources)
      .filter(({ id }) => key !== 'visits' || !own.includes(id))
      .flatMap((given) => {
        const change = dates(given).find(([, at]) => isAfter(at, end));
        return change === undefined ? [] : [changeEntry(entry(given), ...change)];
      });
    return { key, entries: newestFirst(entries) };
  });
  const isNew = ({ effectiveDateTime, effectivePeriod, issued }) =>
    isAfter(effectiveDateTime ?? effectivePeriod?.start ?? issued, end);
  const labs = results({ Observation: valid(resources.Observation).filter(isNew) });
  return { kinds: kinds.filter(({ entries }) => entries.length > 0), labs };
}

function changeEntry({ name, group, marks, lines, label: own }, kind, at) {
  const words = [...marks, GROUP_WORDS[group]].filter(Boolean);
  // A month or year may have begun before the visit.
  const isExact = at.length >= 10;
  const label = (kind === 'recorded' && own) || messages.changed[kind];
  return {
    name,
    marks: isExact ? words : [...words, messages.notExact],
    // A line with the same date would repeat it.
    lines: lines.filter((line) => line !== `${label}: ${day(at)}`),
    label,
    dates: [at],
    at,
  };
}
