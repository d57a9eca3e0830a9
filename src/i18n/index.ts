import { en, type Messages } from './en/index.ts';
import { es } from './es/index.ts';
import type { Language } from './language.ts';

// Exports for texts that are in English only: messages of the APIs, the command line, sandbox
// data.
export { counter as englishCounter, plural as englishPlural } from './en/plural.ts';
export {
  formatBirthDate,
  formatHourAndMinute,
  formatList,
  formatLongDate,
  formatLongDateTime,
  formatLongDateTimeSeconds,
  formatMonth,
  formatNumber,
  formatTime,
} from './formats.ts';
export {
  applyUiLocales,
  chosenLanguage,
  isLanguage,
  LANGUAGE_NAMES,
  LANGUAGES,
  type Language,
  LOCALES,
  languageCookie,
  requestLanguage,
} from './language.ts';
export type { LocalizedRequest, PageBrand, PageContext, PageContexts } from './page-context.ts';
export type { Messages };

const CATALOG: Readonly<Record<Language, Messages>> = { en, es };

/** Returns the messages of pages and emails in a language. */
export const getMessages = (language: Language): Messages => CATALOG[language];
