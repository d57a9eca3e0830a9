import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const VISIT = '0000000e-0000-4000-8000-000000000000';
const OTHER_VISIT = '0000000f-0000-4000-8000-000000000000';
/** Maximum number of included resources on one page. */
const MOST = 5000;

const about = { subject: { reference: `Patient/${ANN}` }, status: 'final' };
const visit = (id: string) => ({
  resourceType: 'Encounter',
  id,
  ...about,
  status: 'finished',
  class: { code: 'AMB' },
});
const observation = (number: number, encounter = VISIT) => ({
  resourceType: 'Observation',
  id: `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`,
  ...about,
  code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
  encounter: { reference: `Encounter/${encounter}` },
});

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  await server.load([
    patient(ANN, 'Ann'),
    visit(VISIT),
    visit(OTHER_VISIT),
    ...Array.from({ length: MOST }, (_, at) => observation(at + 1)),
    observation(MOST + 1, OTHER_VISIT),
  ]);
  token = await server.token(ANN);
});
afterAll(() => server.close());

describe('resources included in a page (FHIR R4 search §3.1.1.5.4)', () => {
  const path = (ids: string) => `/Encounter?_id=${ids}&_revinclude=Observation:encounter`;

  it('are all there', async () => {
    const bundle = (await server.get(token, path(VISIT))).json();
    expect({ total: bundle.total, entry: bundle.entry.length }).toEqual({ total: 1, entry: MOST + 1 });
  });

  it('are never truncated: a page that would exceed the limit is rejected with advice', async () => {
    const answer = await server.get(token, path(`${VISIT},${OTHER_VISIT}`));
    expect(answer.statusCode).toBe(422);
    const [issue] = answer.json().issue;
    expect({ code: issue.code, detail: issue.details.coding[0].code }).toEqual({
      code: 'too-costly',
      detail: 'search-too-costly',
    });
    expect(issue.details.text).toContain('_count');
  });
});
