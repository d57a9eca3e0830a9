import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days } from '../../src/kernel/index.ts';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { attributesOf, hiddenFields, linksOf, textOf, textsOf } from '../support/browser/html.ts';
import { connectApp, getFhir, R4 } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { addPatientWithRecord, signInBrowser } from './patients.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server, { name: 'Walk With Me' });
});
afterAll(() => server.close());

/** Opens the overview of a new patient, before and after they connect the app. */
async function openAccount() {
  const person = await addPatientWithRecord(server);
  const browser = await signInBrowser(server, person);
  const base = `/account/${person.key}`;
  const connect = () => connectApp(server.app, app, {}, {}, person);
  return { browser, base, connect, overview: () => browser.get(base) };
}

describe('the overview', () => {
  it('of a record that no app can read leads to apps and to the other pages', async () => {
    const { base, overview } = await openAccount();
    const page = await overview();
    expect(textOf(page)).toContain('No app can read this record.');
    expect(textOf(page)).toContain('No one has read this record through an app.');
    expect(linksOf(page)).not.toContain('/demo');
    expect(linksOf(page)).toEqual(
      expect.arrayContaining([
        '/apps',
        ...['apps', 'log', 'record', 'downloads', 'receipts'].map((name) => `${base}/${name}`),
      ]),
    );
  });

  it('has the record first, then the connected apps and who read it', async () => {
    const { base, overview } = await openAccount();
    const page = await overview();
    const cards = attributesOf(page, '.overview h2 a', 'href');
    expect(cards).toEqual(['record', 'apps', 'log'].map((name) => `${base}/${name}`));
    expect(textOf(page, '.overview h2')).toBe('My record');
    expect(attributesOf(page, '#site-nav a', 'href').slice(0, 3)).toEqual([base, `${base}/record`, `${base}/apps`]);
  });

  it('names connected apps with their last read, and the latest reads', async () => {
    const { connect, overview } = await openAccount();
    expect((await connect()).access_token).toBeDefined();
    expect(textOf(await overview(), '.overview')).toContain('Walk With Me It has not read the record.');
    const { access_token: token = '' } = await connect();
    await getFhir(server.app, `${R4}/Patient`, token);
    await getFhir(server.app, `${R4}/Immunization`, token);
    const text = textOf(await overview(), '.overview');
    expect(text).toContain('1 app can read this record.');
    expect(text).toMatch(/Walk With Me Last read on \w+ \d+, \d{4} at /);
    expect(text).toMatch(
      /Latest reads Walk With Me Vaccinations, \w+ \d+, \d{4} at .* Walk With Me Personal details, /,
    );
  });

  it('lists changes of access for 30 days, the latest first', async () => {
    const { browser, base, connect, overview } = await openAccount();
    await connect();
    const grant = linksOf(await browser.get(`${base}/apps`)).find((link) => link.endsWith('/disconnect')) ?? '';
    server.clock.advance(1000);
    await browser.post(grant, hiddenFields((await browser.get(grant)).body));
    const changes = async () => textsOf(await overview(), '.changes li');
    expect(await changes()).toEqual([
      expect.stringMatching(/^Walk With Me lost access on \w+ \d+, \d{4}\.$/),
      expect.stringMatching(/^You gave Walk With Me access on \w+ \d+, \d{4}\.$/),
    ]);
    await server.db.queryText(
      `update consent_grant set granted_at = granted_at - $1 * interval '1 ms', revoked_at = revoked_at - $1 * interval '1 ms'
       where grant_id = $2`,
      [days(31), grant.split('/').at(-2)],
    );
    expect(await changes()).toEqual([]);
  });
});
