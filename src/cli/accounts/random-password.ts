import type { Random } from '../../kernel/index.ts';

/**
 * Creates a random password of 79 bits. It consists of letters and digits that can't be confused with each other, so
 * that it can be read out or typed from paper.
 */
export function randomPassword(random: Random): string {
  const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';
  const letters = [...random.bytes(16)].map((byte) => alphabet[byte % alphabet.length]);
  return letters.join('').replaceAll(/(.{4})(?=.)/g, '$1-');
}
