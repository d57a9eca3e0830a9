import type { Language } from '../../../src/i18n/index.ts';
import { measure, READABILITY, type TextSize } from './readability.ts';

/** The sentences of a page. Several pages make an area of the site, such as account security. */
export interface ReadPage {
  readonly area: string;
  readonly name: string;
  readonly sentences: readonly string[];
}

export interface JudgedText extends TextSize {
  readonly name: string;
  readonly score: number;
  readonly isEasy: boolean;
  /** The sentences that are the hardest to read, hardest first. */
  readonly hardest: readonly string[];
}

/** Pages with fewer words are judged together with the others of their area, because one long word decides about them. */
const FEWEST_WORDS = 30;

/**
 * Judges each page by itself, and the short pages of each area together. A sentence that several short pages have counts
 * once.
 */
export function judgePages(pages: readonly ReadPage[], language: Language): readonly JudgedText[] {
  const isShort = ({ sentences }: ReadPage) => measure(sentences, language).words < FEWEST_WORDS;
  const alone = pages.filter((page) => !isShort(page));
  const areas = Map.groupBy(pages.filter(isShort), ({ area }) => area);
  const together = [...areas].map(([area, short]) => ({
    name: `${area}: ${short.length} short pages`,
    sentences: [...new Set(short.flatMap(({ sentences }) => sentences))],
  }));
  return [...alone.map(({ area, name, sentences }) => ({ name: `${area}: ${name}`, sentences })), ...together]
    .filter(({ sentences }) => sentences.length > 0)
    .map(({ name, sentences }) => judge(name, sentences, language));
}

function judge(name: string, sentences: readonly string[], language: Language): JudgedText {
  const { score, isEasy } = READABILITY[language];
  const size = measure(sentences, language);
  const hardness = (sentence: string) => {
    const one = score(measure([sentence], language));
    return language === 'en' ? -one : one;
  };
  const hardest = [...new Set(sentences)].sort((one, other) => hardness(one) - hardness(other)).slice(0, 3);
  return { name, ...size, score: score(size), isEasy: isEasy(score(size)), hardest };
}

/** Returns a table of all texts, one a line. Below each text that is too hard to read are its hardest sentences. */
export function readabilityTable(texts: readonly JudgedText[], language: Language): string {
  const { name, limit } = READABILITY[language];
  const lines = texts.flatMap((text) => [
    `${text.isEasy ? '  ' : '! '}${text.score.toFixed(1).padStart(5)} ${String(text.words).padStart(5)} words  ${text.name}`,
    ...(text.isEasy ? [] : text.hardest.map((sentence) => `                       - ${sentence}`)),
  ]);
  return [`${name} (${limit}), ${language}`, ...lines].join('\n');
}
