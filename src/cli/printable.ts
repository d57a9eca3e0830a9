/**
 * What moves a terminal's cursor, begins a line, or turns the direction of text: names and causes come from apps and from
 * files. ZWNJ and ZWJ do nothing of the kind, and Persian and Indic names are spelled with them.
 */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{C}\p{Zl}\p{Zp}]/gu;

/** A text within a line. */
export const oneLine = (text: string): string => text.replaceAll(UNPRINTABLE, '\ufffd');

/** A text of lines. */
export const printable = (text: string): string => text.split('\n').map(oneLine).join('\n');

/** JSON of the same value, with such characters escaped. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, undefined, 2)
    .split('\n')
    .map((line) => line.replaceAll(UNPRINTABLE, escaped))
    .join('\n');

/** RFC 8259 §7: each half of a surrogate pair by itself. */
const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, i) => character.charCodeAt(i).toString(16).padStart(4, '0'))
    .map((digits) => `\\u${digits}`)
    .join('');
