import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projections } from '../../../../src/fhir/dstu2/index.ts';
import { type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import { withData } from '../../../support/fhir/published-data.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';
import { condition, observation, request } from '../fixtures/small-resources.ts';
import { type InvariantViolation, invariantChecker } from './invariants/evaluate.ts';
import { xpathOf } from './invariants/replaced-expressions.ts';
import { readElementRules } from './invariants/structures.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const subject = { reference: `Patient/${ANN}` };

describe.runIf(SHARED_DATA)(withData("DSTU2's invariants hold in the server’s own resources"), () => {
  let server: FhirServer;
  let token: string;
  let brokenIn: (xml: readonly string[]) => readonly InvariantViolation[];
  beforeAll(async () => {
    brokenIn = invariantChecker(readElementRules(), xpathOf);
    server = await startFhir({ version: dstu2, projections: dstu2Projections });
    const report = await server.load([
      { resourceType: 'Patient', id: ANN, name: [{ family: 'Example', given: ['Ann'] }], gender: 'female' },
      condition({ id: id(1), subject }),
      observation({ id: id(2), subject, effectiveDateTime: '2020-01-01' }),
      observation({ id: id(3), subject, effectiveDateTime: '2021-01-01' }),
      request({ id: id(4), subject }),
    ]);
    expect(report).toMatchObject({ refused: [] });
    token = await server.token(ANN);
  });
  afterAll(() => server.close());

  it.each([
    ['the Conformance statement', '/metadata', 200, 'Conformance'],
    ['a page of several', `/Observation?patient=${ANN}&_count=1`, 200, 'Bundle'],
    ['included resources', `/Observation?patient=${ANN}&_include=Observation:patient`, 200, 'Bundle'],
    ['all of a patient', `/Patient/${ANN}/$everything`, 200, 'Bundle'],
    ['an empty search', '/Goal', 200, 'Bundle'],
    ['a missing resource', `/Observation/${id(9)}`, 404, 'OperationOutcome'],
    ['an invalid request', '/Observation?date=x', 400, 'OperationOutcome'],
  ])('%s', async (_, path, status, type) => {
    const answer = await server.get(token, path, { accept: 'application/xml+fhir' });
    expect(answer.statusCode).toBe(status);
    expect(answer.body).toMatch(new RegExp(`^<\\?xml [^>]*><${type} `));
    expect(brokenIn([answer.body])).toEqual([]);
  });
});
