import { createContext, use } from 'react';
import { en, type WebMessages } from './en/index.ts';

export type { WebMessages };
export type WebLanguage = 'en' | 'es';

/** Locales for the US formats of dates, times and numbers. */
const LOCALES: Readonly<Record<WebLanguage, string>> = { en: 'en-US', es: 'es-US' };

/** Message catalogues by language. English is always loaded, others on demand. */
export const loadMessages: Readonly<Record<WebLanguage, () => Promise<WebMessages>>> = {
  en: async () => en,
  es: async () => (await import('./es/index.ts')).es,
};

export const MessagesContext = createContext<
  { readonly words: WebMessages; readonly language: WebLanguage } | undefined
>(undefined);

/** Messages in the reader's language. */
export function useMessages(): WebMessages {
  return useLanguage().words;
}

export function useLanguage(): {
  readonly words: WebMessages;
  readonly language: WebLanguage;
  readonly locale: string;
} {
  const context = use(MessagesContext);
  if (context === undefined) throw new Error('no words here');
  return { ...context, locale: LOCALES[context.language] };
}
