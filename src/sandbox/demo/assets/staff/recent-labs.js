import { dateOf } from '../shared/format.js';

/**
 * Divides tests by their latest result. `recent` are those of the 12 months up to the latest result of all, so that a
 * patient who wasn't tested for years has a list too. Among the older ones, `flagged` are those whose latest result has
 * a flag. A result without a usable date could be recent, so it is never among the older ones.
 */
export function recentLabs(tests, now = Date.now()) {
  // A result with a future date is an error of its source, and must not move the period.
  const newest = tests.filter(({ time }) => time <= now).reduce((latest, { time }) => Math.max(latest, time), 0);
  const start = new Date(newest);
  start.setFullYear(start.getFullYear() - 1);
  const isRecent = ({ at }) => dateOf(at) === undefined || dateOf(at) >= start;
  const older = tests.filter((test) => !isRecent(test));
  return {
    recent: tests.filter(isRecent),
    flagged: older.filter(({ mark }) => mark),
    older: older.filter(({ mark }) => !mark),
    until: tests.find(({ time }) => time === newest)?.at,
  };
}
