import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp } from '../support/apps/apps.ts';
import { attributeOf, textsOf } from '../support/browser/html.ts';
import { connectApp, getFhir, R4 } from '../support/people/patient.ts';
import {
  addAnotherPractice,
  LIVE_PRACTICE,
  SANDBOX_PRACTICE,
  type SignedInStaff,
  signInStaff,
} from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const HERE = `/practice/${SANDBOX_PRACTICE}/apps`;
const SCOPE = { scope: 'launch/patient patient/*.rs' };

let server: TestServer;
let boss: SignedInStaff;
beforeAll(async () => {
  server = await startServer();
  boss = await signInStaff(server, ['administrator'], [SANDBOX_PRACTICE]);
});
afterAll(() => server.close());

const rowOf = async (name: string): Promise<string | undefined> =>
  textsOf(await boss.browser.get(HERE), 'li:has(> b:first-child)').find((text) => text.startsWith(`${name} `));
const barOf = async (name: string): Promise<string | undefined> =>
  attributeOf(await boss.browser.get(HERE), `li:has(> b:contains("${name}")) .fill`, 'width');

describe('the apps that a practice’s patients use', () => {
  it('are none at first', async () => {
    const other = await addAnotherPractice(server, 'New Practice');
    const first = await signInStaff(server, ['administrator'], [other]);
    expect((await first.browser.get(`/practice/${other}/apps`)).body).toContain('No connected apps yet.');
  });

  it('are listed with the number of patients, developer, first and last use, and never with names', async () => {
    const used = await addApp(server, { name: 'Well Used' });
    await server.db.queryText(`update app set developer = 'Makers & Co', verified_at = now() where client_id = $1`, [
      used.client_id,
    ]);
    const { access_token: token, patient } = await connectApp(server.app, used, SCOPE);
    expect(await rowOf('Well Used')).toMatch(/Developer: Makers & Co, verified .*1 patient .*no data read yet/);
    await getFhir(server.app, `${R4}/Patient/${patient}`, token);
    expect(await rowOf('Well Used')).toMatch(/Since \w+ \d+, 20\d\d · last read \w+ \d+, 20\d\d at \d/);
    await connectApp(server.app, used, SCOPE);
    expect(await rowOf('Well Used')).toMatch(/\b1 patient /);
    expect((await boss.browser.get(HERE)).body).not.toContain('Larkspur');
  });

  it('have bars relative to the most used app, with the number in words', async () => {
    await connectApp(server.app, await addApp(server, { name: 'Seldom Used' }), SCOPE);
    const other = await addApp(server, { name: 'Other One' });
    await connectApp(server.app, other, SCOPE);
    const records = await server.db.queryText<{ record_id: number }>(
      'select record_id from record where practice_id = 1 order by record_id limit 3',
      [],
    );
    for (const { record_id } of records) {
      await server.db.queryText(
        `with g as (insert into consent_grant (grant_id, account_id, client_id, record_id, granted_at)
           select gen_random_uuid(), gen_random_uuid(), $1, $2, now() returning grant_id)
         insert into token_family (family_id, grant_id, scope, created_at, record_id) select gen_random_uuid()::text, grant_id, '', now(), $2 from g`,
        [other.client_id, record_id],
      );
    }
    expect(await barOf('Other One')).toBe('100.0%');
    expect(await rowOf('Other One')).toMatch(/ [34] patients /);
    expect(await barOf('Seldom Used')).toMatch(/^(25|33)\.\d%$/);
    expect(await rowOf('Seldom Used')).toMatch(/ 1 patient /);
    const { body } = await boss.browser.get(HERE);
    expect(body.indexOf('Other One')).toBeLessThan(body.indexOf('Seldom Used'));
  });

  it('do not include an app whose access ended', async () => {
    const ended = await addApp(server, { name: 'Gone' });
    await connectApp(server.app, ended, SCOPE);
    expect(await rowOf('Gone')).toBeDefined();
    await server.db.queryText(
      'update token_family f set revoked_at = now() from consent_grant g where g.grant_id = f.grant_id and g.client_id = $1',
      [ended.client_id],
    );
    expect(await rowOf('Gone')).toBeUndefined();
  });

  it('are counted every hour at a practice with many patients, and the page says when', async () => {
    const practice = await addAnotherPractice(server, 'Large Practice');
    const staff = await signInStaff(server, ['administrator'], [practice]);
    const page = () => staff.browser.get(`/practice/${practice}/apps`);
    const large = await addApp(server, { name: 'Large App' });
    await server.db.queryText(
      `insert into record (record_id, practice_id, patient_id)
       select 5000000 + n, $1, gen_random_uuid() from generate_series(1, 2100) n`,
      [practice],
    );
    await server.db.queryText(
      `with g as (
         insert into consent_grant (grant_id, account_id, client_id, record_id, granted_at)
         select gen_random_uuid(), gen_random_uuid(), $1, record_id, now() from record where practice_id = $2 and record_id % 2 = 0
         returning grant_id, record_id)
       insert into token_family (family_id, grant_id, scope, created_at, record_id)
       select gen_random_uuid()::text, grant_id, '', now(), record_id from g`,
      [large.client_id, practice],
    );
    expect((await page()).body).toContain('haven’t been counted yet');
    await server.purgeExpired();
    const counted = await page();
    expect(textsOf(counted, 'li:has(> b:first-child)')).toEqual([
      expect.stringMatching(/^Large App .* 1,050 patients /),
    ]);
    expect(counted.body).toMatch(/Apps and patients were counted on \w+ \d+, 20\d\d at /);
    await server.db.queryText('update consent_grant set revoked_at = now() where client_id = $1', [large.client_id]);
    await server.purgeExpired();
    expect((await page()).body).not.toContain('Large App');
  });

  it('are visible to administrators and privacy officers of that practice only', async () => {
    const officer = await signInStaff(server, ['privacy-officer'], [SANDBOX_PRACTICE]);
    expect((await officer.browser.get(HERE)).body).toContain('Data access report');
    const elsewhere = await signInStaff(server, ['administrator'], [LIVE_PRACTICE]);
    expect((await elsewhere.browser.get(HERE)).status).toBe(404);
    expect((await elsewhere.browser.get(`/practice/${LIVE_PRACTICE}/apps`)).body).toContain('No connected apps yet.');
  });
});
