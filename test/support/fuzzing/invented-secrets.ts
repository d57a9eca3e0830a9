import type { SeededRandom } from './seeded-random.ts';

/** The prefix of secrets that are invented for a request, so that one search finds any of them. */
export const SECRET_PREFIX = 'mArKeD-sEcReT-';

/** A secret that this server never issued, which is also valid as a code_verifier (RFC 7636 §4.1). */
export const inventSecret = (random: SeededRandom): string =>
  SECRET_PREFIX +
  Array.from({ length: 6 }, () =>
    random
      .below(36 ** 6)
      .toString(36)
      .padStart(6, '0'),
  ).join('');
