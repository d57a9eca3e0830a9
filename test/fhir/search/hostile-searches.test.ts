import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp } from '../../support/apps/apps.ts';
import { attackSearches, type SearchReport } from '../../support/fuzzing/searches/attack.ts';
import { revealsInternals } from '../../support/fuzzing/searches/judge.ts';
import { sendRawRequests } from '../../support/fuzzing/searches/raw-requests.ts';
import { connectApp, R4 } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let report: SearchReport;
beforeAll(async () => {
  server = await startServer();
  report = await attackSearches(server, { seed: 20_261_126, count: 1000 });
}, 600_000);
afterAll(() => server.close());

describe('1,000 hostile searches', () => {
  it('cause no server error, and every rejection is an OperationOutcome that reveals no internals (FHIR R4 §3.1.0.1.5)', () => {
    expect(report.problems).toEqual([]);
  });
  it('leave none of their content in the log', () => {
    expect(server.log.length).toBeGreaterThan(950);
    expect(report.logLeaks).toEqual([]);
  });
  it('include both accepted and rejected ones', () => {
    expect(report.statuses[200]).toBeGreaterThan(150);
    expect(report.statuses[400]).toBeGreaterThan(150);
  });
});

describe('a request that no client library sends (RFC 9112 §3)', () => {
  it('is rejected or answered, and doesn’t end the process', { timeout: 120_000 }, async () => {
    const { access_token } = await connectApp(server.app, await addApp(server));
    await server.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.app.server.address() as AddressInfo;
    const heard = await sendRawRequests(port, access_token);
    for (const { sent, status, text } of heard) {
      expect(status, `${sent.slice(0, 200)}`).toEqual(status < 500 ? status : 'no fault of ours');
      expect(revealsInternals(text, sent)).toEqual([]);
      expect(text).not.toContain(access_token);
    }
    expect(heard.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect((await server.app.inject(`${R4}/metadata`)).statusCode).toBe(200);
    expect(server.log.filter((line) => line.includes(access_token))).toEqual([]);
  });
});
