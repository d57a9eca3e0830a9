/**
 * Version of the words that people agree to: those of the consent page and of the receipt, in each language. Words that
 * change need another one, so that a receipt tells for good what was read.
 */
export const WORDING = '2026-11-29.2';
