import { createContext, use } from 'react';
import type { WebMessages } from '../../src/i18n/en/web.ts';
import { type Language, LOCALES } from '../../src/i18n/language.ts';

export type { Language, WebMessages };

/** Message catalogs by language. Only the reader's language is loaded. */
export const loadMessages: Readonly<Record<Language, () => Promise<WebMessages>>> = {
  en: async () => (await import('../../src/i18n/en/web.ts')).webEn,
  es: async () => (await import('../../src/i18n/es/web.ts')).webEs,
};

/** Returns the language in which the server sent the document. */
export const documentLanguage = (): Language => (document.documentElement.lang === 'es' ? 'es' : 'en');

export const MessagesContext = createContext<
  { readonly messages: WebMessages; readonly language: Language } | undefined
>(undefined);

/** Messages in the reader's language. */
export function useMessages(): WebMessages {
  return useLanguage().messages;
}

export function useLanguage(): {
  readonly messages: WebMessages;
  readonly language: Language;
  readonly locale: string;
} {
  const context = use(MessagesContext);
  if (context === undefined) throw new Error('a page without messages: MessagesContext has no value');
  return { ...context, locale: LOCALES[context.language] };
}
