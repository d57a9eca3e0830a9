import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp } from '../../../support/apps/apps.ts';
import {
  authorizationCode,
  checkedItems,
  DSTU2,
  encodeForm,
  getFhir,
  PatientBrowser,
  R4,
  requestToken,
} from '../../../support/people/patient.ts';
import { startServer, type TestServer } from '../../../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

interface ConsentOptions {
  readonly apis: readonly ('r4' | 'dstu2')[];
  readonly scope: string;
  /** Data categories that the person declines. */
  readonly denied?: readonly string[];
}

/**
 * Opens the consent page of a new app and submits it.
 * @returns the data categories that the page offers, and the resulting token
 */
async function ask({ apis, scope, denied = [] }: ConsentOptions) {
  const app = await addApp(server, { apis, scope: `launch/patient ${scope}` });
  const { client_id, client_secret, redirect_uri } = app;
  const browser = new PatientBrowser(server.app);
  const page = await browser.authorize({
    response_type: 'code',
    client_id,
    redirect_uri,
    scope: `launch/patient ${scope}`,
  });
  const lines = checkedItems(page.body);
  const done = await browser.submitConsent(page, { allow: lines.filter((line) => !denied.includes(line)) });
  const code = authorizationCode(done);
  const form = { grant_type: 'authorization_code', code, redirect_uri, client_id, client_secret };
  return { lines, ...(await requestToken(server.app, form)) };
}

/** Counts the resources by type and by the part of their id that tells the stored type. */
async function formsOf(token: string, path: string): Promise<readonly string[]> {
  const answer = await getFhir(server.app, `${DSTU2}/${path}`, token);
  expect(answer.statusCode, answer.body).toBe(200);
  const { entry = [] } = answer.json() as { entry?: { resource: { id: string } }[] };
  const prefixes = entry.map(({ resource }) => /^[a-z]+-(?=.{36}$)/.exec(resource.id)?.[0] ?? '');
  return [...new Set(prefixes)].toSorted();
}

describe('a DSTU2 type that covers several data categories', () => {
  it('is requested by category, and returns what was granted', async () => {
    const { lines, scope, access_token } = await ask({ apis: ['dstu2'], scope: 'patient/CarePlan.read' });
    expect(lines).toEqual(expect.arrayContaining(['CarePlan', 'CareTeam']));
    expect(scope.split(' ').toSorted()).toEqual(['launch/patient', 'patient/CarePlan.read', 'patient/CareTeam.read']);
    expect(await formsOf(access_token, 'CarePlan')).toEqual(['', 'careteam-']);
    expect(await formsOf(access_token, 'CarePlan?category=careteam')).toEqual(['careteam-']);
    expect((await getFhir(server.app, `${R4}/CareTeam`, access_token)).statusCode).toBe(403);
  });

  it.each([
    [['CareTeam'], ['']],
    [['CarePlan'], ['careteam-']],
  ])('doesn’t return the declined %j', async (denied, forms) => {
    const { access_token, scope } = await ask({ apis: ['dstu2'], scope: 'patient/CarePlan.read', denied });
    expect(await formsOf(access_token, 'CarePlan')).toEqual(forms);
    expect(scope).not.toContain(`patient/${denied[0]}.`);
  });

  it('works the same for prescriptions, which DSTU2 has as MedicationStatement', async () => {
    const { lines, scope, access_token } = await ask({ apis: ['dstu2'], scope: 'patient/MedicationStatement.read' });
    expect(lines).toEqual(expect.arrayContaining(['MedicationStatement', 'MedicationRequest']));
    expect(scope).toContain('patient/MedicationOrder.read');
    expect(await formsOf(access_token, 'MedicationStatement')).toContain('medicationrequest-');
  });

  it('is one category for an app that also has R4, where each has its own type', async () => {
    const { lines, scope, access_token } = await ask({ apis: ['r4', 'dstu2'], scope: 'patient/CarePlan.read' });
    expect(lines).not.toContain('CareTeam');
    expect(scope).toBe('launch/patient patient/CarePlan.read');
    expect(await formsOf(access_token, 'CarePlan')).toEqual(['']);
    expect((await getFhir(server.app, `${R4}/CareTeam`, access_token)).statusCode).toBe(403);
  });

  it('grants no more than is registered, and nothing twice', async () => {
    const narrow = await ask({ apis: ['dstu2'], scope: 'patient/CarePlan.r' });
    expect(narrow.scope).toBe('launch/patient patient/CarePlan.r patient/CareTeam.r');
    const both = await ask({ apis: ['dstu2'], scope: 'patient/CareTeam.read patient/CarePlan.read' });
    expect(both.scope).toBe('launch/patient patient/CareTeam.read patient/CarePlan.read');
    const app = await addApp(server, { apis: ['dstu2'], scope: 'patient/Observation.read' });
    const query = encodeForm({ response_type: 'code', ...app, client_secret: '', scope: 'patient/CarePlan.read' });
    const { location = '' } = await new PatientBrowser(server.app).get(`/nge/prod/patient-oauth/authorize?${query}`);
    expect(new URL(location, 'http://localhost').searchParams.get('error')).toBe('invalid_scope');
  });
});
