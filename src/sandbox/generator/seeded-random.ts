import { sha256 } from '../../kernel/index.ts';

/**
 * Deterministic random numbers. The seed is a list of texts, and the same seed gives the same sequence on every
 * machine.
 */
export interface SeededRandom {
  /** Returns a uniformly distributed number in [0, 1). */
  next(): number;
  between(low: number, high: number): number;
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /**
   * Returns a normally distributed number with mean 0 and standard deviation 1, clamped to ±2.5 so that no generated
   * value is implausible.
   */
  normal(): number;
  /**
   * Returns an independent stream of random numbers, so that a change in one part of a scenario doesn't alter the
   * random values of another part.
   */
  fork(name: string): SeededRandom;
}

export function seededRandom(...parts: readonly string[]): SeededRandom {
  const roll = sfc32(sha256(parts.join('\u0000')));
  const between = (low: number, high: number): number => low + (high - low) * roll();
  const whole = (low: number, high: number): number => Math.floor(between(low, high + 1));
  return {
    next: roll,
    between,
    integer: whole,
    chance: (probability) => roll() < probability,
    pick: <T>(from: readonly T[]): T => from[whole(0, from.length - 1)] as T,
    normal: () => Math.max(-2.5, Math.min(2.5, boxMuller(roll))),
    fork: (name) => seededRandom(...parts, name),
  };
}

/** Box–Muller transform. */
const boxMuller = (roll: () => number): number => Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());

/** The sfc32 generator (Small Fast Counter, by Chris Doty-Humphrey). */
function sfc32(seed: Buffer): () => number {
  let a = seed.readInt32LE(0);
  let b = seed.readInt32LE(4);
  let c = seed.readInt32LE(8);
  let counter = seed.readInt32LE(12);
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
}
