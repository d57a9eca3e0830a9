import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addBackendApp,
  callApi,
  id,
  idsIn,
  LIVE,
  loadResources,
  patient,
  readFiles,
  runExport,
  SANDBOX,
} from '../../fhir/export/export-client.ts';
import { type ApiCaller, apiCaller, signInDeveloper, signInReviewer } from '../../support/people/developer-portal.ts';
import { PatientBrowser } from '../../support/people/patient.ts';
import { addAnotherPractice, signInStaff } from '../../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let admin: Awaited<ReturnType<typeof signInReviewer>>;
beforeAll(async () => {
  server = await startServer();
  admin = await signInReviewer(server);
  await loadResources(server, LIVE, [patient(1), patient(2), patient(3)]);
  await make({ name: 'Taken' });
});
afterAll(() => server.close());

const groupInput = (changes: object = {}) => ({
  practiceId: LIVE,
  name: 'Some',
  everyone: false,
  patients: [],
  ...changes,
});
const make = (changes: object = {}) => admin.call('POST', '/review/groups', groupInput(changes));
const listed = async (query = ''): Promise<string[]> =>
  (await admin.call('GET', `/review/groups${query}`)).body.groups.map(({ name }: { name: string }) => name);
const auditRowsOf = (groupId: string) =>
  server.db.queryText<{ account_id: string; kind: string; detail: Record<string, unknown> }>(
    "select account_id, kind, detail from audit_event where kind = 'practice' and detail->>'group' = $1",
    [groupId],
  );
/** Audit events of the same moment have no defined order, so they are sorted. */
const actsOn = async (groupId: string): Promise<readonly unknown[]> =>
  (await auditRowsOf(groupId)).map(({ detail }) => detail['action']).sort();

describe('access to groups', () => {
  const ANY = '00000000-0000-4000-8000-000000000000';
  const ROUTES = [
    ['GET', '/review/groups', undefined],
    ['POST', '/review/groups', groupInput({ name: 'Not allowed', everyone: true })],
    ['POST', `/review/groups/${ANY}/members`, { add: [], remove: [] }],
    ['DELETE', `/review/groups/${ANY}`, undefined],
  ] as const;

  it.each(ROUTES)(
    '%s %s: is denied without a session, to patients, developers and staff',
    async (method, path, body) => {
      const staff = await signInStaff(server, ['administrator', 'privacy-officer']);
      const sick = new PatientBrowser(server.app);
      await sick.signIn('/sign-in?return_to=/');
      const callers: [ApiCaller, number, string][] = [
        [apiCaller(server, undefined), 401, 'not-signed-in'],
        [await signInDeveloper(server), 403, 'wrong-account'],
        [apiCaller(server, staff.browser.cookie('session')), 403, 'wrong-account'],
        [apiCaller(server, sick.cookie('session')), 403, 'wrong-account'],
      ];
      for (const [caller, status, code] of callers) {
        const denial = await caller.call(method, path, body);
        expect({ status: denial.status, code: denial.body.code }).toEqual({ status, code });
      }
      expect(await listed()).not.toContain('Not allowed');
    },
  );

  it.each(ROUTES.filter(([method]) => method !== 'GET'))(
    '%s %s requires the CSRF token of the session’s pages',
    async (method, path, body) => {
      const denial = await admin.call(method, path, body, { 'x-csrf-token': 'x' });
      expect({ status: denial.status, code: denial.body.code }).toEqual({ status: 403, code: 'form-expired' });
    },
  );

  it('a shared sandbox account cannot change anything', async () => {
    const shared = await signInReviewer(server, 'Shared');
    await server.db.queryText('update account set published = true where account_id = $1', [shared.accountId]);
    const denial = await shared.call('POST', '/review/groups', groupInput());
    expect({ status: denial.status, code: denial.body.code }).toEqual({ status: 403, code: 'not-changeable' });
  });
});

describe('a patient group', () => {
  it('has patients of its practice, who are counted and never named, and a backend app can export it', async () => {
    const created = await make({ name: '  Diabetes ', patients: [id(1), id(2).toUpperCase(), id(1)] });
    expect({ status: created.status, body: created.body }).toEqual({
      status: 201,
      body: {
        groupId: expect.any(String),
        practiceId: LIVE,
        practice: expect.any(String),
        name: 'Diabetes',
        everyone: false,
        patients: 2,
        changedAt: expect.any(String),
      },
    });
    const { groupId } = created.body;
    const { body } = await admin.call('GET', '/review/groups');
    expect(body.groups).toContainEqual(created.body);
    expect(JSON.stringify([created.body, body])).not.toContain(id(1));
    const [event, ...more] = await auditRowsOf(groupId);
    expect(more).toEqual([]);
    expect(event).toMatchObject({ account_id: admin.accountId, kind: 'practice' });
    expect(event?.detail).toMatchObject({ action: 'group-add', practice: LIVE, patients: 3 });
    expect(JSON.stringify(event)).not.toContain(id(1));
    const token = await (await addBackendApp(server)).token();
    const { done } = await runExport(server, token, `/Group/${groupId}/$export?_type=Patient`);
    expect(idsIn(await readFiles(server, token, done), 'Patient')).toEqual([id(1), id(2)]);
  });

  it('of everyone has all patients of the practice', async () => {
    const { status, body } = await make({ name: 'All of them', everyone: true });
    expect({ status, patients: body.patients, everyone: body.everyone }).toEqual({
      status: 201,
      patients: 3,
      everyone: true,
    });
  });

  it('is listed by practice and name, or for one practice', async () => {
    const north = await addAnotherPractice(server, 'North Side');
    const south = await addAnotherPractice(server, 'South Side');
    for (const [practiceId, name] of [
      [south, 'Asthma'],
      [north, 'Later'],
      [north, 'Earlier'],
    ] as const)
      await make({ name, practiceId, everyone: true });
    expect(await listed(`?practice=${south}`)).toEqual(['Asthma']);
    expect(await listed(`?practice=${north}`)).toEqual(['Earlier', 'Later']);
    const made = ['Earlier', 'Later', 'Asthma'];
    expect((await listed()).filter((name) => made.includes(name))).toEqual(made);
    expect(await listed('?practice=77')).toEqual([]);
    expect((await admin.call('GET', '/review/groups?practice=x')).status).toBe(400);
  });

  it.each([
    ['a name that the practice already has, in other letter case', { name: 'TAKEN' }, 'name', 'group-name-taken'],
    ['no name', { name: '   ' }, 'name', 'blank'],
    ['a name that isn’t plain text', { name: 'a\u0000b' }, 'name', 'not-plain'],
    ['a name that reverses the text direction', { name: 'a\u202eb' }, 'name', 'not-plain'],
    ['a name that is too long', { name: 'x'.repeat(121) }, 'name', 'too-long'],
    ['everyone and a named patient', { everyone: true, patients: [id(1)] }, 'patients', 'group-of-everyone'],
    ['an invalid id', { patients: [id(1), 'nobody'] }, 'patients', 'patients-unknown'],
    ['an unknown patient', { patients: [id(99)] }, 'patients', 'patients-unknown'],
  ])('is not created with %s, and nothing of it is stored', async (_what, changes, field, code) => {
    const before = await listed();
    const { status, body } = await make({ name: 'Refused', ...changes });
    expect({ status, code: body.code, errors: body.errors[0] }).toEqual({
      status: 400,
      code: 'fields-invalid',
      errors: expect.objectContaining({ field, code, message: expect.stringMatching(/\S/) }),
    });
    expect(await listed()).toEqual(before);
  });

  it('accepts no patient of another practice', async () => {
    const [elsewhere] = await server.db.queryText<{ patient_id: string }>(
      'select patient_id from record where practice_id = $1 limit 1',
      [SANDBOX],
    );
    const { status, body } = await make({ name: 'Stolen', patients: [elsewhere?.patient_id] });
    expect({ status, code: body.errors[0].code }).toEqual({ status: 400, code: 'patients-unknown' });
  });

  it('requires an existing practice', async () => {
    const { status, body } = await make({ name: 'Nowhere', practiceId: 77 });
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'not-found' });
  });

  it('adds and removes all named patients or none', async () => {
    const { groupId } = (await make({ name: 'Changing', patients: [id(1)] })).body;
    const change = (add: string[], remove: string[] = []) =>
      admin.call('POST', `/review/groups/${groupId}/members`, { add, remove });
    expect((await change([id(1), id(2)], [id(3)])).body).toMatchObject({
      added: 1,
      removed: 0,
      group: { patients: 2 },
    });
    expect((await change([], [id(1), 'nobody'])).body).toMatchObject({ added: 0, removed: 1, group: { patients: 1 } });
    const denial = await change([id(3), id(98)], [id(2)]);
    expect({ status: denial.status, errors: denial.body.errors[0] }).toMatchObject({
      status: 400,
      errors: { field: 'add', code: 'patients-unknown', values: { patients: id(98) } },
    });
    expect((await admin.call('GET', '/review/groups')).body.groups).toContainEqual(
      expect.objectContaining({ groupId, patients: 1 }),
    );
    expect(await actsOn(groupId)).toEqual(['group-add', 'group-members-add', 'group-members-remove']);
    const { body } = await make({ name: 'Whole', everyone: true });
    const whole = await admin.call('POST', `/review/groups/${body.groupId}/members`, { add: [], remove: [id(1)] });
    expect({ status: whole.status, code: whole.body.errors[0].code }).toEqual({
      status: 400,
      code: 'group-of-everyone',
    });
  });

  it('that is deleted no longer exists for apps, and its patients remain', async () => {
    const { groupId } = (await make({ name: 'Going', patients: [id(1)] })).body;
    const token = await (await addBackendApp(server)).token();
    expect((await callApi(server, token, `/Group/${groupId}`)).statusCode).toBe(200);
    const deleted = await admin.call('DELETE', `/review/groups/${groupId}`);
    expect({ status: deleted.status, name: deleted.body.name }).toEqual({ status: 200, name: 'Going' });
    expect((await callApi(server, token, `/Group/${groupId}`)).statusCode).toBe(404);
    expect((await callApi(server, token, `/Patient/${id(1)}`)).statusCode).toBe(200);
    const again = await admin.call('DELETE', `/review/groups/${groupId}`);
    expect({ status: again.status, code: again.body.code }).toEqual({ status: 404, code: 'not-found' });
    expect(await actsOn(groupId)).toEqual(['group-add', 'group-remove']);
  });
});
