import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  const numbers = [1, 2, 3];
  const subject = { reference: `Patient/${ANN}` };
  const observations = numbers.map((n) => ({
    resourceType: 'Observation',
    id: id(n),
    status: 'final',
    code: { text: 'x' },
    subject,
  }));
  await server.load([patient(ANN, 'Ann'), ...observations]);
  token = await server.token(ANN);
});
afterAll(() => server.close());

const outcomeOf = ({ statusCode, body }: { statusCode: number; body: string }) => {
  const [issue] = JSON.parse(body).issue;
  return { status: statusCode, code: issue.code, text: issue.details.text };
};

describe('a rejection names the alternatives', () => {
  it.each([
    ['_sort=colour', ['_sort=colour', '-date, date', '_lastUpdated', '_id']],
    ['_sort=-date,code', ['_sort=-date,code', '-date, date']],
    ['_total=many', ['accurate', 'estimate', 'none']],
    ['page=0', ['page=0', 'start at 1']],
    ['_include=Observation:colour', ['Observation:encounter', 'Observation:has-member']],
    ['_include:iterate=colour', ['Observation:encounter']],
    ['_revinclude=*', ['DiagnosticReport:result', 'Provenance:target']],
    ['colour=blue', ['code, ', 'value-quantity', '_count']],
  ])('Prefer: handling=strict (FHIR R4 search §3.1.1.2): %s', async (query, words) => {
    const answer = outcomeOf(await server.get(token, `/Observation?${query}`, { prefer: 'handling=strict' }));
    expect(answer).toMatchObject({ status: 400, code: 'not-supported' });
    for (const word of words) expect(answer.text).toContain(word);
    if (query !== 'colour=blue') expect(answer.text).not.toContain('value-quantity,');
    expect((await server.get(token, `/Observation?${query}`)).statusCode).toBe(200);
  });

  it.each([
    ['/Observation/_history', 'The history is available for one resource at a time: /Observation/{id}/_history.'],
    ['/Observation/$lastn', 'does not support $lastn on Observation'],
    ['/ValueSet/$validate-code', 'does not support $validate-code on ValueSet'],
    ['/$export', '/metadata lists types and operations'],
    ['/Binary?_id=x', 'A Binary can only be read by its id'],
    [`/Binary/${id(1)}/_history`, 'A Binary can only be read by its id'],
  ])('GET %s is 404, and isn’t described as a missing resource', async (path, words) => {
    const { status, text } = outcomeOf(await server.get(token, path));
    expect({ status, text }).toEqual({ status: 404, text: expect.stringContaining(words) });
    expect(text).not.toMatch(/with this id|does not support the resource type/);
  });

  it.each([
    ['/Claim', 'This server does not support the resource type Claim. /metadata lists the supported types.'],
    [`/Patient/${ANN}/$everything?_type=Claim`, '/metadata lists the supported types'],
  ])('GET %s names where the types are listed, and doesn’t list them', async (path, words) => {
    const { text } = outcomeOf(await server.get(token, path));
    expect(text).toContain(words);
    expect(text).not.toMatch(/Observation|Condition/);
  });

  it('scope before data: a response about a type that wasn’t granted reveals nothing', async () => {
    const narrow = await server.token(ANN, { scope: 'patient/Condition.rs' });
    expect(outcomeOf(await server.get(narrow, '/Observation/$lastn'))).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
  });

  it.each(['/_search', `/Patient/${ANN}/Observation/_search`])(
    'POST %s: names the URL of searches by POST',
    async (path) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await server.app.inject({ method: 'POST', url: `/api/fhir/r4${path}`, headers, payload: 'a=b' });
      expect(outcomeOf(answer)).toMatchObject({ status: 405, text: expect.stringContaining('/{type}/_search') });
    },
  );
});

describe('the self link has the parameters that were used (FHIR R4 search §3.1.1.5)', () => {
  const selfOf = async (query: string) => {
    const { link } = (await server.get(token, `/Observation?${query}`)).json();
    return link.find(({ relation }: { relation: string }) => relation === 'self').url.split('?')[1] ?? '';
  };
  it.each([
    ['_count=100000', '_count=1000'],
    ['_count=007', '_count=7'],
    ['_maxresults=2&_count=3', '_maxresults=2&_count=2'],
    ['_count=0', '_count=0'],
    ['colour=blue&_sort=colour&_total=many&page=0', ''],
  ])('%s', async (requestPath, used) => {
    expect(await selfOf(requestPath)).toBe(used);
  });
});
