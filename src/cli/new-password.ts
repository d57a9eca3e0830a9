import type { Random } from '../kernel/index.ts';

/** 79 random bits, in letters and digits that can't be mistaken for each other, to be read out or typed from paper. */
export function newPassword(random: Random): string {
  const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';
  const letters = [...random.bytes(16)].map((byte) => alphabet[byte % alphabet.length]);
  return letters.join('').replaceAll(/(.{4})(?=.)/g, '$1-');
}
