import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { r4 } from '../../src/fhir/index.ts';
import type { FhirServer } from '../support/fhir-server.ts';
import { compare, compareAll } from '../support/hostile/leaks/granular-hunt.ts';
import { limitsBy } from '../support/hostile/leaks/granular-scopes.ts';
import { chartServer, SENSITIVE, US_CORE_LIMITS } from '../support/hostile/leaks/granular-world.ts';
import { SEED } from '../support/slice.ts';

let server: FhirServer;
beforeAll(async () => {
  server = await chartServer();
}, 600_000);
afterAll(() => server.close());

describe('a granular scope hides everything else as if it did not exist (SMART App Launch 2.2 §3.0.2.5)', () => {
  it.each([...US_CORE_LIMITS, SENSITIVE].map((limit) => [limit.name, limit] as const))(
    '%s',
    { timeout: 600_000 },
    async (_name, limit) => {
      const { faults } = await compare(server, limit, { seed: SEED, count: 250 });
      expect(faults).toEqual([]);
    },
  );

  it.each(r4.types.filter(({ home }) => home === 'record').map((served) => [served.name, served] as const))(
    '%s, by each of its parameters',
    { timeout: 1_800_000 },
    async (name, served) => {
      const limits = await limitsBy(server, served);
      console.log(`${name}: ${limits.length} of ${served.parameters.length}`);
      const compared = await compareAll(server, limits, { seed: SEED, count: 12 });
      expect(compared.flatMap(({ faults }) => faults)).toEqual([]);
    },
  );
});
