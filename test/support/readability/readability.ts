import type { Language } from '../../../src/i18n/index.ts';
import { countSyllables } from './syllables.ts';

export interface TextSize {
  readonly sentences: number;
  readonly words: number;
  readonly syllables: number;
}

/** Counts sentences, words and syllables. */
export function measure(sentences: readonly string[], language: Language): TextSize {
  const words = sentences.flatMap(wordsOf);
  const syllables = words.reduce((sum, word) => sum + countSyllables[language](word), 0);
  return { sentences: sentences.length, words: words.length, syllables };
}

/** Returns the words of a text. The parts of a hyphenated word count as words. */
export const wordsOf = (text: string): readonly string[] => text.match(/\p{L}+(?:[’']\p{L}+)*/gu) ?? [];

/**
 * A measure of how hard a text is to read, and its limit for pages of patients.
 *
 * English has the Flesch-Kincaid grade: the US school grade that reads the text with ease (Kincaid et al., 1975).
 * Spanish has the perspicuity of Szigriszt Pazos (1993) on the INFLESZ scale (Barrio-Cantalejo et al., 2008): above 65
 * is "fairly easy", 55 to 65 is "normal".
 */
export interface ReadabilityMeasure {
  readonly name: string;
  readonly limit: string;
  score(size: TextSize): number;
  isEasy(score: number): boolean;
}

export const READABILITY: Readonly<Record<Language, ReadabilityMeasure>> = {
  en: {
    name: 'Flesch-Kincaid grade',
    limit: 'at most 7',
    score: ({ sentences, words, syllables }) => 0.39 * (words / sentences) + 11.8 * (syllables / words) - 15.59,
    isEasy: (score) => score <= 7,
  },
  es: {
    name: 'INFLESZ',
    limit: 'above 65',
    score: ({ sentences, words, syllables }) => 206.835 - 62.3 * (syllables / words) - words / sentences,
    isEasy: (score) => score > 65,
  },
};
