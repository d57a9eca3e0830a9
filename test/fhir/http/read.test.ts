import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import { BASE, type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { R4 } from '../../support/people/patient.ts';
import { slice } from '../../support/runs/slice.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const ids = { weight: '00000001-0000-4000-8000-000000000000', bobs: '00000002-0000-4000-8000-000000000000' };

let server: FhirServer;
let composed: TestServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  composed = await startServer();
  await server.load([
    patient(ANN, 'Ann'),
    patient(BOB, 'Bob'),
    {
      resourceType: 'Observation',
      id: ids.weight,
      meta: { versionId: '77', lastUpdated: '1999-01-01T00:00:00Z', tag: [{ code: 'kept' }] },
      status: 'final',
      subject: { reference: `Patient/${ANN}` },
      code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
      category: [{ coding: [{ code: 'vital-signs' }] }],
      effectiveDateTime: '2024-05-17',
      valueQuantity: { value: 72.5, unit: 'kg' },
    },
    {
      resourceType: 'Observation',
      id: ids.bobs,
      status: 'final',
      subject: { reference: `Patient/${BOB}` },
      code: { text: 'x' },
    },
    {
      resourceType: 'Practitioner',
      id: 'dr',
      name: [{ family: 'Doctor' }],
      identifier: [{ system: 'urn:npi', value: '12' }],
    },
  ]);
  token = await server.token(ANN);
});
afterAll(() => Promise.all([server.close(), composed.close()]));

const issueOf = (body: string) => {
  const { resourceType, issue } = JSON.parse(body);
  expect(resourceType).toBe('OperationOutcome');
  return {
    code: issue[0].details.coding[0].code,
    type: issue[0].code,
    text: issue[0].details.text,
    diagnostics: issue[0].diagnostics,
  };
};

describe('read (FHIR R4 §3.1.0.2)', () => {
  it('returns the resource with its version', async () => {
    const answer = await server.get(token, `/Observation/${ids.weight}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/fhir+json; charset=utf-8',
      etag: 'W/"1"',
      'last-modified': 'Mon, 02 Nov 2026 09:00:00 GMT',
      'cache-control': 'no-store',
    });
    expect(answer.json()).toMatchObject({
      resourceType: 'Observation',
      id: ids.weight,
      meta: { versionId: '1', lastUpdated: '2026-11-02T09:00:00.123Z', tag: [{ code: 'kept' }] },
      valueQuantity: { value: 72.5 },
    });
  });

  it.each(['/observation/', '/OBSERVATION/'])(
    'takes %s in any case, with or without a trailing slash',
    async (path) => {
      expect((await server.get(token, `${path}${ids.weight}`)).statusCode).toBe(200);
      expect((await server.get(token, `${path}${ids.weight.toUpperCase()}/`)).statusCode).toBe(200);
    },
  );

  it.each([
    'application/json',
    'application/fhir+json',
    'application/json+fhir',
    '*/*',
    'text/html',
    'application/fhir+xml',
  ])('answers Accept: %s with FHIR JSON', async (accept) => {
    const answer = await server.get(token, `/Patient/${ANN}?_format=whatever`, { accept });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/fhir+json; charset=utf-8');
  });

  it('returns the directory of the practice', async () => {
    const { entry } = (await server.get(token, '/Practitioner?identifier=urn:npi|12')).json();
    expect(entry).toHaveLength(1);
    expect((await server.get(token, `/Practitioner/${entry[0].resource.id}`)).json().name).toEqual([
      { family: 'Doctor' },
    ]);
  });
});

describe('a missing resource', () => {
  it('is the same 404 for another patient’s resource, an unused id and an invalid id', async () => {
    const bodies: unknown[] = [];
    for (const id of [ids.bobs, '00000009-0000-4000-8000-000000000000', 'x', "1'--", '%00']) {
      const answer = await server.get(token, `/Observation/${id}`);
      expect(answer.statusCode).toBe(404);
      const { diagnostics: _, ...issue } = issueOf(answer.body);
      bodies.push(issue);
    }
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect(bodies[0]).toMatchObject({ code: 'not-found', type: 'not-found' });
  });

  it('includes other patients, existing or not', async () => {
    expect((await server.get(token, `/Patient/${BOB}`)).statusCode).toBe(404);
    expect((await server.get(token, '/Patient/0000000c-0000-4000-8000-000000000000')).statusCode).toBe(404);
    expect((await server.get(token, `/Patient/${ANN}`)).statusCode).toBe(200);
  });

  it.each(['Account', 'Basic', 'constructor', 'Binaries'])('has no type %s', async (type) => {
    for (const path of [`/${type}`, `/${type}/1`]) {
      const answer = await server.get(token, path);
      expect(answer.statusCode).toBe(404);
      expect(issueOf(answer.body).code).toBe('type-not-supported');
    }
  });

  it('has a message of its own for the URL', async () => {
    const answer = await server.get(token, '/Observation/1/_history/2/3');
    expect(answer.statusCode).toBe(404);
    expect(issueOf(answer.body).code).toBe('not-found');
  });
});

describe('a path that can’t be a type', () => {
  it.each([
    '/.well-known/jwks.json',
    '/.well-known/anything-else',
    '/.well-known',
    '/$export',
    '/robots.txt',
    '/_history',
  ])('is 404 without asking for a token at %s (RFC 8615 §3)', async (path) => {
    for (const given of [undefined, token, 'stolen']) {
      const answer = await server.get(given, path);
      expect(answer.statusCode).toBe(404);
      expect(answer.headers['www-authenticate']).toBeUndefined();
      expect(JSON.parse(answer.body).resourceType).toBe('OperationOutcome');
      expect(issueOf(answer.body).code).toBe('not-found');
    }
  });

  it.each([
    '/Observation',
    '/observation/',
    '/Observation/1',
    '/Observation/$everything',
    '/Binary/1',
    '/document/1.pdf',
  ])('unlike %s: without a token, nothing about it is revealed', async (path) => {
    expect((await server.get(undefined, path)).statusCode).toBe(401);
  });
});

describe('granular reads (SMART App Launch 2.2 §3.0.2.5)', () => {
  it('find nothing outside the granted categories', async () => {
    const labs = await server.token(ANN, { scope: 'patient/Observation.rs?category=laboratory' });
    const vitals = await server.token(ANN, { scope: 'patient/Observation.rs?category=VITAL-signs' });
    expect((await server.get(labs, `/Observation/${ids.weight}`)).statusCode).toBe(404);
    expect((await server.get(labs, '/Observation')).json()).toMatchObject({ total: 0 });
    expect((await server.get(vitals, `/Observation/${ids.weight}`)).statusCode).toBe(200);
    expect((await server.get(vitals, '/Observation?category=laboratory')).json()).toMatchObject({ total: 0 });
  });
});

describe('rejections', () => {
  it('ask for a token (RFC 6750 §3)', async () => {
    const answer = await server.get(undefined, '/Patient');
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="Patient Access"');
    expect(issueOf(answer.body)).toMatchObject({ code: 'login-required', type: 'login' });
  });

  it.each(['Basic YTpi', 'Bearer', 'Bearer a b', 'token-1'])(
    'don’t accept Authorization: %s',
    async (authorization) => {
      expect((await server.get(undefined, '/Patient', { authorization })).statusCode).toBe(401);
    },
  );

  it('tell an invalid token from a missing one', async () => {
    const answer = await server.get('stolen', '/Patient');
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(
      /^Bearer realm="Patient Access", error="invalid_token", error_description="[^"\\]+"$/,
    );
    expect(issueOf(answer.body).code).toBe('invalid_token');
  });

  it('accept no token in the URL (RFC 6750 §5.3)', async () => {
    for (const given of [undefined, token]) {
      const answer = await server.get(given, `/Patient?access_token=${token}`);
      expect(answer.statusCode).toBe(400);
      expect(answer.body).not.toContain(`"${token}"`);
    }
  });

  it('tell type, API and practice apart', async () => {
    const cases = [
      [await server.token(ANN, { scope: 'patient/Condition.read' }), 'scope-denied'],
      [await server.token(ANN, { apis: ['dstu2'] }), 'api-not-added'],
      [await server.token(ANN, { practiceEnabled: false }), 'practice-disabled'],
    ] as const;
    for (const [given, code] of cases) {
      const answer = await server.get(given, `/Observation/${ids.weight}`);
      expect(answer.statusCode).toBe(403);
      expect(issueOf(answer.body).code).toBe(code);
    }
    const answer = await server.get(cases[0][0], '/Observation');
    expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope"');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('name the methods that %s takes', async (method) => {
    for (const url of ['/api/fhir/r4/Observation', `/api/fhir/r4/Observation/${ids.weight}`, '/api/fhir/r4/metadata']) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' };
      const answer = await server.app.inject({ method, url, headers, payload: '{not json' });
      expect(answer.statusCode).toBe(405);
      expect(answer.headers['allow']).toBe('GET, HEAD');
      expect(issueOf(answer.body).code).toBe('method-not-allowed');
    }
  });

  it.each([
    ['/Patient/_search', 'POST', ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']],
    ['/Patient/_SEARCH', 'POST', ['PUT']],
    ['/Group/_search', 'POST', ['GET', 'PUT', 'DELETE']],
    ['/Patient/$everything', 'GET, HEAD, POST', ['PUT', 'PATCH', 'DELETE']],
    ['/Patient/$export', 'GET, HEAD, POST', ['PUT', 'DELETE']],
    [`/Group/${ids.weight}/$export`, 'GET, HEAD, POST', ['DELETE']],
    [`/export/${ids.weight}`, 'GET, HEAD, DELETE', ['POST', 'PUT']],
    [`/export/${ids.weight}/Patient.ndjson`, 'GET, HEAD', ['POST', 'DELETE']],
    [`/Observation/${ids.weight}/_history/1`, 'GET, HEAD', ['POST', 'PUT', 'DELETE']],
    // Backend apps send transactions and batches to the base URL.
    ['', 'POST', ['GET', 'PUT', 'DELETE']],
  ] as const)('follow RFC 9110 §15.5.6: %s takes %s', async (path, allow, others) => {
    for (const method of others) {
      const answer = await composed.app.inject({ method, url: `${R4}${path}`, payload: '{not json' });
      expect({ status: answer.statusCode, allow: answer.headers['allow'] }, method).toEqual({ status: 405, allow });
      if (method !== 'HEAD') expect(issueOf(answer.body).code).toBe('method-not-allowed');
    }
  });

  it('include the framework’s own errors, with the request id', async () => {
    const answer = await server.app.inject({
      method: 'GET',
      url: '/api/fhir/r4/Observation/%E0%A4%A',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    const searched = await server.get(token, '/Observation?date=nonsense');
    expect(issueOf(searched.body).diagnostics).toMatch(/^Request id: \S+$/);
  });
});

describe('the audit log of disclosures', () => {
  it('records who read what, names and counts only', async () => {
    server.disclosures.length = 0;
    await server.get(token, `/Observation/${ids.weight}`);
    await server.get(token, '/observation?code=http://loinc.org|29463-7&_count=5&secret=cancer');
    expect(server.disclosures).toEqual([
      expect.objectContaining({
        kind: 'read',
        outcome: 'success',
        type: 'Observation',
        resources: 1,
        detail: { id: ids.weight },
        clientId: 'app',
      }),
      expect.objectContaining({
        kind: 'search',
        outcome: 'success',
        type: 'Observation',
        resources: 1,
        detail: { parameters: ['code', '_count'], total: 1 },
      }),
    ]);
    expect(JSON.stringify(server.disclosures)).not.toContain('29463');
  });

  it('records the server’s names of parameters, and no total that the client sent', async () => {
    server.disclosures.length = 0;
    await server.get(token, `/Observation?subject:Patient:Cancer=${ANN}`);
    await server.get(token, `/Practitioner?patient:Cancer=${ANN}`);
    const cursor = server.forgeCursor(token, 'Observation', ['-main', 'infinity', ids.weight, 4711, 'infinity']);
    expect((await server.get(token, `/Observation?_cursor=${cursor}`)).json().total).toBe(4711);
    expect(server.disclosures.map(({ detail }) => detail)).toEqual([
      { problem: 'search-invalid' },
      { problem: 'search-invalid' },
      { parameters: ['_cursor'] },
    ]);
  });

  it('records rejected requests of clients with a token, and of no others', async () => {
    server.disclosures.length = 0;
    await server.get(undefined, '/Patient');
    await server.get(token, '/Account');
    await server.get(token, `/Observation?patient=${BOB}`);
    expect(server.disclosures).toEqual([
      expect.objectContaining({
        outcome: 'failure',
        type: undefined,
        resources: 0,
        detail: { problem: 'type-not-supported' },
      }),
      expect.objectContaining({
        outcome: 'failure',
        type: 'Observation',
        resources: 0,
        detail: { problem: 'patient-mismatch' },
      }),
    ]);
  });

  it('prevents any disclosure that can’t be recorded', async () => {
    const other = await startFhir();
    try {
      await other.load([patient(ANN, 'Ann')]);
      const validToken = await other.token(ANN);
      other.breakAuditLog();
      const answer = await other.get(validToken, `/Patient/${ANN}`);
      expect(answer.statusCode).toBe(500);
      expect(answer.body).not.toContain('Ann');
      expect(answer.body).not.toContain('trail is broken');
      expect(issueOf(answer.body)).toMatchObject({ code: 'internal', type: 'exception' });
    } finally {
      await other.close();
    }
  });
});

interface Stated {
  readonly type: string;
  readonly searchParam: readonly { readonly name: string; readonly type: string }[];
  readonly searchInclude?: readonly string[];
  readonly searchRevInclude?: readonly string[];
}

describe('the CapabilityStatement', () => {
  it('needs no token, and is accurate', async () => {
    const answer = await server.get(undefined, '/metadata/');
    expect(answer.statusCode).toBe(200);
    const statement = answer.json();
    expect(statement).toMatchObject({
      resourceType: 'CapabilityStatement',
      fhirVersion: '4.0.1',
      kind: 'instance',
      implementation: { url: BASE },
    });
    const [rest] = statement.rest;
    const uris = rest.security.extension[0].extension.map(({ url, valueUri }: { url: string; valueUri: string }) => [
      url,
      valueUri,
    ]);
    expect(uris).toEqual([
      ['authorize', `${BASE}/a`],
      ['token', `${BASE}/t`],
      ['revoke', `${BASE}/r`],
    ]);
  });

  it('names parameters that work: each is accepted with strict handling', async () => {
    const [rest] = (await server.get(undefined, '/metadata')).json().rest;
    const value: Record<string, string> = {
      date: 'ge2000',
      token: 'x',
      reference: ANN,
      string: 'x',
      quantity: 'gt5.4|http://unitsofmeasure.org|mg',
      uri: 'http://example.org',
    };
    const partOf = (name: string) => (name.endsWith('quantity') ? 'gt5' : name.endsWith('date') ? 'ge2000' : 'x');
    const results = ['_count', '_maxresults', '_total', '_summary', '_elements', 'page', '_sort'];
    const common = rest.searchParam.filter(({ name }: { name: string }) => !results.includes(name));
    // Binary can't be searched, and only backend apps may search Group.
    const searched: Stated[] = rest.resource.filter(({ type }: Stated) => type !== 'Binary' && type !== 'Group');
    const searches = searched.flatMap(({ type, searchParam, searchInclude = [], searchRevInclude = [] }) => [
      ...[...searchParam, ...common].map(({ name, type: kind }) => ({
        type,
        kind,
        query: `${name}=${value[kind] ?? `x$${partOf(name)}`}`,
      })),
      ...searchRevInclude.map((one) => ({ type, kind: '_revinclude', query: `_revinclude=${one}` })),
      ...searchInclude.map((one) => ({ type, kind: '_include', query: `_include=${one}` })),
    ]);
    for (const { type, query } of slice(searches, { kinds: (one) => [one.type, one.kind] })) {
      const answer = await server.get(token, `/${type}?${query}`, { prefer: 'handling=strict' });
      expect(answer.statusCode, `${type} ${query}`).toBe(200);
    }
  });
});
