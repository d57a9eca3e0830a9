import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, r4 } from '../../src/fhir/index.ts';
import { everyInclude, everyLink, everyModifier, everyParameter, everyRead } from '../support/hostile/leaks/every.ts';
import { hunt, thin } from '../support/hostile/leaks/hunt.ts';
import { closeWorld, makeWorld, type World } from '../support/hostile/leaks/world.ts';

const SEED = 20_260_401;

describe.each([
  ['R4', r4, 20_000, 40_000],
  ['DSTU2', dstu2, 4000, 5000],
] as const)('%s: all that can be asked, by tokens of all kinds', (name, version, count, least) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld(version);
  }, 600_000);
  afterAll(() => closeWorld(world));

  it('has no byte of another’s record, and is answered as if there were no other', { timeout: 7_200_000 }, async () => {
    const byAll = [...everyParameter({ version }), ...everyRead({ version })];
    const byOne = [everyModifier, everyInclude, everyLink].flatMap((every) => every({ version }));
    const report = await hunt(world, { seed: SEED, count, version, byAll, byOne });
    console.log(name, report.asked, JSON.stringify(report.tally));
    expect(report.faults).toEqual([]);
    expect(report.asked).toBeGreaterThan(least);
    expect(
      thin(report, 0.05, version.types.some(({ name }) => name === 'DocumentReference') ? [] : ['document']),
    ).toEqual([]);
  });
});
