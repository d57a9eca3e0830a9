import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, r4 } from '../../../src/fhir/index.ts';
import { startFhir } from '../../support/fhir/fhir-server.ts';
import { coverageGaps, huntLeaks } from '../../support/leaks/hunt.ts';
import { closeLeakServers, type LeakServers, startLeakServers } from '../../support/leaks/leak-servers.ts';

const SEED = 20_261_126;

// These requests are a sample. test/deep/data-leaks.test.ts tries every search parameter and link of every type.
describe.each([
  ['R4', r4, 300],
  ['DSTU2', dstu2, 150],
] as const)('%s: requests for another patient’s record', (_name, version, count) => {
  let world: LeakServers;
  beforeAll(async () => {
    world = await startLeakServers(version);
  }, 300_000);
  afterAll(() => closeLeakServers(world));

  it('are answered as if that record didn’t exist', { timeout: 300_000 }, async () => {
    const report = await huntLeaks(world, { seed: SEED, count, version });
    expect(report.problems).toEqual([]);
    expect(report.asked).toBe(count);
    // A request that finds nothing with any token would prove nothing.
    expect(
      coverageGaps(report, 0.05, version.types.some(({ name }) => name === 'DocumentReference') ? [] : ['document']),
    ).toEqual([]);
  });
});

describe('whether a practice has a patient', () => {
  it('isn’t revealed by its directory to tokens without access to its patients', async () => {
    const server = await startFhir();
    const [known, nobody, office] = [1, 2, 3].map((number) => `0000000${number}-0000-4000-8000-000000000000`);
    await server.load([
      { resourceType: 'Patient', id: known ?? '' },
      { resourceType: 'Organization', id: office ?? '', name: 'Office' },
    ]);
    const found = async (scope: string, patient = '') => {
      const token = await server.token(known ?? '', { scope, practices: [1], record: false });
      return (await server.get(token, `/Organization?patient=${patient}`)).json().total;
    };
    const staff = 'user/Organization.rs user/Patient.rs';
    expect({ known: await found(staff, known), nobody: await found(staff, nobody) }).toEqual({ known: 1, nobody: 0 });
    for (const scope of ['user/Organization.rs', 'user/Organization.rs user/Patient.rs?gender=male'])
      expect(await found(scope, known)).toEqual(await found(scope, nobody));
    await server.close();
  });
});
