import { createHash } from 'node:crypto';
import { seededRandom } from '../fuzzing/seeded-random.ts';

/** Whether everything runs (`npm run test:deep`), or a slice of exhaustive tests (`npm test`). */
export const DEEP = process.env['DEEP'] === '1';

/** The same in every run, so that a failure can be reproduced. `SLICE_SEED=7` takes other slices. */
export const SEED = Number(process.env['SLICE_SEED'] ?? 20_260_401);

interface Slicing<One> {
  /** The share of the list that is taken. */
  readonly share?: number;
  /** At least one item of each of these kinds is taken: of each type, kind of parameter, status, rule. */
  readonly kinds?: (one: One) => readonly string[];
  /** Items that are always taken. */
  readonly always?: (one: One) => boolean;
}

/** A part of an exhaustive list in its order, and the whole list in a deep run. */
export const slice = <One>(all: readonly One[], slicing: Slicing<One> = {}): readonly One[] =>
  DEEP ? all : sample(all, slicing);

/** The number of random cases of a property: this number in a deep run, and a fifth otherwise. */
export const propertyRuns = (deep: number): number => (DEEP ? deep : Math.ceil(deep / 5));

/** One of these, the same for a name in every run. */
export const pickByName = <One>(all: readonly [One, ...(readonly One[])], name: string): One =>
  all[(createHash('sha256').update(`${SEED} ${name}`).digest()[0] ?? 0) % all.length] ?? all[0];

/** A part of a list in its order. */
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
