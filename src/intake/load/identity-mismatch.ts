import { itemsAt, textAt } from '../../kernel/index.ts';

/**
 * Whether two Patients with one id can't be the same person: they share no identifier and have different birth dates.
 * Either difference alone is treated as a correction; both together mean that another system's file was loaded under
 * the same source.
 */
export const hasIdentityMismatch = (a: unknown, b: unknown): boolean =>
  haveDifferentBirthDates(a, b) && !identifierKeys(a).some((one) => identifierKeys(b).includes(one));

export const haveDifferentBirthDates = (a: unknown, b: unknown): boolean =>
  areBirthDatesDifferent(textAt(a, 'birthDate'), textAt(b, 'birthDate'));

/** 1980 and 1980-02 count as the same date with different precision. */
function areBirthDatesDifferent(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && !a.startsWith(b) && !b.startsWith(a);
}

const identifierKeys = (patient: unknown): readonly string[] =>
  itemsAt(patient, 'identifier').flatMap((identifier) => {
    const value = textAt(identifier, 'value');
    return value === undefined ? [] : [`${textAt(identifier, 'system') ?? ''}|${value}`];
  });
