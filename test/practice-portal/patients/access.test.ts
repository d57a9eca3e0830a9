import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '../../../src/kernel/index.ts';
import { attributesOf, hiddenFields } from '../../support/browser/html.ts';
import { FORM, PatientBrowser, SANDBOX_PATIENT } from '../../support/people/patient.ts';
import { addStaffMember, signInAs } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import {
  addChartedPatient,
  addPatientAccount,
  addRepresentativeAccount,
  type ChartedPatient,
  LIVE,
  SANDBOX,
} from './charted-patients.ts';

let server: TestServer;
let patient: ChartedPatient;
let invited: ChartedPatient;
let invitationId: string;
let own: AccountId;
let acting: AccountId;
const staff: Record<string, PatientBrowser> = {};
beforeAll(async () => {
  server = await startServer();
  const related = [{ name: 'Pat Parent', relationship: 'Mother' }];
  patient = await addChartedPatient(server, { family: 'Guarded', related });
  invited = await addChartedPatient(server, { family: 'Invited', emails: ['ann@example.org'] });
  own = (await addPatientAccount(server, patient)).accountId;
  acting = (await addRepresentativeAccount(server, patient)).accountId;
  const by = { accountId: undefined, requestId: 'test' };
  const invitationInput = {
    recordId: invited.recordId,
    whom: { kind: 'patient' },
    email: undefined,
    language: 'en',
  } as const;
  invitationId = (await server.enrollments.invite(by, invitationInput)).invitationId;
  for (const role of ['front-desk', 'administrator', 'clinician', 'privacy-officer'] as const)
    staff[role] = await signInAs(server, (await addStaffMember(server, ['live'], [role])).accountId);
  staff['elsewhere'] = await signInAs(
    server,
    (await addStaffMember(server, ['sandbox'], ['front-desk', 'administrator'])).accountId,
  );
  staff['nobody'] = new PatientBrowser(server.app);
  staff['patient'] = new PatientBrowser(server.app);
  await staff['patient'].signIn('/sign-in', SANDBOX_PATIENT);
});
afterAll(() => server.close());

const as = (who: string): PatientBrowser => staff[who] as PatientBrowser;

/** Paths below the patients of the practice. `beforeAll` creates an id for each name such as `$patient`. */
const LOOKED_AT = ['', '/$patient'];
const ACTIONS = [
  '/$patient/enroll',
  '/$patient/related/$related/invite',
  '/$patient/decline',
  '/$patient/undo-decline',
  '/$invited/invitations/$invitation/code',
  '/$invited/invitations/$invitation/resend',
  '/$invited/invitations/$invitation/cancel',
  '/$patient/accounts/$own/deactivate',
  '/$patient/accounts/$own/unlock',
  '/$patient/accounts/$own/lost-factor',
  '/$patient/accounts/$own/lost-password',
  '/$patient/accounts/$acting/end',
];
const BULK = ['/bulk', '/bulk/template.csv'];

const pathOf = (pattern: string, practice: number = LIVE): string => {
  const ids: Record<string, string> = {
    $patient: patient.patientId,
    $invited: invited.patientId,
    $invitation: invitationId,
    $related: patient.relatedPersonIds[0] ?? '',
    $own: own,
    $acting: acting,
  };
  return `/practice/${practice}/patients${pattern.replaceAll(/\$[a-z]+/g, (name) => ids[name] ?? name)}`;
};

/** CSRF token of the forms in this browser. */
const csrfOf = async (browser: PatientBrowser): Promise<string> =>
  hiddenFields((await browser.get('/sign-in')).body)['csrf'] ?? '';

describe.each([...LOOKED_AT, ...ACTIONS, ...BULK])('GET %s', (pattern) => {
  it('leads a signed-out user to sign-in, and back', async () => {
    const { status, location } = await as('nobody').get(pathOf(pattern));
    expect({ status, location }).toEqual({
      status: 303,
      location: `/sign-in?${new URLSearchParams({ return_to: pathOf(pattern) })}`,
    });
  });

  it('is denied to a patient', async () => {
    expect((await as('patient').get(pathOf(pattern))).status).toBe(403);
  });

  it('is not found for staff of another practice, under this path or theirs', async () => {
    expect((await as('elsewhere').get(pathOf(pattern))).status).toBe(404);
    if (pattern.includes('$')) expect((await as('elsewhere').get(pathOf(pattern, SANDBOX))).status).toBe(404);
  });

  it.each(['x', '0', '-1', '02', '2.0', '99999999999999999999', "2'--", '%00'])(
    'is not found at a practice %s',
    async (practice) => {
      const { status } = await as('front-desk').get(pathOf(pattern).replace('/practice/2/', `/practice/${practice}/`));
      expect(status).toBe(404);
    },
  );
});

describe.each(LOOKED_AT)('GET %s', (pattern) => {
  it.each(['front-desk', 'administrator', 'clinician', 'privacy-officer'])('opens for the role %s', async (role) => {
    expect((await as(role).get(pathOf(pattern))).status).toBe(200);
  });
});

describe.each([...ACTIONS, ...BULK])('%s', (pattern) => {
  it.each(['clinician', 'privacy-officer'])(
    'is denied to the role %s, with the roles that may open it',
    async (role) => {
      const { status, body } = await as(role).get(pathOf(pattern));
      expect(status).toBe(403);
      expect(body).toContain('front desk or practice administrator');
    },
  );

  it.each(['front-desk', 'administrator'])('opens for the role %s', async (role) => {
    expect([200, 303]).toContain((await as(role).get(pathOf(pattern))).status);
  });
});

describe.each(ACTIONS)('POST %s', (pattern) => {
  const send = async (who: string, fields: Record<string, string>) => as(who).post(pathOf(pattern), fields);

  it('is rejected without the CSRF token of the browser’s own page, for every role', async () => {
    for (const fields of [{}, { csrf: '' }, { csrf: 'x'.repeat(43) }, { csrf: await csrfOf(as('administrator')) }])
      expect((await send('front-desk', fields)).status).toBe(403);
  });

  it('is denied to signed-out users, patients, staff of another practice and other roles', async () => {
    for (const [who, status] of [
      ['nobody', 401],
      ['patient', 403],
      ['elsewhere', 404],
      ['clinician', 403],
      ['privacy-officer', 403],
    ] as const)
      expect((await send(who, { csrf: await csrfOf(as(who)) })).status, who).toEqual(status);
  });

  it('is rejected if it isn’t a form', async () => {
    const bodies = [
      ['application/json', '{"csrf":"x"}', 403],
      ['application/xml', '<csrf/>', 415],
      [FORM['content-type'], '', 403],
    ] as const;
    for (const [type, payload, status] of bodies) {
      const { statusCode } = await server.app.inject({
        method: 'POST',
        url: pathOf(pattern),
        payload,
        headers: { 'content-type': type },
      });
      expect(statusCode, type).toEqual(status);
    }
  });
});

describe('ids of another patient', () => {
  it('are not found below this patient: invitations, accounts, related persons', async () => {
    const browser = as('front-desk');
    const { path } = patient;
    const other = await addChartedPatient(server, {
      family: 'Other',
      related: [{ name: 'Ole Other', relationship: 'Father' }],
    });
    const { accountId } = await addPatientAccount(server, other);
    for (const below of [
      `invitations/${invitationId}/code`,
      `invitations/${invitationId}/cancel`,
      `accounts/${accountId}/deactivate`,
      `accounts/${accountId}/lost-factor`,
      `accounts/${acting}/deactivate`,
      `accounts/${own}/end`,
      `related/${other.relatedPersonIds[0]}/invite`,
    ]) {
      const csrf = await csrfOf(browser);
      expect((await browser.get(`${path}/${below}`)).status, below).toBe(404);
      expect(
        (await browser.post(`${path}/${below}`, { csrf, reason: 'x', way: 'letter', language: 'en', sure: 'yes' }))
          .status,
        below,
      ).toBe(404);
    }
    expect((await server.enrollments.listForRecord(invited.recordId))[0]?.state).toBe('open');
  });

  it.each(['nobody', '%', "' or true --", '00000000-0000-4000-8000-000000000000', '../2', 'a'.repeat(290)])(
    'that are invalid are not found: %s',
    async (id) => {
      const part = encodeURIComponent(id);
      for (const path of [
        `/practice/2/patients/${part}`,
        `${patient.path}/invitations/${part}/code`,
        `${patient.path}/accounts/${part}/deactivate`,
        `/practice/2/patients/bulk/${part}`,
      ])
        expect((await as('front-desk').get(path)).status).toBe(404);
    },
  );

  it('of another practice are not found under this practice’s path', async () => {
    const other = await addChartedPatient(server, { family: 'Sand' }, SANDBOX);
    expect((await as('front-desk').get(`/practice/${LIVE}/patients/${other.patientId}`)).status).toBe(404);
  });
});

it('a former staff member loses access immediately', async () => {
  const { accountId } = await addStaffMember(server, ['live'], ['front-desk']);
  const browser = await signInAs(server, accountId);
  expect((await browser.get(patient.path)).status).toBe(200);
  await server.db.queryText('delete from staff where account_id = $1', [accountId]);
  expect((await browser.get(patient.path)).status).toBe(404);
});

it('pages link only to what the role may open', async () => {
  const linksFor = async (who: string) =>
    attributesOf(await as(who).get(pathOf('')), 'li > a[href^="/practice"]', 'href');
  const waysOf = async (who: string) => (await linksFor(who)).filter((path) => !path.includes('/patients/'));
  expect(await waysOf('front-desk')).toEqual(expect.arrayContaining(['/practice/2/patients']));
  expect(await waysOf('front-desk')).not.toContain('/practice/2/staff');
  expect(await waysOf('clinician')).toContain('/practice/launch');
  expect(await waysOf('administrator')).toContain('/practice/2/staff');
  expect((await as('clinician').get(patient.path)).body).not.toContain('/deactivate');
  expect((await as('front-desk').get(patient.path)).body).toContain('/deactivate');
  expect((await as('front-desk').get(patient.path)).body).not.toContain('Connected apps');
  expect((await as('privacy-officer').get(patient.path)).body).toContain('Connected apps');
});
