import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeServedTypes, dstu2, r4 } from '../../../src/fhir/index.ts';
import { categoryKeys } from '../../../src/oauth/scopes/resource-categories.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { offerOf, pageOf } from '../../support/oauth/consent-offer.ts';
import {
  connectApp,
  DSTU2,
  type Fields,
  getFhir,
  PatientBrowser,
  R4,
  requestToken,
  SANDBOX_PATIENT,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const types = describeServedTypes([r4, dstu2]);
/** Keys of all consent items for a scope. */
const keys = (scope: string) =>
  pageOf(offerOf(scope, { types })).groups.flatMap(({ items }) => items.map(({ key }) => key));
const but = (all: readonly string[], ...without: string[]) => all.filter((key) => !without.includes(key));

const CONDITION = categoryKeys('Condition');
const LAB = 'category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory';

describe('a token of a narrowed grant reads', () => {
  let server: TestServer;
  let app: TestApp & { readonly client_secret: string };
  beforeAll(async () => {
    server = await startServer();
    app = await addApp(server);
  });
  afterAll(() => server.close());

  interface Entry {
    readonly id: string;
    readonly category?: { coding?: { code?: string }[] } | { coding?: { code?: string }[] }[];
  }
  const search = async (url: string, token: string): Promise<readonly Entry[]> => {
    const answer = await getFhir(server.app, `${url}?_count=1000`, token);
    expect(answer.statusCode, url).toBe(200);
    return (answer.json().entry ?? []).map(({ resource }: { resource: Entry }) => resource);
  };
  const codesOf = ({ category = [] }: Entry) =>
    [category].flat().flatMap(({ coding = [] }) => coding.map(({ code }) => code));
  const has = (code: string) => (entry: Entry) => codesOf(entry).includes(code);
  const allKeys = keys('patient/*.rs');
  /** Authorizes apps in one browser. The account is a shared one, so earlier choices apply only in the same browser. */
  const inOneBrowser = () => {
    const browser = new PatientBrowser(server.app);
    return (query: Fields = {}, changes: Fields = {}) =>
      connectApp(server.app, app, query, changes, SANDBOX_PATIENT, browser);
  };

  it('everything, if everything is allowed', async () => {
    const { access_token } = await connectApp(server.app, app);
    const found = await search(`${R4}/Observation`, access_token);
    for (const code of ['laboratory', 'vital-signs', 'social-history']) expect(found.some(has(code)), code).toBe(true);
  });

  it('nothing of a denied category: no search match, 404 for a read, and other categories unchanged', async () => {
    const all = await search(`${R4}/Observation`, (await connectApp(server.app, app)).access_token);
    const token = await connectApp(server.app, app, {}, { allow: but(allKeys, 'Observation:laboratory') });
    const left = await search(`${R4}/Observation`, token.access_token);
    expect(left.map(({ id }) => id).sort()).toEqual(
      all
        .filter((one) => !has('laboratory')(one))
        .map(({ id }) => id)
        .sort(),
    );
    const read = async (code: string) =>
      (await getFhir(server.app, `${R4}/Observation/${all.find(has(code))?.id}`, token.access_token)).statusCode;
    expect({ laboratory: await read('laboratory'), vitalSigns: await read('vital-signs') }).toEqual({
      laboratory: 404,
      vitalSigns: 200,
    });
  });

  it('the same in DSTU2', async () => {
    const allow = but(allKeys, 'Observation:laboratory', 'Condition:problem-list-item');
    const { access_token } = await connectApp(server.app, app, {}, { allow });
    const observations = await search(`${DSTU2}/Observation`, access_token);
    expect(observations.some(has('vital-signs'))).toBe(true);
    expect(observations.filter(has('laboratory'))).toEqual([]);
    const conditions = await search(`${DSTU2}/Condition`, access_token);
    expect(conditions.some(has('diagnosis'))).toBe(true);
    expect(conditions.filter(has('problem'))).toEqual([]);
  });

  it('ONC § 170.315(g)(10): by v2 scopes with categories, without resource-level scopes of Condition and Observation', async () => {
    const allow = but(allKeys, 'Observation:sdoh', 'Condition:health-concern');
    const scope = 'launch/patient openid patient/Patient.read patient/Condition.read patient/Observation.read';
    const granted = (await connectApp(server.app, app, { scope }, { allow })).scope.split(' ');
    expect(granted.slice(0, 3)).toEqual(['launch/patient', 'openid', 'patient/Patient.rs']);
    for (const type of ['Condition', 'Observation']) {
      const own = granted.filter((one) => one.includes(`/${type}.`));
      expect(own.length).toBeGreaterThan(0);
      for (const one of own) expect(one).toMatch(new RegExp(`^patient/${type}\\.rs\\?category=http[^|]+\\|[\\w-]+$`));
    }
    expect(granted.join(' ')).not.toMatch(/sdoh|health-concern/);
  });

  it('only the category of a requested granular scope', async () => {
    const token = await connectApp(server.app, app, { scope: `patient/Observation.rs?${LAB}` });
    expect(token.scope).toBe(`patient/Observation.rs?${LAB}`);
    const found = await search(`${R4}/Observation`, token.access_token);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every(has('laboratory'))).toBe(true);
    expect((await getFhir(server.app, `${R4}/Condition`, token.access_token)).statusCode).toBe(403);
  });

  it('a type with all its categories denied gets 403', async () => {
    const { access_token } = await connectApp(server.app, app, {}, { allow: but(allKeys, ...CONDITION) });
    expect((await getFhir(server.app, `${R4}/Condition`, access_token)).statusCode).toBe(403);
  });

  it('RFC 6749 §6: a refresh may request exactly the granted scope, however long that is', async () => {
    const { client_id, client_secret } = app;
    const scope = 'launch/patient offline_access patient/*.read patient/*.rs patient/*.r patient/*.s';
    const connected = await connectApp(server.app, app, { scope }, { allow: but(allKeys, 'Observation:sdoh') });
    expect(connected.scope.length).toBeGreaterThan(3000);
    const refresh = (requested: string, refresh_token = '') =>
      requestToken(server.app, {
        grant_type: 'refresh_token',
        refresh_token,
        client_id,
        client_secret,
        scope: requested,
      });
    const same = await refresh(connected.scope, connected.refresh_token);
    expect(same.scope).toBe(connected.scope);
    const [last = ''] = connected.scope.split(' ').slice(-1);
    expect((await refresh(last, same.refresh_token)).scope).toBe(last);
  });

  it('a refresh cannot restore a denied category, and is rejected if nothing remains', async () => {
    const { client_id, client_secret } = app;
    const again = inOneBrowser();
    const older = await again({}, { allow: allKeys });
    const without = but(allKeys, 'Observation:laboratory', ...CONDITION);
    await again({}, { allow: without, earlier: 'yes' });
    const refresh = (scope: string, refresh_token = '') =>
      requestToken(server.app, { grant_type: 'refresh_token', refresh_token, client_id, client_secret, scope });
    const some = await refresh('patient/Observation.rs?category=LAB,laboratory,foo', older.refresh_token);
    expect(some).toMatchObject({ status: 200 });
    expect(some.scope).toMatch(/^patient\/Observation\.rs\?category=http\S+vital-signs&category=LAB,foo/m);
    expect(some.scope).not.toMatch(/laboratory/);
    const none = await refresh('patient/Condition.rs', some.refresh_token);
    expect({ status: none.status, error: none.error }).toEqual({ status: 400, error: 'invalid_scope' });
    expect((await refresh('patient/Patient.rs', some.refresh_token)).status).toBe(200);
  });

  it('a category that is removed from earlier access is removed from its tokens, and their refresh says so', async () => {
    const { client_id, client_secret } = app;
    const again = inOneBrowser();
    const older = await again();
    const less = { scope: `patient/Observation.rs?${LAB} patient/Patient.rs` };
    await again(less, { allow: [], earlier: 'yes' });
    server.clock.advance(1001);
    expect((await search(`${R4}/Observation`, older.access_token)).filter(has('laboratory'))).toEqual([]);
    const refreshed = await requestToken(server.app, {
      grant_type: 'refresh_token',
      refresh_token: older.refresh_token ?? '',
      client_id,
      client_secret,
    });
    expect(refreshed.scope).toContain('vital-signs');
    expect(refreshed.scope).not.toMatch(/laboratory|Observation\.rs( |$)/);
  });
});
