import { createContext, use } from 'react';
import { en, type Words } from './en/index.ts';

export type { Words };
export type Language = 'en' | 'es';

/** Locales for the US formats of dates, times and numbers. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-US', es: 'es-US' };

/** Message catalogues by language. English is always loaded, others on demand. */
export const loadWords: Readonly<Record<Language, () => Promise<Words>>> = {
  en: async () => en,
  es: async () => (await import('./es/index.ts')).es,
};

export const WordsContext = createContext<{ readonly words: Words; readonly language: Language } | undefined>(
  undefined,
);

/** Messages in the reader's language. */
export function useWords(): Words {
  return useLanguage().words;
}

export function useLanguage(): { readonly words: Words; readonly language: Language; readonly locale: string } {
  const context = use(WordsContext);
  if (context === undefined) throw new Error('no words here');
  return { ...context, locale: LOCALES[context.language] };
}
