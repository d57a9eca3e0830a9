import { createHash } from 'node:crypto';
import { seededRandom } from '../fuzzing/seeded-random.ts';

/**
 * True if exhaustive tests run completely (`npm run test:deep`). Otherwise they take a slice of their cases (`npm
 * test`).
 */
export const DEEP = process.env['DEEP'] === '1';

/**
 * Seed that selects the slices. It is the same in every run, so that a failure can be reproduced. `SLICE_SEED=7`
 * selects others.
 */
export const SEED = Number(process.env['SLICE_SEED'] ?? 20_260_401);

interface Slicing<One> {
  /** Share of the list to take, between 0 and 1. */
  readonly share?: number;
  /** Kinds that an item belongs to, such as its type or status. At least one item of each kind is taken. */
  readonly kinds?: (one: One) => readonly string[];
  /** Whether an item is always taken. */
  readonly always?: (one: One) => boolean;
}

/** Returns the slice of a list of test cases, in the order of the list. Deep runs get the whole list. */
export const slice = <One>(all: readonly One[], slicing: Slicing<One> = {}): readonly One[] =>
  DEEP ? all : sample(all, slicing);

/**
 * Number of random cases of a property test.
 * @param deep the number in a deep run. Other runs have a fifth
 */
export const propertyRuns = (deep: number): number => (DEEP ? deep : Math.ceil(deep / 5));

/** Returns one item of a list. It depends only on the name, and is the same in every run. */
export const pickByName = <One>(all: readonly [One, ...(readonly One[])], name: string): One =>
  all[(createHash('sha256').update(`${SEED} ${name}`).digest()[0] ?? 0) % all.length] ?? all[0];

/** Returns a sample of a list, in the order of the list, in deep runs too. */
export function sample<One>(all: readonly One[], slicing: Slicing<One> = {}): readonly One[] {
  const { share = 0.18, kinds = () => [], always = () => false } = slicing;
  const chosen = new Set(all.filter(always));
  const seen = new Set([...chosen].flatMap(kinds));
  const left = shuffled(all);
  for (const one of left) {
    const own = kinds(one);
    if (own.every((kind) => seen.has(kind))) continue;
    chosen.add(one);
    for (const kind of own) seen.add(kind);
  }
  const size = Math.ceil(all.length * share);
  for (const one of left) if (chosen.size < size) chosen.add(one);
  return all.filter((one) => chosen.has(one));
}

function shuffled<One>(all: readonly One[]): readonly One[] {
  const { below } = seededRandom(SEED);
  const left = [...all];
  for (let last = left.length - 1; last > 0; last -= 1) {
    const at = below(last + 1);
    [left[at], left[last]] = [left[last] as One, left[at] as One];
  }
  return left;
}
