/**
 * Makes untrusted text safe to insert into a line of our own text. Removes control characters and characters that
 * change the text direction (Unicode UAX #9 §2). Truncates the text to `longest` characters.
 */
export function toSingleLine(text: string, longest: number = Number.POSITIVE_INFINITY): string {
  const cleaned = text
    .toWellFormed()
    .replaceAll(/\p{Bidi_Control}/gu, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  if (cleaned.length <= longest) return cleaned;
  return `${[...cleaned.slice(0, longest)].slice(0, -1).join('')}…`;
}
