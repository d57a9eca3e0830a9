import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrandOrganization, BrandsBundle } from '../../src/brands/bundle-types.ts';
import { apiCaller, signInDeveloper, signInReviewer } from '../support/people/developer-portal.ts';
import { PatientBrowser } from '../support/people/patient.ts';
import { addAnotherPractice, signInStaff } from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const NPI = '1234567893';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const bundleNow = async (): Promise<BrandsBundle> => {
  // The server caches the published bundle for a second.
  server.clock.advance(2000);
  return (await server.app.inject({ method: 'GET', url: '/brands.json' })).json();
};
const brandsIn = ({ entry }: BrandsBundle): BrandOrganization[] =>
  entry.map(({ resource }) => resource).filter((one) => one.resourceType === 'Organization');

describe('an administrator’s details of a practice', () => {
  const FACTS = { npi: NPI, category: 'prov', aliases: ['Lake Docs'], locations: ['62701'], partOf: null };
  const put = async (facts: object, practiceId = 2) =>
    (await signInReviewer(server)).call('PUT', `/review/brands/practices/${practiceId}`, { ...FACTS, ...facts });

  it('45 CFR 170.404(b)(2): without an address and an NPI the practice is not in the list', async () => {
    await addAnotherPractice(server, 'Unlisted');
    await server.runMaintenance();
    expect(brandsIn(await bundleNow()).map(({ name }) => name)).not.toContain('Unlisted');
  });

  it('brands, absent reasons: without a website the practice has the reason asked-unknown', async () => {
    await put({});
    const brand = brandsIn(await bundleNow()).find(({ name }) => name === 'Live practice');
    const reason = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';
    const absent = { extension: [{ url: reason, valueCode: 'asked-unknown' }] };
    expect(brand?.telecom).toEqual([{ system: 'url', _value: absent }]);
  });

  it('are published immediately', async () => {
    const { status, body } = await put({ npi: '1234 567-893' });
    expect({ status, npi: body.npi }).toEqual({ status: 200, npi: NPI });
    const brand = brandsIn(await bundleNow()).find(({ name }) => name === 'Live practice');
    expect(brand).toMatchObject({
      alias: ['Lake Docs'],
      address: [{ text: '62701', postalCode: '62701', country: 'US' }],
    });
    expect(brand?.identifier).toContainEqual({ system: 'http://hl7.org/fhir/sid/us-npi', value: NPI });
  });

  it.each([
    ['an NPI whose last digit is wrong', { npi: '1234567890' }, 'npi'],
    ['an NPI of letters', { npi: 'ABCDEFGHIJ' }, 'npi'],
    ['an invalid place', { locations: ['somewhere nice'] }, 'locations'],
    ['itself as the practice whose portal it shares', { partOf: 2 }, 'partOf'],
    ['the sandbox as the practice whose portal it shares', { partOf: 1 }, 'partOf'],
    ['an unknown practice whose portal it shares', { partOf: 99 }, 'partOf'],
    ['a kind that apps do not know', { category: 'hospital' }, 'category'],
  ])('reject %s', async (_what, facts, field) => {
    const { status, body } = await put(facts);
    expect({ status, code: body.code, field: body.errors[0].field }).toEqual({
      status: 400,
      code: 'fields-invalid',
      field,
    });
  });

  it('user-access-brand, partOf: portals are shared over at most two levels', async () => {
    await put({});
    const hillside = await addAnotherPractice(server, 'Hillside');
    const valley = await addAnotherPractice(server, 'Valley');
    expect((await put({ partOf: 2 }, hillside)).status).toBe(200);
    expect((await put({ partOf: hillside }, valley)).body.errors[0].field).toBe('partOf');
    expect((await put({ partOf: valley }, 2)).body.errors[0].field).toBe('partOf');
    const brands = brandsIn(await bundleNow());
    const child = brands.find(({ name }) => name === 'Hillside');
    const parent = brands.find(({ name }) => name === 'Live practice');
    expect(parent).toBeDefined();
    expect(child?.partOf?.reference).toBe(`Organization/${parent?.id}`);
    expect({ extension: child?.extension, endpoint: child?.endpoint?.length }).toEqual({
      extension: undefined,
      endpoint: 2,
    });
  });

  it('require an existing practice', async () => {
    expect((await put({}, 99)).status).toBe(404);
  });
});

describe('access to brand settings', () => {
  const ROUTES = [
    ['GET', '/review/brands'],
    ['GET', '/review/brands/draft'],
    ['GET', '/review/brands/versions/1'],
    ['POST', '/review/brands/publish'],
    ['PUT', '/review/brands/practices/2'],
  ] as const;

  it.each(ROUTES)('%s %s is only for administrators', async (method, path) => {
    const body = method === 'PUT' ? { npi: '', category: 'prov', aliases: [], locations: [], partOf: null } : undefined;
    expect((await apiCaller(server, undefined).call(method, path, body)).status).toBe(401);
    expect((await (await signInDeveloper(server)).call(method, path, body)).status).toBe(403);
    const patient = new PatientBrowser(server.app);
    await patient.signIn('/sign-in?return_to=/');
    expect((await apiCaller(server, patient.cookie('session')).call(method, path, body)).status).toBe(403);
    const staff = await signInStaff(server, ['administrator', 'privacy-officer']);
    expect((await apiCaller(server, staff.browser.cookie('session')).call(method, path, body)).status).toBe(403);
  });

  it.each(ROUTES.filter(([method]) => method !== 'GET'))(
    '%s %s requires the CSRF token of the pages',
    async (method, path) => {
      const { session } = await signInReviewer(server);
      const answer = await server.app.inject({
        method,
        url: `/api${path}`,
        headers: { cookie: `session=${session}`, 'content-type': 'application/json' },
        payload: '{}',
      });
      expect({ status: answer.statusCode, code: answer.json().code }).toEqual({ status: 403, code: 'form-expired' });
    },
  );
});
