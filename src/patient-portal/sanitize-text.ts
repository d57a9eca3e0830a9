/** Maximum length of a text in code points, unless the caller sets another one. */
const MAX_LENGTH = 400;

/**
 * Makes external text safe to show on one line: removes control characters and directional formatting (Unicode UAX #9)
 * and shortens it.
 * @param maxLength maximum length in code points
 */
export function sanitizeText(text: string, maxLength = MAX_LENGTH): string {
  const cleaned = text
    .slice(0, 4 * maxLength)
    .toWellFormed()
    .replaceAll(DIRECTIONAL_FORMATTING, '')
    .replaceAll(CONTROL_CHARACTERS, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  const codePoints = [...cleaned];
  return codePoints.length <= maxLength ? cleaned : `${codePoints.slice(0, maxLength - 1).join('')}…`;
}

const DIRECTIONAL_FORMATTING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const CONTROL_CHARACTERS = /\p{Cc}|[\u2028\u2029]/gu;
