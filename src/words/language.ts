/** Languages that people's pages and mail are written in. */
export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each by the name that its speakers know it by. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', es: 'Español' };

/** Holds what a person chose. */
export const LANGUAGE_COOKIE = 'language';

export const isLanguage = (text: unknown): text is Language => LANGUAGES.some((language) => language === text);

/**
 * The language to write in: what the person chose here, else the first of those that the browser asks for, by weight
 * (RFC 9110 §12.5.4), else English.
 */
export function languageOf(headers: {
  readonly cookie?: string | undefined;
  readonly 'accept-language'?: string | undefined;
}): Language {
  const [, chosen] = COOKIE.exec(headers.cookie ?? '') ?? [];
  return isLanguage(chosen) ? chosen : (preferredOf(headers['accept-language'] ?? '') ?? 'en');
}

const COOKIE = /(?:^|;\s*)language=([a-z]{2})(?:;|$)/;

function preferredOf(accepted: string): Language | undefined {
  const ranges = accepted
    .slice(0, 300)
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
      const weight = Number(/^\s*q=([\d.]+)/.exec(parameters.join(';'))?.[1] ?? 1);
      return { language: tag.split('-')[0], weight };
    });
  const known = ranges.filter(({ language, weight }) => isLanguage(language) && weight > 0);
  return known.sort((one, other) => other.weight - one.weight)[0]?.language as Language | undefined;
}

/** RFC 5646 §2.1, as far as languages are told apart by it. */
const TAG = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$/;
const MOST = 5;

/**
 * OpenID Connect Core §3.1.2.1, `ui_locales`: the languages that an app asks for go before those of the browser, as if it
 * had asked for them (RFC 9110 §12.5.4); what the person has chosen here goes before either. So whatever answers this
 * request speaks one language.
 */
export function honourLocales(headers: { 'accept-language'?: string | undefined }, asked: string): void {
  const tags = asked
    .split(' ')
    .filter((tag) => TAG.test(tag))
    .slice(0, MOST);
  if (tags.length === 0) return;
  const { 'accept-language': own } = headers;
  headers['accept-language'] = [...tags, ...(own === undefined ? [] : [own])].join(',');
}
