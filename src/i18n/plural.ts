import { type Language, LOCALES } from './language.ts';

/**
 * The plural categories of whole numbers in each language (CLDR). English has `one` for 1 and `other`. Spanish also has
 * `many`, for 1,000,000 and the like: 1,000,000 de pacientes. A test compares them with `Intl.PluralRules`.
 */
interface PluralCategories {
  readonly en: 'one' | 'other';
  readonly es: 'one' | 'many' | 'other';
}

/** A text for each plural category of a language. */
type PluralForms<For extends Language> = Readonly<Record<PluralCategories[For], string>>;

/** Returns the function that selects the text for a count by the plural rules of a language. */
export function createPlural<For extends Language>(language: For): (count: number, forms: PluralForms<For>) => string {
  const rules = new Intl.PluralRules(LOCALES[language]);
  return (count, forms) => forms[rules.select(count) as PluralCategories[For]];
}
