/**
 * Text that came from outside, as it may stand in a line of ours: no control characters, none that turn the direction of
 * what follows (Unicode UAX #9 §2), no more than fits.
 */
export function plainLine(text: string, longest: number = Number.POSITIVE_INFINITY): string {
  const cleaned = text
    .toWellFormed()
    .replaceAll(/\p{Bidi_Control}/gu, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  if (cleaned.length <= longest) return cleaned;
  return `${[...cleaned.slice(0, longest)].slice(0, -1).join('')}…`;
}
