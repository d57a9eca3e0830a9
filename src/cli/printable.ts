/**
 * Matches characters that move a terminal's cursor, break a line or change the text direction. Apps and files contain
 * such characters in names and error causes. ZWNJ and ZWJ are allowed: they are harmless, and Persian and Indic names
 * are spelled with them.
 */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{C}\p{Zl}\p{Zp}]/gu;

/** Makes a text safe to print within one line of a terminal. */
export const oneLine = (text: string): string => text.replaceAll(UNPRINTABLE, '\ufffd');

/** Makes a text of several lines safe to print on a terminal. */
export const printable = (text: string): string => text.split('\n').map(oneLine).join('\n');

/** Formats a value as JSON that is safe to print: unprintable characters are escaped. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, undefined, 2)
    .split('\n')
    .map((line) => line.replaceAll(UNPRINTABLE, escapeCharacter))
    .join('\n');

/** Escapes a character as in RFC 8259 §7, with a separate escape for each half of a surrogate pair. */
const escapeCharacter = (character: string): string =>
  Array.from({ length: character.length }, (_, i) => character.charCodeAt(i).toString(16).padStart(4, '0'))
    .map((digits) => `\\u${digits}`)
    .join('');
