import type { Dice } from './dice.ts';

/** The prefix of secrets that are invented for a request, so that one search finds any of them. */
export const MARK = 'mArKeD-sEcReT-';

/** A secret that this server never issued, which is also valid as a code_verifier (RFC 7636 §4.1). */
export const madeUp = (random: Dice): string =>
  MARK +
  Array.from({ length: 6 }, () =>
    random
      .below(36 ** 6)
      .toString(36)
      .padStart(6, '0'),
  ).join('');
