import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, r4 } from '../../src/fhir/index.ts';
import {
  includeRequests,
  linkRequests,
  modifierRequests,
  operationRequests,
  parameterRequests,
  readRequests,
} from '../support/leaks/exhaustive-requests.ts';
import { exportRequests } from '../support/leaks/exports.ts';
import { coverageGaps, huntLeaks } from '../support/leaks/hunt.ts';
import { closeLeakServers, type LeakServers, startLeakServers } from '../support/leaks/leak-servers.ts';
import { findUndetectable } from '../support/leaks/undetectable.ts';
import { SEED, sample } from '../support/runs/slice.ts';

/**
 * Parameters for which no search of the test data has a match, so the test can't detect a leak through them. For
 * instance, no Patient has a security label.
 */
const BLIND = {
  R4: ['Patient._security', 'ValueSet.expansion'],
  DSTU2: ['Patient._security', 'DocumentReference.relation', 'DiagnosticOrder._security', 'ProcedureRequest._security'],
};

describe.each([
  ['R4', r4, 10_000, 30_000],
  ['DSTU2', dstu2, 3000, 12_000],
] as const)('%s: every search, with tokens of all kinds', (name, version, count, least) => {
  let world: LeakServers;
  beforeAll(async () => {
    world = await startLeakServers(version);
  }, 600_000);
  afterAll(() => closeLeakServers(world));

  it('would match data of another record by each parameter, if all data were visible', {
    timeout: 600_000,
  }, async () => {
    expect(await findUndetectable(world, version)).toEqual(BLIND[name]);
  });

  it('returns no byte of another record, and the same response as if no other record existed', {
    timeout: 7_200_000,
  }, async () => {
    const every = [parameterRequests, readRequests, includeRequests, operationRequests].flatMap((one) =>
      one({ version }),
    );
    const exports = version.api === r4.api ? exportRequests() : [];
    const byOne = [modifierRequests, linkRequests].flatMap((one) => sample(one({ version }), { share: 0.5 }));
    const report = await huntLeaks(world, { seed: SEED, count, version, byEachKind: [...every, ...exports], byOne });
    console.log(name, `SLICE_SEED=${SEED}`, report.asked, JSON.stringify(report.counts));
    expect(report.problems).toEqual([]);
    expect(report.asked).toBeGreaterThan(least);
    expect(
      coverageGaps(report, 0.05, version.types.some(({ name }) => name === 'DocumentReference') ? [] : ['document']),
    ).toEqual([]);
  });
});
