import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csrfIn, hiddenFields } from '../support/browser/html.ts';
import { addAuthenticatorApp, authenticatorCode } from '../support/people/account-security.ts';
import { type SignedInStaff, signInStaff, submitForm } from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import {
  addChartedPatient,
  addPatientAccount,
  addRepresentativeAccount,
  type ChartedPatient,
} from './patients/charted-patients.ts';

const CONFIRM = '/account/security/confirm';
const STAFF = '/practice/2/staff';

let server: TestServer;
let patient: ChartedPatient;
let boss: SignedInStaff;
/** Key of the authenticator app with which the administrator of the practice confirms. */
let key: string;
/** Values of the names in paths, such as `$own`. */
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  server = await startServer();
  const related = [{ name: 'Pat Parent', relationship: 'Mother' }];
  patient = await addChartedPatient(server, { family: 'Guarded', related });
  const own = (await addPatientAccount(server, patient, { email: 'ann@example.org' })).accountId;
  const acting = (await addRepresentativeAccount(server, patient)).accountId;
  const colleague = (await signInStaff(server, ['front-desk'])).accountId;
  ids = { $patient: patient.path, $own: own, $acting: acting, $staff: STAFF, $colleague: colleague };
  boss = await signInStaff(server, ['administrator']);
  ({ key } = await addAuthenticatorApp(server, boss.browser));
  server.clock.advance(6 * 60_000);
});
afterAll(() => server.close());

const pathOf = (pattern: string): string => pattern.replaceAll(/\$[a-z]+/g, (name) => ids[name] ?? name);
const csrf = async (): Promise<string> => csrfIn(await boss.browser.get(STAFF));
/** Number of recorded changes. Each change is recorded in its transaction. */
const countChanges = async () =>
  (
    await server.db.queryText<{ changes: number }>(
      `select count(*)::int as changes from audit_event where kind in ('account', 'factor', 'practice', 'staff')`,
      [],
    )
  )[0]?.changes;

const WITH_A_PAGE = [
  '$patient/accounts/$own/deactivate',
  '$patient/accounts/$own/lost-password',
  '$patient/accounts/$own/lost-factor',
  '$patient/accounts/$acting/end',
  '$staff/invite',
  '$staff/$colleague',
  '$staff/$colleague/lock',
  '$staff/$colleague/remove',
  '$staff/$colleague/lost-factor',
  '/practice/2/settings/api',
];
const FIELDS = { reason: 'Lost phone', proofing: 'Photo ID', sure: 'yes', name: 'Eve', roles: 'administrator' };

describe('a staff member who used the second factor more than five minutes ago', () => {
  it.each(WITH_A_PAGE)('is asked for it before %s, and changes nothing without it', async (pattern) => {
    const path = pathOf(pattern);
    const asked = `${CONFIRM}?${new URLSearchParams({ return_to: path })}`;
    expect((await boss.browser.get(path)).location).toBe(asked);
    const before = await countChanges();
    const { status, location } = await boss.browser.post(path, { csrf: await csrf(), ...FIELDS });
    expect({ status, location }).toEqual({ status: 303, location: asked });
    expect(await countChanges()).toBe(before);
  });

  it.each([
    ['$patient/accounts/$own/unlock', '$patient/accounts/$own/unlock'],
    ['$staff/$colleague/unlock', '$staff/$colleague'],
    ['$staff/invitations/00000000-0000-4000-8000-000000000000/undo', '$staff'],
  ])('is asked for it by the form of %s', async (pattern, page) => {
    const { location } = await boss.browser.post(pathOf(pattern), { csrf: await csrf(), ...FIELDS });
    expect(location).toBe(`${CONFIRM}?${new URLSearchParams({ return_to: pathOf(page) })}`);
  });

  it.each(['$patient', '$patient/enroll', '$patient/decline', '$staff', '/practice/2/settings'])(
    'opens %s, which gives no one access to an account, without it',
    async (pattern) => {
      const { status, location } = await boss.browser.get(pathOf(pattern));
      // A page of a state that the patient isn't in leads back to the patient.
      expect({ status, confirms: location?.startsWith(CONFIRM) ?? false }).toEqual({
        status: location === undefined ? 200 : 303,
        confirms: false,
      });
    },
  );

  it('does all of this after confirming with it', async () => {
    const page = pathOf('$patient/accounts/$acting/end');
    const asked = (await boss.browser.get(page)).location ?? '';
    const confirmed = await submitForm(boss.browser, asked, { code: authenticatorCode(key, server) }, CONFIRM);
    expect(confirmed.location).toBe(page);
    for (const pattern of WITH_A_PAGE) {
      const { location } = await boss.browser.get(pathOf(pattern));
      expect({ pattern, confirms: location?.startsWith(CONFIRM) ?? false }).toEqual({ pattern, confirms: false });
    }
    const form = hiddenFields(await boss.browser.get(page), 'form:not([action])');
    expect((await boss.browser.post(page, { ...form, reason: 'Of age' })).location).toMatch(/\?done=ended$/);
  });
});
