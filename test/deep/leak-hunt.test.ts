import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, r4 } from '../../src/fhir/index.ts';
import { everyExport } from '../support/hostile/leaks/bulk.ts';
import { blind } from '../support/hostile/leaks/control.ts';
import {
  everyInclude,
  everyLink,
  everyModifier,
  everyOperation,
  everyParameter,
  everyRead,
} from '../support/hostile/leaks/every.ts';
import { hunt, thin } from '../support/hostile/leaks/hunt.ts';
import { closeWorld, makeWorld, type World } from '../support/hostile/leaks/world.ts';
import { SEED, sample } from '../support/slice.ts';

/**
 * Parameters that can't detect a leak: no Patient is labelled, labelled orders become referrals in DSTU2, and nothing
 * stored has an expansion or a relation that DSTU2 knows.
 */
const BLIND = {
  R4: ['Patient._security', 'ValueSet.expansion'],
  DSTU2: ['Patient._security', 'DocumentReference.relation', 'DiagnosticOrder._security', 'ProcedureRequest._security'],
};

describe.each([
  ['R4', r4, 10_000, 30_000],
  ['DSTU2', dstu2, 3000, 12_000],
] as const)('%s: every search, with tokens of all kinds', (name, version, count, least) => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld(version);
  }, 600_000);
  afterAll(() => closeWorld(world));

  it('would match data of another record by each parameter, if all data were visible', {
    timeout: 600_000,
  }, async () => {
    expect(await blind(world, version)).toEqual(BLIND[name]);
  });

  it('returns no byte of another record, and the same response as if no other record existed', {
    timeout: 7_200_000,
  }, async () => {
    const every = [everyParameter, everyRead, everyInclude, everyOperation].flatMap((one) => one({ version }));
    const exports = version.api === r4.api ? everyExport() : [];
    const byOne = [everyModifier, everyLink].flatMap((one) => sample(one({ version }), { share: 0.5 }));
    const report = await hunt(world, { seed: SEED, count, version, byEachKind: [...every, ...exports], byOne });
    console.log(name, `SLICE_SEED=${SEED}`, report.asked, JSON.stringify(report.tally));
    expect(report.faults).toEqual([]);
    expect(report.asked).toBeGreaterThan(least);
    expect(
      thin(report, 0.05, version.types.some(({ name }) => name === 'DocumentReference') ? [] : ['document']),
    ).toEqual([]);
  });
});
