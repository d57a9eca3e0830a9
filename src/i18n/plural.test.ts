import { describe, expect, it } from 'vitest';
import { counter as englishCounter, plural as englishPlural } from './en/plural.ts';
import { counter as spanishCounter, plural as spanishPlural } from './es/plural.ts';
import { LOCALES } from './language.ts';

describe('plural forms (CLDR)', () => {
  it('a language declares exactly the categories that its whole numbers need', () => {
    const categories = (locale: string) => new Intl.PluralRules(locale).resolvedOptions().pluralCategories.toSorted();
    expect(categories(LOCALES.en)).toEqual(['one', 'other']);
    expect(categories(LOCALES.es)).toEqual(['many', 'one', 'other']);
    // @ts-expect-error English has no category `many`.
    englishPlural(1, { one: '', many: '', other: '' });
    // @ts-expect-error Spanish needs `many`.
    spanishPlural(1, { one: '', other: '' });
  });

  it.each([
    [0, '0 patients', '0 pacientes'],
    [1, '1 patient', '1 paciente'],
    [2, '2 patients', '2 pacientes'],
    [1000, '1,000 patients', '1,000 pacientes'],
    [1_000_000, '1,000,000 patients', '1,000,000 de pacientes'],
    [1_000_001, '1,000,001 patients', '1,000,001 pacientes'],
    [0.5, '0.5 patients', '0.5 pacientes'],
  ])('%d is counted as %s and %s', (count, english, spanish) => {
    expect(englishCounter('patient', 'patients')(count)).toBe(english);
    expect(spanishCounter('paciente', 'pacientes')(count)).toBe(spanish);
  });
});
