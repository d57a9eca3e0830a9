// Helpers for all entries of the record: { name, group, marks, lines, at }. Entries without a group are events.
import { certaintyOf, codesOf, noteText } from './elements.js';
import { dateOf, day } from './format.js';
import { messages } from './messages.js';

/** Words for status codes, without those that say nothing new. */
export const statusWords = (codes, ...obvious) =>
  codes.length === 0
    ? [messages.noStatus]
    : codes
        .filter((code) => !obvious.includes(code))
        .map((code) => messages.statuses[code] ?? messages.statuses.unknown);

/** "Since: 2019", or undefined if there is no value. */
export const fact = (name, value) => value && `${messages.facts[name]}: ${value}`;

export const noteFact = ({ note }) => fact('note', noteText(note));

export const newestFirst = (entries) =>
  entries.toSorted((one, other) => String(other.at ?? '').localeCompare(String(one.at ?? '')));

/** Joins entries that differ only in their dates, such as the doses of a vaccine. Two nameless ones may differ. */
export function joinRepeats(entries) {
  const keyOf = ({ at, ...rest }) => JSON.stringify(rest);
  const groups = Map.groupBy(newestFirst(entries), (each) => (each.name ? keyOf(each) : each));
  return [...groups.values()].map((all) => ({ ...all[0], dates: all.map(({ at }) => at) }));
}

/** Whether something ended before today, or before this month or year if no day is known. */
export const hasEnded = (end) =>
  dateOf(end) !== undefined && end.slice(0, 10) < new Date().toISOString().slice(0, Math.min(10, end.length));

/** "Jan 3, 2026", or the first and last of many dates. */
export function datesText(dates) {
  const days = dates.map((at) => day(at) || messages.dateless);
  return days.length > 8 ? messages.times(days.toReversed()) : days.join(' · ');
}

const CLINICAL = {
  active: 'current',
  recurrence: 'current',
  relapse: 'current',
  inactive: 'past',
  remission: 'past',
  resolved: 'past',
  // DSTU2 has one status for allergies, which includes how certain they are.
  confirmed: 'current',
  unconfirmed: 'current',
};

/** The group of a condition or allergy, and what the record says about its status and certainty. */
export function clinical(given) {
  const status = codesOf(given.clinicalStatus ?? given.status);
  const certainty = certaintyOf(given);
  const refuted = [...status, ...certainty].includes('refuted');
  const [state, ...others] = new Set(status.map((code) => CLINICAL[code]));
  const isClear = others.length === 0 && !certainty.includes('differential');
  const group = refuted ? 'past' : isClear ? (state ?? 'unclear') : 'unclear';
  const said = refuted ? ['refuted'] : [...(status.length > 0 ? status : ['']), ...certainty];
  return { group, marks: said.flatMap((code) => statusWords(code === '' ? [] : [code], 'active', 'confirmed')) };
}
