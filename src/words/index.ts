import { en, type Words } from './en/index.ts';
import { es } from './es/index.ts';
import type { Language } from './language.ts';

export type { Brand, Frame, Framed, Framing } from './frame.ts';
export {
  honourLocales,
  isLanguage,
  LANGUAGE_COOKIE,
  LANGUAGE_NAMES,
  LANGUAGES,
  type Language,
  languageOf,
} from './language.ts';
export { birthDateOf, dayOf, minuteOf, monthOf, numberOf, secondOf, timeOf } from './times.ts';
export type { Words };

const CATALOGUE: Readonly<Record<Language, Words>> = { en, es };

/** Returns the messages for people, in their language. */
export const wordsIn = (language: Language): Words => CATALOGUE[language];
