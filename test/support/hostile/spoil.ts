import type { Dice } from './dice.ts';
import { type Draft, encoded, type Wire } from './draft.ts';
import { spoilFields } from './spoil-fields.ts';
import { spoilJson } from './spoil-json.ts';
import { spoilRedirect } from './spoil-redirect.ts';
import { spoilBody, spoilContentType, spoilEndpoint, spoilHeader, spoilMethod, spoilPath } from './spoil-request.ts';
import { spoilWire } from './spoil-wire.ts';
import type { World } from './world.ts';

type Spoil = (draft: Draft, dice: Dice, world: World) => void;

const SPOILS: readonly (readonly [share: number, spoil: Spoil])[] = [
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
const LOT = SPOILS.flatMap(([share, spoil]) => Array<Spoil>(share).fill(spoil));

/** Some requests stay valid, so that later requests have values to mutate. Others are mutated several times. */
export function spoiled(draft: Draft, dice: Dice, world: World): Wire {
  if (dice.chance(0.4)) return encoded(draft);
  const times = 1 + dice.below(3);
  for (let time = 0; time < times; time++) dice.pick(LOT)(draft, dice, world);
  const wire = encoded(draft);
  if (dice.chance(0.15)) spoilWire(wire, dice);
  return wire;
}
