import { DATE_PREFIXES } from './date-rule.ts';
import { asList, isObject } from './nodes.ts';
import type { Question, QuestionMaker } from './questions.ts';

/** Returns the dates in a FHIR date, Period or Timing. */
function datesOf(node: unknown): readonly string[] {
  if (typeof node === 'string') return /^\d{4}/.test(node) ? [node] : [];
  if (!isObject(node)) return [];
  return [
    node['start'],
    node['end'],
    ...asList(node['event']),
    ...(isObject(node['repeat']) ? [node['repeat']['boundsPeriod']] : []),
  ].flatMap((part) => (part === undefined ? [] : datesOf(part)));
}

const DAY = 86_400_000;
const days = (date: string, more: number): string =>
  new Date(Date.parse(date.length === 4 ? `${date}-01-01` : date) + more * DAY).toISOString().slice(0, 10);

/** Makes searches with each prefix: for the date itself, its day, month and year, and the days around it. */
export const dateQuestions: QuestionMaker = (node, { random }): readonly Question[] =>
  datesOf(node).flatMap((date) => {
    const precise = [
      ...new Set([date, date.slice(0, 10), date.slice(0, 7), date.slice(0, 4), days(date, -1), days(date, 1)]),
    ];
    const minute = /T\d\d:\d\d/.test(date) ? [date.replace(/^(.{16}).*?(Z|[+-]\d\d:\d\d)$/, '$1$2')] : [];
    const all = [...precise, ...minute, `${date.slice(0, 4)}-01-01T00:00:00Z`];
    const prefixes = ['', ...Object.keys(DATE_PREFIXES)];
    return [
      { value: `ge${date}` },
      // The previous day ends before the date, and the next day begins after it. So searches relative to these days
      // must find the date.
      ...[`sa${days(date, -1)}`, `gt${days(date, -1)}`, `eb${days(date, 1)}`, `lt${days(date, 1)}`].map((value) => ({
        value,
      })),
      ...prefixes.map((prefix) => ({ value: `${prefix}${date}` })),
      ...all.flatMap((one) => [
        { value: one },
        { value: `${random.pick(prefixes)}${one}` },
        { value: `${random.pick(prefixes)}${one}` },
      ]),
    ];
  });
