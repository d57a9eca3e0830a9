import { APIS, type Api } from '../access/index.ts';
import { OperatorFault } from '../kernel/index.ts';

export const commaSeparated = (values: readonly string[]): readonly string[] =>
  values
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');

export function apiNamed(name: string): Api {
  const found = (Object.keys(APIS) as Api[]).find((api) => api === name.toLowerCase() || APIS[api] === name);
  if (found !== undefined) return found;
  const known = Object.entries(APIS).map(([api, full]) => `${api} (${full})`);
  throw new OperatorFault(`"${name}" is no API. There are: ${known.join(', ')}.`);
}

/** The one of several words that was typed; undefined when the option was left out. */
export function oneOf<const Word extends string>(
  option: string,
  typed: string | undefined,
  words: readonly Word[],
): Word | undefined {
  const word = words.find((candidate) => candidate.toLowerCase() === typed?.toLowerCase());
  if (typed === undefined || word !== undefined) return word;
  throw new OperatorFault(`--${option} is "${typed}" but must be one of: ${words.join(', ')}.`);
}

export function onOrOff(option: string, typed: string | undefined): boolean | undefined {
  const word = oneOf(option, typed, ['on', 'off']);
  return word === undefined ? undefined : word === 'on';
}

/** A whole number from 1. */
export function countOf(option: string, typed: string): number {
  const count = Number(typed);
  if (Number.isInteger(count) && count >= 1 && count <= 100_000) return count;
  throw new OperatorFault(`--${option} is "${typed}" but must be a whole number from 1.`);
}
