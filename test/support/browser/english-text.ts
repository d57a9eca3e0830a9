import { getMessages } from '../../../src/i18n/index.ts';
import { type Html, parse } from './html.ts';

/**
 * English words that occur in almost every sentence and aren't Spanish words. Error codes such as `not-found` don't
 * count.
 */
const COMMON_WORDS =
  /(?<![\p{L}\p{N}-])(the|this|that|these|and|or|of|to|with|was|were|is|are|not|from|for|by|can|can’t|isn’t|doesn’t|you|your|they|their|it|its|on|at|in|an|be|has|have|no longer|yet|only|then|when|which)(?![\p{L}\p{N}-])/iu;

/** Attributes whose text a person reads or hears. */
const SPOKEN_ATTRIBUTES = ['aria-label', 'alt', 'title', 'placeholder'];

/**
 * Returns the English texts of a page that should be in Spanish: texts of the English catalog of the practice portal,
 * and texts with a common English word. Parts with a language of their own, such as a letter in English, and code are
 * skipped.
 * @param data texts that aren't translated, such as names and reasons that people typed
 */
export function findEnglish(html: Html, data: readonly string[] = []): readonly string[] {
  const $ = parse(html);
  const elements = $('title, body *').not('script, style, code, [lang]:not(html), [lang]:not(html) *').toArray();
  const texts = elements.flatMap(({ attribs, children }) => [
    ...SPOKEN_ATTRIBUTES.flatMap((name) => attribs[name] ?? []),
    ...children.flatMap((child) => (child.type === 'text' ? [child.data] : [])),
  ]);
  return texts
    .map((text) => data.reduce((rest, part) => rest.replaceAll(part, ''), text.replaceAll(/\s+/g, ' ')).trim())
    .filter((text) => COMMON_WORDS.test(text) || ENGLISH_TEXTS.has(text));
}

/** Returns all texts of a part of the catalog that need no arguments. */
const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
};

const catalogTexts = (language: 'en' | 'es'): readonly string[] => {
  const { common, practicePortal } = getMessages(language);
  return [common, practicePortal].flatMap(textsOf);
};

const SPANISH_TEXTS: ReadonlySet<string> = new Set(catalogTexts('es'));

/** Texts of the English catalog that aren't Spanish texts too, such as "Error". */
const ENGLISH_TEXTS: ReadonlySet<string> = new Set(catalogTexts('en').filter((text) => !SPANISH_TEXTS.has(text)));
