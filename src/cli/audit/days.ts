import { OperatorError } from '../../kernel/index.ts';

/**
 * Parses an option's value as a day.
 * @returns its start in UTC
 * @throws OperatorError for anything else
 */
export function parseDay(option: string, typed: string): Date {
  const day = new Date(`${typed}T00:00:00Z`);
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(typed) && typed.length === 10;
  if (isDay && typed >= '2000' && typed < '2200') return day;
  throw new OperatorError(`--${option} is "${typed}" but must be a date such as 2026-01-31.`);
}
