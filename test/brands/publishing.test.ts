import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { BrandOrganization, BrandsBundle } from '../../src/brands/bundle-types.ts';
import { completePracticeDetails } from '../../src/practices/index.ts';
import { signInReviewer } from '../support/people/developer-portal.ts';
import { DSTU2, R4 } from '../support/people/patient.ts';
import { addAnotherPractice, LIVE_PRACTICE, SANDBOX_PRACTICE } from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const FHIR = 'application/fhir+json; charset=utf-8';

const PRACTICES = ['practice', 'practice_brand'];

let shared: TestServer;
/** The server under test: the shared one or the test's own. */
let server: TestServer;
beforeAll(async () => {
  shared = await start();
  for (const table of PRACTICES) await shared.db.queryText(`create table ${table}_before as table ${table}`, []);
});
afterAll(() => shared.close());
// Each test starts with the initial practices and nothing published.
beforeEach(async () => {
  server = shared;
  for (const table of PRACTICES) {
    await shared.db.queryText(`delete from ${table}`, []);
    await shared.db.queryText(`insert into ${table} table ${table}_before`, []);
  }
  await shared.db.queryText(`delete from brands_version`, []);
  await shared.db.queryText(`delete from audit_event where kind = 'brands'`, []);
  // The server caches the published bundle for a second.
  shared.clock.advance(2000);
});

/** Starts a server with other settings for one test. */
async function startOwn(settings: Record<string, string>): Promise<void> {
  server = await start(settings);
  const { close } = server;
  onTestFinished(() => close());
}

/** A server whose live practice has the data that the list of service base URLs needs. */
async function start(settings: Record<string, string> = {}): Promise<TestServer> {
  const started = await startServer(settings);
  await completePracticeDetails(started.db, LIVE_PRACTICE, DETAILS);
  return started;
}
const DETAILS = { address: '1 Main Street\nSpringfield, IL 62701', npi: '1234567893' };

const get = (url: string, headers: Record<string, string> = {}) =>
  server.app.inject({ method: 'GET', url, headers: { origin: 'https://app.example', ...headers } });
const bundleNow = async (): Promise<BrandsBundle> => (await get('/brands.json')).json();
const brandsIn = ({ entry }: BrandsBundle): BrandOrganization[] =>
  entry.map(({ resource }) => resource).filter((one) => one.resourceType === 'Organization');
const set = (columns: string, practiceId: number = LIVE_PRACTICE) =>
  server.db.queryText(`update practice set ${columns} where practice_id = $1`, [practiceId]);
const versions = async (): Promise<number[]> =>
  (await server.db.queryText<{ version: number }>('select version from brands_version order by version', [])).map(
    ({ version }) => version,
  );

describe('the published bundle', () => {
  it('before it is published is 404 with an OperationOutcome, open to every origin', async () => {
    for (const path of [
      '/brands.json',
      '/service-base-urls.json',
      '/service-base-urls-r4.json',
      '/brands/Organization/x',
    ]) {
      const answer = await get(path);
      expect({ status: answer.statusCode, contentType: answer.headers['content-type'] }, path).toEqual({
        status: 404,
        contentType: FHIR,
      });
      expect(answer.headers['access-control-allow-origin']).toBe('*');
      expect(answer.json()).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'not-found' }] });
    }
    expect((await get(`${R4}/.well-known/smart-configuration`)).json()).not.toHaveProperty('user_access_brand_bundle');
  });

  it('is published at the first start: brands of practices, and one endpoint for each FHIR version', async () => {
    await server.runMaintenance();
    const answer = await get('/brands.json');
    expect({ status: answer.statusCode, contentType: answer.headers['content-type'] }).toEqual({
      status: 200,
      contentType: FHIR,
    });
    const bundle: BrandsBundle = answer.json();
    expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'collection', timestamp: bundle.meta?.lastUpdated });
    expect(brandsIn(bundle).map(({ name }) => name)).toEqual([
      'Live practice',
      'Sandbox Family Practice',
      'Sandbox Heart Clinic',
    ]);
    const endpoints = bundle.entry.map(({ resource }) => resource).filter((one) => one.resourceType === 'Endpoint');
    expect(endpoints.map(({ address, extension }) => [address, extension?.[0]?.valueCode])).toEqual([
      [`${server.config.publicUrl}${R4}`, '4.0.1'],
      [`${server.config.publicUrl}${DSTU2}`, '1.0.2'],
    ]);
    expect((await get('/service-base-urls.json')).body).toBe(answer.body);
  });

  it('45 CFR 170.404(b)(2): has a practice as soon as it has an address and an NPI', async () => {
    const hillside = await addAnotherPractice(server, 'Hillside Pediatrics');
    await server.runMaintenance();
    const listed = async () => brandsIn(await bundleNow()).map(({ name }) => name);
    const others = ['Patient Access', 'Live practice', 'Sandbox Family Practice', 'Sandbox Heart Clinic'];
    expect(await listed()).toEqual(others);
    const { call } = await signInReviewer(server);
    const { body } = await call('GET', '/review/brands');
    const warnings = body.findings.map((one: Record<string, string>) => [one['check'], one['severity'], one['name']]);
    expect(warnings).toEqual(
      expect.arrayContaining([
        ['location-missing', 'warning', 'Hillside Pediatrics'],
        ['facility-identifier', 'warning', 'Hillside Pediatrics'],
      ]),
    );
    const missing = body.practices.map((one: { missing: string[] }) => one.missing);
    expect(missing.filter((one: string[]) => one.length > 0)).toEqual([['location', 'identifier']]);
    await completePracticeDetails(server.db, hillside, { ...DETAILS, npi: '1245319599' });
    server.clock.advance(2000);
    await server.runMaintenance();
    expect(await listed()).toEqual([...others.slice(0, 2), 'Hillside Pediatrics', ...others.slice(2)]);
  });

  it('has the directory’s address and NPI for a sandbox practice', async () => {
    await server.runMaintenance();
    for (const name of ['Sandbox Family Practice', 'Sandbox Heart Clinic']) {
      const brand = brandsIn(await bundleNow()).find((one) => one.name === name);
      const [own] = await server.db.queryText<{ content: string }>(
        `select content from shared_resource where type = 'Organization' and content like '%"name":"' || $1 || '"%' limit 1`,
        [name],
      );
      const { address, identifier } = JSON.parse(own?.content ?? '{}');
      expect(brand?.address?.[0]).toMatchObject({ line: address[0].line, postalCode: address[0].postalCode });
      expect(brand?.identifier).toContainEqual({ system: identifier[0].system, value: identifier[0].value });
    }
  });

  it('for FHIR R4 has all practices and one endpoint, and the same ETag rules', async () => {
    await server.runMaintenance();
    const answer = await get('/service-base-urls-r4.json');
    expect({ status: answer.statusCode, contentType: answer.headers['content-type'] }).toEqual({
      status: 200,
      contentType: FHIR,
    });
    const bundle: BrandsBundle = answer.json();
    expect(brandsIn(bundle).length).toBe(brandsIn(await bundleNow()).length);
    const endpoints = bundle.entry.map(({ resource }) => resource).filter((one) => one.resourceType === 'Endpoint');
    expect(endpoints.map(({ address }) => address)).toEqual([`${server.config.publicUrl}${R4}`]);
    const again = await get('/service-base-urls-r4.json', { 'if-none-match': String(answer.headers['etag']) });
    expect({
      status: again.statusCode,
      accessControlAllowOrigin: again.headers['access-control-allow-origin'],
    }).toEqual({ status: 304, accessControlAllowOrigin: '*' });
  });

  it('CORS: is open with 200, 304 and 404, and to a preflight', async () => {
    await server.runMaintenance();
    const first = await get('/brands.json');
    const tag = String(first.headers['etag']);
    const again = await get('/brands.json', { 'if-none-match': tag });
    const lost = await get('/brands/Endpoint/nothing');
    expect({ first: first.statusCode, again: again.statusCode, lost: lost.statusCode }).toEqual({
      first: 200,
      again: 304,
      lost: 404,
    });
    for (const { headers } of [first, again, lost]) expect(headers['access-control-allow-origin']).toBe('*');
    expect(String(first.headers['access-control-expose-headers'])).toContain('etag');
    const preflight = await server.app.inject({
      method: 'OPTIONS',
      url: '/brands.json',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'if-none-match',
      },
    });
    expect({
      status: preflight.statusCode,
      accessControlAllowOrigin: preflight.headers['access-control-allow-origin'],
    }).toEqual({ status: 204, accessControlAllowOrigin: '*' });
    expect(String(preflight.headers['access-control-allow-headers'])).toContain('if-none-match');
  });

  it('RFC 9110 §13.1.2: has a weak ETag that matches weakly, in a list, or with *', async () => {
    await server.runMaintenance();
    const first = await get('/brands.json');
    const tag = String(first.headers['etag']);
    expect(tag).toMatch(/^W\/"[^"]+"$/);
    expect(first.headers['cache-control']).toMatch(/^public, max-age=\d+$/);
    for (const header of [tag, tag.replace('W/', ''), `"other", ${tag}`, '*']) {
      const answer = await get('/brands.json', { 'if-none-match': header });
      expect({ status: answer.statusCode, body: answer.body, etag: answer.headers['etag'] }, header).toEqual({
        status: 304,
        body: '',
        etag: tag,
      });
    }
    expect((await get('/brands.json', { 'if-none-match': '"other"' })).statusCode).toBe(200);
    const head = await server.app.inject({ method: 'HEAD', url: '/brands.json' });
    expect({ status: head.statusCode, body: head.body, etag: head.headers['etag'] }).toEqual({
      status: 200,
      body: '',
      etag: tag,
    });
  });

  it('has each resource at its fullUrl', async () => {
    await server.runMaintenance();
    const { entry } = await bundleNow();
    for (const { fullUrl, resource } of entry) {
      const answer = await get(new URL(fullUrl).pathname);
      expect(answer.json()).toEqual(resource);
    }
  });

  it('SMART App Launch 2.2: is named by both bases with the identifier of exactly one brand in it', async () => {
    await server.runMaintenance();
    for (const base of [R4, DSTU2]) {
      const { user_access_brand_bundle: address, user_access_brand_identifier: identifier } = (
        await get(`${base}/.well-known/smart-configuration`)
      ).json();
      const { pathname } = new URL(address);
      const brands = brandsIn((await get(pathname)).json()).filter(({ identifier: own = [] }) =>
        own.some(({ system, value }) => system === identifier.system && value === identifier.value),
      );
      expect(brands.map(({ name }) => name)).toEqual(['Live practice']);
    }
  });

  it('has the installation as main brand if there are several practices, and the identifier stays', async () => {
    await server.runMaintenance();
    const before = (await get(`${R4}/.well-known/smart-configuration`)).json().user_access_brand_identifier;
    await addAnotherPractice(server, 'Hillside Pediatrics');
    await server.runMaintenance();
    const after = (await get(`${R4}/.well-known/smart-configuration`)).json().user_access_brand_identifier;
    expect(after).toEqual(before);
    const main = brandsIn(await bundleNow()).filter(({ identifier = [] }) =>
      identifier.some(({ value }) => value === after.value),
    );
    expect(main.map(({ name, endpoint }) => [name, endpoint?.length])).toEqual([['Patient Access', 2]]);
  });

  it('marks the sandbox as test data, and omits a practice whose API is off', async () => {
    await server.runMaintenance();
    const sandbox = brandsIn(await bundleNow()).find(({ name }) => name === 'Sandbox Family Practice');
    expect(sandbox?.meta?.tag).toEqual([expect.objectContaining({ code: 'HTEST' })]);
    await set('enabled = false', SANDBOX_PRACTICE);
    await server.runMaintenance();
    expect(brandsIn(await bundleNow()).map(({ name }) => name)).toEqual(['Live practice', 'Sandbox Heart Clinic']);
  });

  it('keeps ids when a practice changes, and only changed entries get a new meta.lastUpdated', async () => {
    await server.runMaintenance();
    const before = await bundleNow();
    server.clock.advance(60_000);
    await set(`name = 'Lakeside', website = 'https://www.lakeside.example/', logo = '\\x01', logo_type = 'image/png'`);
    await server.runMaintenance();
    const after = await bundleNow();
    const byId = new Map(before.entry.map(({ resource }) => [resource.id, resource.meta?.lastUpdated]));
    const lakeside = brandsIn(after).find(({ name }) => name === 'Lakeside');
    expect(lakeside?.identifier?.map(({ value }) => value)).toContain('https://lakeside.example');
    expect(lakeside?.extension?.[0]?.extension?.[0]?.valueUrl).toMatch(/\/brand\/2\/logo\?v=[0-9a-f]{8}$/);
    for (const { resource } of after.entry)
      expect(resource.meta?.lastUpdated === byId.get(resource.id), `${resource.name}`).toEqual(
        resource.name !== 'Lakeside',
      );
    expect(String(after.timestamp) > String(before.timestamp)).toBe(true);
  });
});

describe('publishing', () => {
  it('creates no new version for the same content', async () => {
    await server.runMaintenance();
    server.clock.advance(3_600_000);
    await server.runMaintenance();
    const { body } = await (await signInReviewer(server)).call('POST', '/review/brands/publish');
    expect({ version: body.version, versions: await versions() }).toEqual({ version: 1, versions: [1] });
  });

  it('creates one version for concurrent requests', async () => {
    await server.runMaintenance();
    await set(`name = 'Lakeside'`);
    const admin = await signInReviewer(server);
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => admin.call('POST', '/review/brands/publish')),
      server.runMaintenance(),
      server.runMaintenance(),
    ]);
    expect(answers.map((answer) => (answer === undefined ? 2 : answer.body.version))).toEqual(Array(8).fill(2));
    expect(await versions()).toEqual([1, 2]);
  });

  it('is blocked by an error, which is reported with its rule, and the last valid version stays', async () => {
    await startOwn({ PUBLIC_URL: 'https://api.example' });
    await set(`name = 'Lakeside'`);
    await server.runMaintenance();
    const valid = (await get('/brands.json')).body;
    await set(`name = 'Live practice'`);
    await server.runMaintenance();
    expect((await get('/brands.json')).body).toBe(valid);
    const { session } = await signInReviewer(server);
    // Over https the cookies have other names.
    const headers = { cookie: `__Host-session=${session}` };
    const page = await server.app.inject({ url: '/api/session', headers });
    const url = '/api/review/brands/publish';
    const rejected = await server.app.inject({
      method: 'POST',
      url,
      headers: { ...headers, 'x-csrf-token': page.json().csrf },
    });
    expect({ status: rejected.statusCode, code: rejected.json().code }).toEqual({ status: 409, code: 'conflict' });
    expect(rejected.json().detail).toContain('placeholder-name (Live practice)');
    const body = (await server.app.inject({ url: '/api/review/brands', headers })).json();
    expect(body.published.version).toBe(1);
    expect(body.findings[0]).toMatchObject({ check: 'placeholder-name', severity: 'fault', name: 'Live practice' });
    expect(body.findings[0].message).toContain('Rename the practice');
    expect(await versions()).toEqual([1]);
  });

  it('does not happen at the first start of an https server whose practice has no name yet', async () => {
    await startOwn({ PUBLIC_URL: 'https://api.example' });
    await server.runMaintenance();
    expect((await get('/brands.json')).statusCode).toBe(404);
    await set(`name = 'Lakeside'`);
    await server.runMaintenance();
    const bundle = await bundleNow();
    expect(bundle.entry.every(({ fullUrl }) => fullUrl.startsWith('https://api.example/'))).toBe(true);
  });

  it('records who, when and what changed, and a version is read as it was published', async () => {
    await server.runMaintenance();
    await set(`name = 'Lakeside', address = E'1 Lake Road\\nSpringfield, IL 62701'`);
    const admin = await signInReviewer(server, 'Ada Min');
    await admin.call('POST', '/review/brands/publish');
    const { body } = await admin.call('GET', '/review/brands');
    expect(body.history.map(({ version, by }: { version: number; by: string }) => [version, by])).toEqual([
      [2, 'Ada Min'],
      [1, null],
    ]);
    expect(body.history[0].changes).toEqual([
      { what: 'changed', type: 'Organization', name: 'Lakeside', fields: ['extension', 'name', 'address'] },
    ]);
    const first = await admin.call('GET', '/review/brands/versions/1');
    expect(brandsIn(first.body.bundle)[0]?.name).toBe('Live practice');
    const second = await admin.call('GET', '/review/brands/versions/2');
    expect(second.body.bundle).toEqual(await bundleNow());
    expect((await admin.call('GET', '/review/brands/versions/3')).status).toBe(404);
  });

  it('can be previewed', async () => {
    await server.runMaintenance();
    await set(`name = 'Lakeside'`);
    const admin = await signInReviewer(server);
    const { body } = await admin.call('GET', '/review/brands');
    expect(body.changes).toEqual([expect.objectContaining({ what: 'changed', name: 'Lakeside' })]);
    const draft = await admin.call('GET', '/review/brands/draft');
    expect({ version: draft.body.version, name: brandsIn(draft.body.bundle)[0]?.name }).toEqual({
      version: 2,
      name: 'Lakeside',
    });
  });

  it('is in the audit log', async () => {
    await server.runMaintenance();
    const rows = await server.db.queryText<{ detail: object }>(
      `select detail from audit_event where kind = 'brands'`,
      [],
    );
    expect(rows.map(({ detail }) => detail)).toEqual([{ action: 'publish', version: 1, changes: 5 }]);
  });
});
