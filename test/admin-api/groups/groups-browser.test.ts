import type { Page } from 'playwright-core';
import { beforeEach, expect, it, vi } from 'vitest';
import {
  expectNoProblems,
  expectNoProblemsAnywhere,
  openPortal,
  type WindowOptions,
} from '../../support/browser/portal-browser.ts';
import { signInReviewer } from '../../support/people/developer-portal.ts';

vi.setConfig({ testTimeout: 90_000 });

let admin: Awaited<ReturnType<typeof signInReviewer>>;
const portal = openPortal(async (server) => {
  admin = await signInReviewer(server);
}, {});
const { newPage, open } = portal;

beforeEach(async () => {
  await portal.server.db.queryText('delete from patient_group_member', []);
  await portal.server.db.queryText('delete from patient_group', []);
});

/** Ids of two patients of the first practice that has patients. */
const patientsOf = async (): Promise<readonly string[]> =>
  (
    await portal.server.db.queryText<{ patient_id: string }>(
      'select patient_id from record where practice_id = (select min(practice_id) from record) order by record_id limit 2',
      [],
    )
  ).map(({ patient_id }) => patient_id);

const practiceOf = async (): Promise<number | undefined> =>
  (await portal.server.db.queryText<{ id: number }>('select min(practice_id) as id from record', []))[0]?.id;

const make = async (name: string, everyone: boolean): Promise<void> => {
  const body = { practiceId: await practiceOf(), name, everyone, patients: everyone ? [] : await patientsOf() };
  expect((await admin.call('POST', '/review/groups', body)).status).toBe(201);
};

const signedIn = (reader: WindowOptions = {}): Promise<Page> => newPage({ ...reader, session: admin.session });

it('an administrator creates a group of named patients, changes its members and deletes it', async () => {
  const page = await signedIn();
  await open(page, '/review/groups', 'Patient groups');
  await page.getByText('No groups', { exact: true }).waitFor();
  await expectNoProblems(page, 'without groups');
  await page.getByRole('button', { name: 'New group' }).press('Enter');
  // The page behind the form has a choice of practices too.
  await page.getByLabel('Patient IDs').waitFor();
  await page
    .getByLabel('Practice', { exact: true })
    .last()
    .selectOption(String(await practiceOf()));
  await page.getByLabel('Name', { exact: true }).fill('Diabetes');
  const [one = '', other = ''] = await patientsOf();
  await page.getByLabel('Patient IDs').fill(`${one}\nnobody`);
  await page.getByRole('button', { name: 'Create group' }).click();
  await page.getByRole('alert').getByText('no patients with these IDs: nobody').waitFor();
  await expectNoProblemsAnywhere(page, 'the form, refused');
  await page.getByLabel('Patient IDs').fill(one);
  await page.getByRole('button', { name: 'Create group' }).press('Enter');
  await page.getByText('Group “Diabetes” created.').waitFor();
  await page.getByText('1 patient', { exact: false }).waitFor();

  await page.getByRole('button', { name: 'Change members: Diabetes' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Add patients').fill(other);
  await expectNoProblems(page, 'changing members');
  await dialog.getByRole('button', { name: 'Change members' }).click();
  await page.getByText('1 added, 0 removed.').waitFor();
  await page.getByText('2 patients', { exact: false }).waitFor();

  await page.getByRole('button', { name: 'Delete group: Diabetes' }).click();
  await dialog.getByText('Patients and their records are not affected.').waitFor();
  await expectNoProblems(page, 'removing');
  await dialog.getByRole('button', { name: 'Delete group', exact: true }).press('Enter');
  await page.getByText('Group “Diabetes” deleted.').waitFor();
  await page.getByText('No groups', { exact: true }).waitFor();
});

it('the practice filter is in the URL, and there are no accessibility violations at either width, light and dark', async () => {
  await make('Everyone at the practice', true);
  await make(`With a name that is as long as it may be ${'and longer '.repeat(7)}`.trim(), false);
  const page = await signedIn();
  await open(page, '/review/groups');
  await page.getByText('Everyone at the practice').waitFor();
  await expectNoProblemsAnywhere(page, 'two groups');
  await page.getByLabel('Practice', { exact: true }).selectOption({ index: 2 });
  await page.getByText('This practice has no groups.').waitFor();
  expect(new URL(page.url()).searchParams.get('practice')).not.toBeNull();
});

it('the groups page is in Spanish for a Spanish reader', async () => {
  const page = await signedIn({ locale: 'es-US' });
  await open(page, '/review/groups?new=group', 'Grupos de pacientes');
  await page.getByRole('button', { name: 'Crear grupo' }).click();
  await page.getByRole('alert').getByText('Este campo es obligatorio.').waitFor();
});

it('the groups page reports errors, and can be retried', async () => {
  const page = await signedIn();
  await page.route('**/api/review/groups', (route) => route.abort());
  await open(page, '/review/groups');
  await page.getByRole('alert').getByText('can’t be reached').waitFor({ timeout: 60_000 });
  await expectNoProblems(page, 'not reached');
  await page.unroute('**/api/review/groups');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('No groups', { exact: true }).waitFor();
});
