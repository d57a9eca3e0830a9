import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackSearches, type SearchReport } from '../support/hostile/searches/attack.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let report: SearchReport;
beforeAll(async () => {
  server = await startServer();
  report = await attackSearches(server, {
    seed: Number(process.env['S'] ?? 20_261_126),
    count: Number(process.env['N'] ?? 2000),
  });
  console.log(JSON.stringify({ ...report, faults: report.faults.length, told: report.told.length }));
}, 300_000);
afterAll(() => server.close());

describe('2,000 hostile searches', () => {
  it('FHIR R4 §3.1.0.1.5: no fault of ours, every refusal an OperationOutcome that tells nothing of our inside', () => {
    expect(report.faults).toEqual([]);
  });
  it('nothing of what was asked is in the log', () => {
    expect(server.log.length).toBeGreaterThan(1900);
    expect(report.told).toEqual([]);
  });
  it('are answered and refused', () => {
    expect(report.statuses[200]).toBeGreaterThan(300);
    expect(report.statuses[400]).toBeGreaterThan(300);
  });
});
