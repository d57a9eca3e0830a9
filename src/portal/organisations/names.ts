import { alphabetFaults, nameFaults } from '../../registry/index.ts';

const LONGEST = 100;

/** Normalizes entered text to a single line. */
export const lineOf = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\s\0]+/gu, ' ')
    .trim();

/**
 * Returns whether a name is plain visible text in its own alphabet. Patients and administrators read
 * it on pages and in email headers.
 */
export const isPlainName = (name: string): boolean =>
  name.length <= LONGEST && nameFaults(name).length === 0 && alphabetFaults(name).length === 0;
