/** ASCII spellings of characters that Unicode normalization (NFKD) doesn't convert to ASCII. */
const ASCII_REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/[‘’‚‛“”„‟‹›«»"\\]/g, "'"],
  [/[‐‑‒–—―−]/g, '-'],
];

/**
 * Converts a text to printable ASCII without quotation marks and backslashes, as the OAuth parameter error_description
 * requires (RFC 6749 §5.2, RFC 6750 §3). Accents are removed, typographic marks become ASCII marks, and every other
 * character becomes a question mark.
 */
export function toPlainAscii(text: string): string {
  // NFKD comes before the replacements. It turns an ellipsis into three dots, a full-width quotation mark into an ASCII
  // one, and é into e with a combining mark.
  const decomposed = text.normalize('NFKD').replaceAll(/(?<=[a-z])\p{M}+/giu, '');
  return ASCII_REPLACEMENTS.reduce((so, [mark, plain]) => so.replaceAll(mark, plain), decomposed).replaceAll(
    /[^\u0020-\u007e]/gu,
    '?',
  );
}
