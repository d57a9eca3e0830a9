import { createHash } from 'node:crypto';
import { throwDice } from './hostile/dice.ts';

/** Whether all that is exhaustive runs (`npm run test:deep`), or a slice of it (`npm test`). */
export const DEEP = process.env['DEEP'] === '1';

/** The same in every run, so that a failure is found again. `SLICE_SEED=7` takes other slices. */
export const SEED = Number(process.env['SLICE_SEED'] ?? 20_260_401);

interface Slicing<One> {
  /** How much of the list is taken. */
  readonly share?: number;
  /** At least one of each of these is taken: of each type, kind of parameter, status, rule. */
  readonly kinds?: (one: One) => readonly string[];
  /** Examples that are never left out. */
  readonly always?: (one: One) => boolean;
}

/** A part of an exhaustive list, in its order; the whole list in a deep run. */
export const slice = <One>(all: readonly One[], slicing: Slicing<One> = {}): readonly One[] =>
  DEEP ? all : sample(all, slicing);

/** How many random cases a property is tried with: of so many in a deep run, a fifth in every run. */
export const runs = (deep: number): number => (DEEP ? deep : Math.ceil(deep / 5));

/** One of these, the same for a name in every run. */
export const oneOf = <One>(all: readonly [One, ...(readonly One[])], name: string): One =>
  all[(createHash('sha256').update(`${SEED} ${name}`).digest()[0] ?? 0) % all.length] ?? all[0];

/** A part of a list, in its order. */
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
  const { below } = throwDice(SEED);
  const left = [...all];
  for (let last = left.length - 1; last > 0; last -= 1) {
    const at = below(last + 1);
    [left[at], left[last]] = [left[last] as One, left[at] as One];
  }
  return left;
}
