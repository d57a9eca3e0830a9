import { itemsAt, textAt } from '../../kernel/index.ts';

/**
 * Whether two Patients with the same id can't be the same person: they share no identifier, and their birth dates
 * differ. One of these differences alone is treated as a correction. Both together mean that a file of another system
 * was loaded under the same source name.
 */
export const hasIdentityMismatch = (a: unknown, b: unknown): boolean =>
  haveDifferentBirthDates(a, b) && !identifierKeys(a).some((one) => identifierKeys(b).includes(one));

export const haveDifferentBirthDates = (a: unknown, b: unknown): boolean =>
  areBirthDatesDifferent(textAt(a, 'birthDate'), textAt(b, 'birthDate'));

/** Whether two birth dates contradict each other. 1980 and 1980-02 don't: they have different precision. */
function areBirthDatesDifferent(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && !a.startsWith(b) && !b.startsWith(a);
}

const identifierKeys = (patient: unknown): readonly string[] =>
  itemsAt(patient, 'identifier').flatMap((identifier) => {
    const value = textAt(identifier, 'value');
    return value === undefined ? [] : [`${textAt(identifier, 'system') ?? ''}|${value}`];
  });
