import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackSearches, type SearchReport } from '../support/fuzzing/searches/attack.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
let report: SearchReport;
beforeAll(async () => {
  server = await startServer();
  report = await attackSearches(server, { seed: 20_260_401, count: 50_000 });
  console.log(JSON.stringify({ statuses: report.statuses, slowest: report.slowest }));
}, 7_200_000);
afterAll(() => server.close());

describe('50,000 hostile searches', () => {
  it('FHIR R4 §3.1.0.1.5: cause no server error, and every rejection is an OperationOutcome without internals', () => {
    expect(report.problems).toEqual([]);
  });
  it('leave no search value in the log', () => {
    expect(server.log.length).toBeGreaterThan(48_000);
    expect(report.logLeaks).toEqual([]);
  });
  it('include accepted and rejected searches', () => {
    expect(report.statuses[200]).toBeGreaterThan(5000);
    expect(report.statuses[400]).toBeGreaterThan(5000);
  });
});
