/** What has a plain spelling that NFKD does not know. */
const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/[‘’‚‛“”„‟‹›«»"\\]/g, "'"],
  [/[‐‑‒–—―−]/g, '-'],
];

/**
 * RFC 6749 §5.2, RFC 6750 §3: an error_description is of printable ASCII, without quotation mark and backslash. Accents go,
 * typographic marks are spelled plainly, and what is left of other characters is a question mark for each.
 */
export function plainAscii(text: string): string {
  // First of all: an ellipsis becomes three dots, a full-width quotation mark an ordinary one, é an e with a mark after it.
  const decomposed = text.normalize('NFKD').replaceAll(/(?<=[a-z])\p{M}+/giu, '');
  return PLAIN.reduce((so, [mark, plain]) => so.replaceAll(mark, plain), decomposed).replaceAll(
    /[^\u0020-\u007e]/gu,
    '?',
  );
}
