import type { Dice } from './dice.ts';
import { type Draft, encoded, type Wire } from './draft.ts';
import { spoilFields } from './spoil-fields.ts';
import { spoilJson } from './spoil-json.ts';
import { spoilRedirect } from './spoil-redirect.ts';
import { spoilBody, spoilContentType, spoilEndpoint, spoilHeader, spoilMethod, spoilPath } from './spoil-request.ts';
import { spoilWire } from './spoil-wire.ts';
import type { World } from './world.ts';

type WeightedMutation = (draft: Draft, random: Dice, world: World) => void;

const MUTATIONS: readonly (readonly [share: number, spoil: WeightedMutation])[] = [
  [10, spoilFields],
  [4, spoilRedirect],
  [4, spoilJson],
  [3, spoilHeader],
  [2, spoilPath],
  [1, spoilMethod],
  [1, spoilContentType],
  [1, spoilEndpoint],
  [1, spoilBody],
];
const WEIGHTED_MUTATIONS = MUTATIONS.flatMap(([share, mutate]) => Array<WeightedMutation>(share).fill(mutate));

/** Some requests stay valid, so that later requests have values to mutate. Others are mutated several times. */
export function spoiled(draft: Draft, random: Dice, world: World): Wire {
  if (random.chance(0.4)) return encoded(draft);
  const times = 1 + random.below(3);
  for (let time = 0; time < times; time++) random.pick(WEIGHTED_MUTATIONS)(draft, random, world);
  const wire = encoded(draft);
  if (random.chance(0.15)) spoilWire(wire, random);
  return wire;
}
