/** Languages of pages and emails for people. */
export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Locales for numbers, dates and times. Spanish uses US formats too. */
export const LOCALES: Readonly<Record<Language, string>> = { en: 'en-US', es: 'es-US' };

/** Name of each language in the language itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', es: 'Español' };

/** Tells whether a value is the code of a supported language, such as `en`. */
export const isLanguage = (text: unknown): text is Language => LANGUAGES.some((language) => language === text);

/**
 * Selects the language: the person's choice from the cookie, otherwise the best supported one of Accept-Language (RFC
 * 9110 §12.5.4), otherwise English.
 */
export function requestLanguage(headers: {
  readonly cookie?: string | undefined;
  readonly 'accept-language'?: string | undefined;
}): Language {
  return chosenLanguage(headers) ?? preferredLanguage(headers['accept-language'] ?? '') ?? 'en';
}

/** Returns the language that the person chose in this browser; undefined if there is no such choice. */
export function chosenLanguage({ cookie = '' }: { readonly cookie?: string | undefined }): Language | undefined {
  for (const pattern of COOKIE_PATTERNS) {
    const [, chosen] = pattern.exec(cookie) ?? [];
    if (isLanguage(chosen)) return chosen;
  }
  return undefined;
}

const [HOST_COOKIE, PLAIN_COOKIE] = ['__Host-language', 'language'] as const;
/** With `https`, earlier releases also set the cookie without a prefix. */
const COOKIE_PATTERNS = [HOST_COOKIE, PLAIN_COOKIE].map((name) => new RegExp(`(?:^|;\\s*)${name}=([a-z]{2})(?:;|$)`));
const ONE_YEAR_IN_SECONDS = 31_536_000;

/**
 * Returns name, value and options of the cookie that stores a chosen language.
 * @param secure whether people open the pages with `https`
 */
export const languageCookie = (language: Language, secure: boolean) =>
  [
    secure ? HOST_COOKIE : PLAIN_COOKIE,
    language,
    { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: ONE_YEAR_IN_SECONDS },
  ] as const;

function preferredLanguage(accepted: string): Language | undefined {
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

/** Accepted syntax of a language tag: the part of RFC 5646 §2.1 that is needed to recognize a language. */
const LANGUAGE_TAG = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$/;
const MAX_TAGS = 5;

/**
 * Puts the locales that an app requests with `ui_locales` (OpenID Connect Core §3.1.2.1) in front of the browser's
 * Accept-Language, so that everything answering this request uses the same language. The person's own choice (cookie)
 * still takes precedence.
 */
export function applyUiLocales(headers: { 'accept-language'?: string | undefined }, requested: string): void {
  const tags = requested
    .split(' ')
    .filter((tag) => LANGUAGE_TAG.test(tag))
    .slice(0, MAX_TAGS);
  if (tags.length === 0) return;
  const { 'accept-language': browserLanguages } = headers;
  headers['accept-language'] = [...tags, ...(browserLanguages === undefined ? [] : [browserLanguages])].join(',');
}
