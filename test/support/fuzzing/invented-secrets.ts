import type { SeededRandom } from './seeded-random.ts';

/** Prefix of the secrets that these tests invent. One search of the logs finds all of them. */
export const SECRET_PREFIX = 'mArKeD-sEcReT-';

/** Makes a secret that the server never issued. It is also a valid code_verifier (RFC 7636 §4.1). */
export const inventSecret = (random: SeededRandom): string =>
  SECRET_PREFIX +
  Array.from({ length: 6 }, () =>
    random
      .below(36 ** 6)
      .toString(36)
      .padStart(6, '0'),
  ).join('');
