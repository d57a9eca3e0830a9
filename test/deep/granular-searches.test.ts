import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { r4 } from '../../src/fhir/index.ts';
import type { FhirServer } from '../support/fhir/fhir-server.ts';
import { compareLimit, compareLimits } from '../support/leaks/compare-limits.ts';
import { scopeLimits } from '../support/leaks/granular-scopes.ts';
import { SENSITIVE, startChartServer, US_CORE_LIMITS } from '../support/leaks/limited-chart.ts';
import { SEED } from '../support/runs/slice.ts';

let server: FhirServer;
beforeAll(async () => {
  server = await startChartServer();
}, 600_000);
afterAll(() => server.close());

describe('a granular scope hides everything else as if it did not exist (SMART App Launch 2.2 §3.0.2.5)', () => {
  it.each([...US_CORE_LIMITS, SENSITIVE].map((limit) => [limit.name, limit] as const))(
    '%s',
    { timeout: 600_000 },
    async (_name, limit) => {
      const { problems } = await compareLimit(server, limit, { seed: SEED, count: 250 });
      expect(problems).toEqual([]);
    },
  );

  it.each(
    r4.types.filter(({ compartment }) => compartment === 'record').map((served) => [served.name, served] as const),
  )('%s, by each of its parameters', { timeout: 1_800_000 }, async (name, served) => {
    const limits = await scopeLimits(server, served);
    console.log(`${name}: ${limits.length} of ${served.parameters.length}`);
    const compared = await compareLimits(server, limits, { seed: SEED, count: 12 });
    expect(compared.flatMap(({ problems: faults }) => faults)).toEqual([]);
  });
});
