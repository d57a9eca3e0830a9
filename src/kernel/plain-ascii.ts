/** Characters with a plain ASCII spelling that NFKD doesn't produce. */
const ASCII_REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/[‘’‚‛“”„‟‹›«»"\\]/g, "'"],
  [/[‐‑‒–—―−]/g, '-'],
];

/**
 * Converts text to printable ASCII without quotation marks and backslashes, as error_description
 * requires (RFC 6749 §5.2, RFC 6750 §3). Accents are dropped, typographic marks are replaced by ASCII
 * ones, and every other character becomes a question mark.
 */
export function toPlainAscii(text: string): string {
  // NFKD has to come first: it turns an ellipsis into three dots, a full-width quotation mark into an
  // ASCII one, and é into e with a combining mark.
  const decomposed = text.normalize('NFKD').replaceAll(/(?<=[a-z])\p{M}+/giu, '');
  return ASCII_REPLACEMENTS.reduce((so, [mark, plain]) => so.replaceAll(mark, plain), decomposed).replaceAll(
    /[^\u0020-\u007e]/gu,
    '?',
  );
}
