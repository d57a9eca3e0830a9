import { listOf, textAt } from './json-value.ts';

/**
 * Whether two Patients with one id can't be the same person: no identifier in common, and another date of birth. Either
 * alone is a correction; both are someone else's file loaded under the same source.
 */
export const areStrangers = (a: unknown, b: unknown): boolean =>
  haveOtherBirthDates(a, b) && !identifiersOf(a).some((one) => identifiersOf(b).includes(one));

export const haveOtherBirthDates = (a: unknown, b: unknown): boolean =>
  bornApart(textAt(a, 'birthDate'), textAt(b, 'birthDate'));

/** 1980 and 1980-02 are the same date, known more or less exactly. */
function bornApart(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && !a.startsWith(b) && !b.startsWith(a);
}

const identifiersOf = (patient: unknown): readonly string[] =>
  listOf(patient, 'identifier').flatMap((identifier) => {
    const value = textAt(identifier, 'value');
    return value === undefined ? [] : [`${textAt(identifier, 'system') ?? ''}|${value}`];
  });
