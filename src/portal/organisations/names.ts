import { alphabetFaults, nameFaults } from '../../registry/index.ts';

const LONGEST = 100;

/** One line of what was typed. */
export const lineOf = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\s\0]+/gu, ' ')
    .trim();

/** Patients and administrators read it, in pages and in the head of a mail: plain visible text, in its own letters. */
export const isPlainName = (name: string): boolean =>
  name.length <= LONGEST && nameFaults(name).length === 0 && alphabetFaults(name).length === 0;
