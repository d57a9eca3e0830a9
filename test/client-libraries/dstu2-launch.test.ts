import { Client } from 'fhir-kit-client';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import type { AppRegistration } from '../../src/apps/index.ts';
import { addApp } from '../support/apps/apps.ts';
import { openPortal } from '../support/browser/portal-browser.ts';
import { DSTU2, SANDBOX_PATIENT } from '../support/people/patient.ts';
import { SANDBOX_STAFF, startSandboxSession } from '../support/people/staff.ts';
import { fhirclientApp } from '../support/servers/fhirclient-app.ts';
import { type PageServer, servePages } from '../support/servers/page-server.ts';

// Apps from DSTU2's time, which have that API alone, are launched in a browser and then read with both libraries.

interface Found {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}
interface Bundle extends Found {
  readonly total: number;
  readonly entry?: readonly { readonly resource: Found }[];
}

const { files, startWith: beginWith } = fhirclientApp();
let site: PageServer;
const portal = openPortal(async () => {
  site = await servePages(files);
});
afterAll(() => site?.close());

/** Opens a page in a browser that has the server's clock and is signed in. */
async function newPage(who: { readonly username: string }): Promise<Page> {
  const page = await portal.newPage({ isDisposable: true, session: await startSandboxSession(portal.server, who) });
  await page.context().clock.setSystemTime(portal.server.clock.now());
  return page;
}

const addSiteApp = (options: Partial<AppRegistration>) =>
  addApp(portal.server, { auth: 'none', apis: ['dstu2'], redirectUris: [`${site.origin}/app`], ...options });

async function allow(on: Page): Promise<void> {
  await on.getByRole('button', { name: 'Allow' }).click();
  expect(await on.locator('#app', { hasText: /./ }).textContent()).toBe('Connected');
}

/** Evaluates an expression in the connected app, where `client` is the client object of the library. */
const run = <Result>(on: Page, expression: string): Promise<Result> => on.evaluate<Result>(expression);

/** Creates a fhir-kit-client with the access token of the app in the browser. */
async function kitOf(on: Page): Promise<{ kit: Client; patient: string }> {
  const bearerToken = await run<string>(on, 'client.getState("tokenResponse.access_token")');
  const patient = await run<string>(on, 'client.patient.id');
  return { kit: new Client({ baseUrl: `${portal.server.origin}${DSTU2}`, bearerToken }), patient };
}

describe('a patient’s app, standalone', () => {
  it('finds the careteam by CarePlan.read, as Argonaut specifies, and all medications', async () => {
    const on = await newPage(SANDBOX_PATIENT);
    const scope = 'launch/patient patient/Patient.read patient/CarePlan.read patient/MedicationStatement.read';
    const { client_id } = await addSiteApp({ scope });
    beginWith({ iss: `${portal.server.origin}${DSTU2}`, clientId: client_id, scope });
    await on.goto(`${site.origin}/launch`);
    expect(await on.getByLabel('Care plans').isChecked()).toBe(true);
    expect(await on.getByLabel('Care team').isChecked()).toBe(true);
    await allow(on);

    const categories = (category: string) =>
      `client.patient.request('CarePlan?category=${category}').then(({ entry }) => entry.map(({ resource }) => resource.category[0].coding[0].code))`;
    expect(new Set(await run<string[]>(on, categories('careteam')))).toEqual(new Set(['careteam']));
    expect(new Set(await run<string[]>(on, categories('assess-plan')))).toEqual(new Set(['assess-plan']));
    const ids = await run<string[]>(
      on,
      "client.patient.request('MedicationStatement').then(({ entry }) => entry.map(({ resource }) => resource.id))",
    );
    expect(ids.some((id) => id.startsWith('medicationrequest-'))).toBe(true);

    const { kit, patient } = await kitOf(on);
    const [team] =
      (
        (await kit.search({
          resourceType: 'CarePlan',
          searchParams: { patient, category: 'careteam' },
          options: { postSearch: true },
        })) as unknown as Bundle
      ).entry ?? [];
    const read = (await kit.read({ resourceType: 'CarePlan', id: team?.resource.id ?? '' })) as unknown as Found;
    expect(read).toEqual(team?.resource);
    await expect(kit.search({ resourceType: 'Observation', searchParams: { patient } })).rejects.toMatchObject({
      response: { status: 403, data: { resourceType: 'OperationOutcome' } },
    });
  });

  it('reads the whole record and its documents with both libraries', async () => {
    const on = await newPage(SANDBOX_PATIENT);
    const scope = 'launch/patient patient/*.read';
    const { client_id } = await addSiteApp({ scope });
    beginWith({ iss: `${portal.server.origin}${DSTU2}`, clientId: client_id, scope });
    await on.goto(`${site.origin}/launch`);
    await allow(on);

    const whole = await run<number>(
      on,
      "client.request('Patient/' + client.patient.id + '/$everything').then(({ entry }) => entry.length)",
    );
    const { kit, patient } = await kitOf(on);
    const everything = (await kit.operation({
      name: '$everything',
      resourceType: 'Patient',
      id: patient,
      method: 'GET',
    })) as unknown as Bundle;
    expect(everything.entry).toHaveLength(whole);
    expect(everything.total).toBeGreaterThan(100);
    const types = new Set(everything.entry?.map(({ resource }) => resource.resourceType));
    for (const type of ['Patient', 'MedicationOrder', 'MedicationStatement', 'CarePlan', 'Observation'])
      expect(types).toContain(type);
    expect(types).not.toContain('CareTeam');

    const documents = (await kit.operation({
      name: '$docref',
      resourceType: 'DocumentReference',
      method: 'GET',
      input: { patient },
    })) as unknown as Bundle;
    expect(documents.total).toBeGreaterThan(0);
    const contents = documents.entry?.[0]?.resource['content'] as
      | readonly { attachment: { url: string } }[]
      | undefined;
    const bytes = `fetch('${contents?.[0]?.attachment.url}', { headers: { authorization: client.getAuthorizationHeader() } })
      .then((answer) => answer.arrayBuffer().then((all) => [answer.status, all.byteLength > 0]))`;
    expect(await run(on, bytes)).toEqual([200, true]);
  });
});

describe('an app that staff open from the practice portal', () => {
  it('is launched with the DSTU2 API, the patient and the visit, and reads with both libraries', async () => {
    const on = await newPage(SANDBOX_STAFF);
    const scope = 'launch patient/*.read';
    const { client_id } = await addSiteApp({ kind: 'staff', launchUri: `${site.origin}/launch`, scope });
    beginWith({ clientId: client_id, scope });
    await on.goto(`${portal.server.origin}/practice/launch`);
    await on.getByLabel('Find a patient').fill('Larkspur');
    await on.getByRole('button', { name: 'Find' }).click();
    await on.getByRole('link', { name: /^Ana Marisol Larkspur/ }).click();
    await on.locator(`[name=app][value="${client_id}"]`).check();
    await on.getByLabel('Visit', { exact: true }).selectOption({ index: 1 });
    const encounter = await on.getByLabel('Visit', { exact: true }).inputValue();
    await on.getByRole('button', { name: 'Open the app' }).click();
    await allow(on);

    expect(await run(on, 'client.state.serverUrl')).toBe(`${portal.server.origin}${DSTU2}`);
    // A family name is a list in DSTU2.
    expect(await run(on, 'client.patient.read().then(({ name }) => name[0].family[0])')).toBe('Larkspur');
    expect(await run(on, 'client.encounter.read().then(({ id }) => id)')).toBe(encounter);
    const { kit, patient } = await kitOf(on);
    expect(await kit.read({ resourceType: 'Patient', id: patient })).toMatchObject({
      name: expect.arrayContaining([expect.objectContaining({ family: ['Larkspur'] })]),
    });
    expect(await kit.read({ resourceType: 'Encounter', id: encounter })).toMatchObject({
      patient: { reference: `Patient/${patient}` },
    });
  });
});
