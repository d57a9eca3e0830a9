import { counts } from './counts.ts';
import { plural } from './plural.ts';

/**
 * Texts about the deadlines of a review. Developers, administrators and emails use the same ones, so that they speak of
 * the same days. A day is a date with its weekday in the time zone of the deadlines.
 */
export const reviewDeadline = {
  steps: { verify: 'Step 1: developer verification', enable: 'Step 2: activation for real patients' },
  states: { 'in-time': 'On time', soon: 'Due soon', late: 'Overdue' },
  by: (day: string) => `by ${day}`,
  byAtTheLatest: (day: string) => `by ${day} at the latest`,
  left: (count: number) => (count === 0 ? 'due today' : `${counts.businessDays(count)} left`),
  late: (count: number) => (count === 0 ? 'overdue' : `${counts.businessDays(count)} overdue`),
  elapsed: (passed: number, all: number) =>
    plural(passed, {
      one: `1 of ${counts.businessDays(all)} has passed`,
      other: `${passed} of ${counts.businessDays(all)} have passed`,
    }),
  rule: 'We verify the developer within 10 business days. We activate the app for real patients within 5 more business days. Weekends and US federal holidays don’t count, and a day ends at midnight Eastern Time. (45 CFR 170.404(b)(1))',
};
