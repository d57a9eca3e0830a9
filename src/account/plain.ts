/** Longest text of the record that is shown in a line. */
const LONGEST = 400;

/**
 * Text that came from outside, as it may stand in a line of ours: no control characters, none that turn the direction of
 * what follows (Unicode UAX #9), no more than fits.
 */
export function plain(text: string, longest = LONGEST): string {
  const cleaned = text
    .slice(0, 4 * longest)
    .toWellFormed()
    .replaceAll(DIRECTION, '')
    .replaceAll(CONTROL, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  const letters = [...cleaned];
  return letters.length <= longest ? cleaned : `${letters.slice(0, longest - 1).join('')}…`;
}

const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const CONTROL = /\p{Cc}|[\u2028\u2029]/gu;
