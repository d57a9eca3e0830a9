import { APIS } from '../access/index.ts';
import type { FhirApi } from '../domain/index.ts';
import { OperatorError } from '../kernel/index.ts';

export const splitCommas = (values: readonly string[]): readonly string[] =>
  values
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');

export function parseApi(name: string): FhirApi {
  const found = (Object.keys(APIS) as FhirApi[]).find((api) => api === name.toLowerCase() || APIS[api] === name);
  if (found !== undefined) return found;
  const known = Object.entries(APIS).map(([api, full]) => `${api} (${full})`);
  throw new OperatorError(`Unknown API "${name}". Use one of: ${known.join(', ')}.`);
}

/** Returns whether an option with the values on and off is on. Returns undefined if the option was left out. */
export const isOn = (typed: 'on' | 'off' | undefined): boolean | undefined =>
  typed === undefined ? undefined : typed === 'on';

/**
 * Parses an option's value as a whole number from 1 to 100,000.
 * @throws OperatorError for anything else
 */
export function parseCount(option: string, typed: string): number {
  const count = Number(typed);
  if (Number.isInteger(count) && count >= 1 && count <= 100_000) return count;
  throw new OperatorError(`--${option} is "${typed}" but must be a whole number from 1 to 100,000.`);
}
