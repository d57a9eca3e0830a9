/**
 * Characters that move a terminal's cursor, break a line or change the text direction. Names and causes come from apps
 * and files. ZWNJ and ZWJ are harmless, and Persian and Indic names are spelled with them.
 */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{C}\p{Zl}\p{Zp}]/gu;

/** Makes a text safe to print within a line. */
export const oneLine = (text: string): string => text.replaceAll(UNPRINTABLE, '\ufffd');

/** Makes a text of several lines safe to print. */
export const printable = (text: string): string => text.split('\n').map(oneLine).join('\n');

/** JSON with unprintable characters escaped. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, undefined, 2)
    .split('\n')
    .map((line) => line.replaceAll(UNPRINTABLE, escapeCharacter))
    .join('\n');

/** RFC 8259 §7: each half of a surrogate pair is escaped separately. */
const escapeCharacter = (character: string): string =>
  Array.from({ length: character.length }, (_, i) => character.charCodeAt(i).toString(16).padStart(4, '0'))
    .map((digits) => `\\u${digits}`)
    .join('');
