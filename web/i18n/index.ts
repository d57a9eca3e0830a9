import { createContext, use } from 'react';
import type { AdminWebMessages } from '../../src/i18n/en/admin-web.ts';
import type { WebMessages } from '../../src/i18n/en/web.ts';
import { type Language, LOCALES } from '../../src/i18n/language.ts';

export type { AdminWebMessages, Language, WebMessages };

/** Message catalogs by language. Only the reader's language is loaded. */
const loadMessages: Readonly<Record<Language, () => Promise<WebMessages>>> = {
  en: async () => (await import('../../src/i18n/en/web.ts')).webEn,
  es: async () => (await import('../../src/i18n/es/web.ts')).webEs,
};

/** Message catalogs of the admin portal by language. */
const loadAdminMessages: Readonly<Record<Language, () => Promise<AdminWebMessages>>> = {
  en: async () => (await import('../../src/i18n/en/admin-web.ts')).adminWebEn,
  es: async () => (await import('../../src/i18n/es/admin-web.ts')).adminWebEs,
};

/** Query for the messages of a language, without those of the admin portal. */
export const messagesQuery = (language: Language) => ({
  queryKey: ['messages', language],
  queryFn: () => loadMessages[language](),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Query for the messages of the admin portal in a language. */
export const adminMessagesQuery = (language: Language) => ({
  queryKey: ['admin-messages', language],
  queryFn: () => loadAdminMessages[language](),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Returns the language in which the server sent the document. */
export const documentLanguage = (): Language => (document.documentElement.lang === 'es' ? 'es' : 'en');

export const MessagesContext = createContext<
  { readonly messages: WebMessages; readonly language: Language } | undefined
>(undefined);

/** Messages in the reader's language. */
export function useMessages(): WebMessages {
  return useLanguage().messages;
}

export const AdminMessagesContext = createContext<AdminWebMessages | undefined>(undefined);

/** Messages of the admin portal and of all pages, in the reader's language. */
export function useAdminMessages(): AdminWebMessages & WebMessages {
  const messages = useMessages();
  const adminMessages = use(AdminMessagesContext);
  if (adminMessages === undefined) throw new Error('a page without messages: AdminMessagesContext has no value');
  return { ...messages, ...adminMessages };
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
