import type { LoadRate } from './load.ts';
import type { RatePair } from './table.ts';

/** Seconds per measurement. */
export const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
export const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);

/** Measures both in turns, so that a slow moment of the machine affects both. The first round isn't counted. */
export async function inTurns(
  full: () => Promise<LoadRate>,
  reference: () => Promise<LoadRate>,
): Promise<readonly RatePair[]> {
  await full();
  await reference();
  const pairs: RatePair[] = [];
  for (let round = 0; round < ROUNDS; round += 1) pairs.push([await full(), await reference()]);
  return pairs;
}
