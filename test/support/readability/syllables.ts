import { syllable } from 'syllable';
import type { Language } from '../../../src/i18n/index.ts';

/** Counts the syllables of a word, at least one. */
export const countSyllables: Readonly<Record<Language, (word: string) => number>> = {
  en: (word) => Math.max(1, syllable(word)),
  es: (word) => Math.max(1, countNuclei(word)),
};

/**
 * Counts the syllables of a Spanish word by its vowel nuclei. The spelling shows them, by the rules for diphthongs and
 * hiatuses (Real Academia Española, Ortografía de la lengua española, 2010). No maintained library does this.
 *
 * - Two strong vowels (a, e, o) are in two syllables: "le-er".
 * - A weak vowel (i, u) joins the vowel beside it: "cui-da-do", "ac-ción".
 * - A weak vowel with an accent is in a syllable of its own beside a strong one: "dí-a", "a-hí".
 * - An h between vowels makes no difference, the u of "qu", "gue" and "gui" is silent, and a final y is a vowel.
 */
function countNuclei(word: string): number {
  const letters = word
    .toLowerCase()
    .replaceAll(/qu(?=[eiéí])|gu(?=[eiéí])/g, 'g')
    .replaceAll('h', '')
    .replace(/y$/, 'i');
  const groups = letters.match(/[aeiouáéíóúü]+/g) ?? [];
  return groups.reduce((count, vowels) => count + nucleiIn(vowels), 0);
}

/** Counts the nuclei in a group of adjacent vowels. */
function nucleiIn(vowels: string): number {
  const strong = vowels.match(/[aeoáéó]/g)?.length ?? 0;
  const stressedWeak = strong === 0 ? 0 : (vowels.match(/[íú]/g)?.length ?? 0);
  return Math.max(1, strong + stressedWeak);
}
