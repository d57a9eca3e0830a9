import { checkAlphabets, checkAppName } from '../apps/index.ts';

const MAX_LENGTH = 100;

/** Normalizes text that a person entered to a single line. */
export const normalizeLine = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\s\0]+/gu, ' ')
    .trim();

/**
 * Returns whether a name is plain visible text that doesn't mix alphabets within a word. Patients
 * and administrators read such names on pages and in email headers.
 */
export const isPlainName = (name: string): boolean =>
  name.length <= MAX_LENGTH && checkAppName(name).length === 0 && checkAlphabets(name).length === 0;
