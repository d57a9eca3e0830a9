import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/index.ts';
import { DSTU2, R4 } from '../../../support/people/patient.ts';
import { startServer, type TestServer } from '../../../support/servers/server.ts';

const PAGE = 'http://localhost:8080/docs/dstu2-losses';
let server: TestServer;
let lasting: TestServer;
beforeAll(async () => {
  server = await startServer({ DSTU2_DEPRECATED: '2027-02-01', DSTU2_SUNSET: '2030-01-31T18:00:00Z' });
  lasting = await startServer();
});
afterAll(async () => {
  await server.close();
  await lasting.close();
});

const headersOf = async (from: TestServer, url: string, method: 'GET' | 'HEAD' | 'POST' | 'PUT' = 'GET') => {
  const { headers } = await from.app.inject({ method, url, headers: { origin: 'https://app.example' } });
  const { deprecation, sunset, link } = headers;
  return { deprecation, sunset, link };
};

describe('RFC 9745, RFC 8594: a deprecated API', () => {
  it.each([
    ['GET', '/metadata'],
    ['HEAD', '/metadata'],
    ['GET', '/.well-known/smart-configuration'],
    ['GET', '/Patient'],
    ['GET', '/Patient/x/$everything'],
    ['GET', '/DocumentReference/$docref'],
    ['POST', '/Observation/_search'],
    ['PUT', '/Patient/x'],
    ['GET', '/nothing/at/all/here'],
    ['GET', '/%E0%A4%A'],
  ] as const)('says so in each response: %s %s', async (method, path) => {
    expect(await headersOf(server, `${DSTU2}${path}`, method)).toEqual({
      deprecation: `@${Date.UTC(2027, 1, 1) / 1000}`,
      sunset: 'Thu, 31 Jan 2030 18:00:00 GMT',
      link: `<${PAGE}>; rel="deprecation"; type="text/html", <${PAGE}>; rel="sunset"; type="text/html"`,
    });
  });

  it('also says so for a misspelled URL that is 404', async () => {
    const { deprecation } = await headersOf(server, `${DSTU2}/x/y/z`.toUpperCase());
    expect(deprecation).toMatch(/^@\d+$/);
  });

  it('exposes the headers to browser apps', async () => {
    const { headers } = await server.app.inject({
      url: `${DSTU2}/metadata`,
      headers: { origin: 'https://app.example' },
    });
    const exposed = String(headers['access-control-expose-headers']).split(/, */);
    expect(exposed).toEqual(expect.arrayContaining(['deprecation', 'sunset', 'link']));
  });

  it('is explained in Conformance, and the linked page exists', async () => {
    const statement = (await server.app.inject(`${DSTU2}/metadata`)).json();
    expect(statement.description).toContain('deprecated as of 2027-02-01');
    expect(statement.description).toContain('planned end is 2030-01-31');
    expect(statement.description).toContain(PAGE);
    const page = await server.app.inject(new URL(PAGE).pathname);
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('How long DSTU2 is available');
  });

  it('sends no such header for another API, or without a date', async () => {
    const none = { deprecation: undefined, sunset: undefined, link: undefined };
    for (const path of ['/metadata', '/Patient', '/nothing/at/all/here'])
      expect(await headersOf(server, `${R4}${path}`)).toEqual(none);
    for (const path of ['/metadata', '/Patient', '/nothing/at/all/here'])
      expect(await headersOf(lasting, `${DSTU2}${path}`)).toEqual(none);
    expect((await lasting.app.inject(`${DSTU2}/metadata`)).json().description).toBeUndefined();
  });
});

describe('the dates that an operator sets', () => {
  it.each([
    [{ DSTU2_DEPRECATED: '2027-02-01' }, { deprecated: new Date('2027-02-01T00:00:00Z'), sunset: undefined }],
    [{ DSTU2_SUNSET: '2027-02-01T12:00:00Z' }, { deprecated: undefined, sunset: new Date('2027-02-01T12:00:00Z') }],
    [
      { DSTU2_DEPRECATED: '2027-02-01', DSTU2_SUNSET: '2027-02-01' },
      { deprecated: new Date('2027-02-01'), sunset: new Date('2027-02-01') },
    ],
    [{ DSTU2_DEPRECATED: ' ' }, undefined],
  ])('%j', (settings, expected) => {
    expect(readConfig(settings).dstu2Deprecation).toEqual(expected);
  });

  it.each([
    { DSTU2_DEPRECATED: 'soon' },
    { DSTU2_DEPRECATED: '2027-02-30' },
    { DSTU2_SUNSET: '2027-13-01' },
    { DSTU2_SUNSET: '2027-02-01T25:00:00Z' },
    { DSTU2_SUNSET: '01/02/2027' },
    { DSTU2_SUNSET: '2027-02-01T12:00:00+01:00' },
    { DSTU2_DEPRECATED: '2027-02-02', DSTU2_SUNSET: '2027-02-01' },
  ])('%j is a configuration error, reported at start', (settings) => {
    expect(() => readConfig(settings)).toThrow(Object.keys(settings).at(-1));
  });
});
