import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRequestQueue } from '../../../src/fhir/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir({ turns: createRequestQueue({ turn: 5000, statement: 100 }) });
  await server.load([patient(ANN, 'Ann')]);
});
afterAll(() => server.close());

it('a search that exceeds the database time limit is reported as too slow, not as a database failure', async () => {
  const token = await server.token(ANN);
  const answer = await server.db.transaction(async (tx) => {
    await tx.queryText('lock table resource in access exclusive mode', []);
    return server.get(token, '/Observation?code=x');
  });
  expect({ status: answer.statusCode, retryAfter: answer.headers['retry-after'] }).toEqual({
    status: 503,
    retryAfter: '5',
  });
  const [issue] = answer.json().issue;
  expect({ code: issue.code, detail: issue.details.coding[0].code }).toEqual({
    code: 'transient',
    detail: 'unavailable',
  });
  expect(issue.details.text).toMatch(/took too long to respond.* request less at once/);
});
