import type { Dice } from './dice.ts';

/** Secrets that are made up for a request begin with this, so that one look finds any of them. */
export const MARK = 'mArKeD-sEcReT-';

/** A secret that this server never gave out; fits where a code_verifier must (RFC 7636 §4.1). */
export const madeUp = (dice: Dice): string =>
  MARK +
  Array.from({ length: 6 }, () =>
    dice
      .below(36 ** 6)
      .toString(36)
      .padStart(6, '0'),
  ).join('');
