import type { AppRegistration } from '../../../src/apps/index.ts';
import type { ClientId } from '../../../src/kernel/index.ts';
import { addApp, setAppState, type TestApp } from '../../support/apps/apps.ts';
import { registerDynamically } from '../../support/apps/registration.ts';
import { createSigningKeys } from '../../support/apps/signing-keys.ts';
import { hiddenFields } from '../../support/browser/html.ts';
import { signInDeveloper } from '../../support/people/developer-portal.ts';
import { encodeForm, type Fields, OAUTH, type PatientBrowser, SANDBOX_PATIENT } from '../../support/people/patient.ts';
import { SANDBOX_PRACTICE } from '../../support/people/practice-portal.ts';
import { SANDBOX_GUARDIAN } from '../../support/people/staff.ts';
import { APP, DEVELOPER, OTHER_APP, SELF_REGISTERED_APP } from './names.ts';
import type { Visit } from './visit.ts';

const WHOLE_SCOPE = 'openid fhirUser launch/patient offline_access patient/*.rs';
const ANSWERS: AppRegistration['dataUse'] = {
  sold: 'no',
  shared: 'with-consent',
  'other-uses': 'yes',
  deletion: 'yes',
  place: 'united-states',
};

/** Apps that differ in what is known about them. */
const APPS: Readonly<Record<string, Partial<AppRegistration>>> = {
  'a verified app': {
    developer: DEVELOPER,
    verifiedAt: new Date('2026-11-03T12:00:00Z'),
    metadata: { policy_uri: 'https://acme.example/privacy' },
    dataUse: ANSWERS,
  },
  'an unverified app': { developer: DEVELOPER, dataUse: { sold: 'yes', shared: 'no' } },
  'an app of an unknown developer': { redirectUris: ['http://localhost:3000/cb'] },
  'an app without approval': { state: 'provisional', developer: DEVELOPER },
  'an app that asks only who you are': { scope: 'openid fhirUser', developer: DEVELOPER },
  'an app that asks for some entries': {
    scope: 'launch/patient patient/Observation.rs?category=laboratory patient/Immunization.rs?status=completed',
    developer: DEVELOPER,
  },
};

type Requester = Pick<TestApp, 'client_id' | 'redirect_uri'>;

const query = ({ client_id, redirect_uri }: Requester, changes: Fields = {}) => ({
  response_type: 'code',
  client_id,
  redirect_uri,
  ...changes,
});

/** Visits the consent page of each kind of app, the patient picker, and consent again for an app that has access. */
export async function visitConsent(visit: Visit): Promise<void> {
  const { server } = visit;
  const browser = visit.browser();
  await browser.signIn('/sign-in', SANDBOX_PATIENT);
  visit.prepare(browser);
  for (const [kind, options] of Object.entries(APPS)) {
    const app = await addApp(server, { name: APP, ...options });
    const page = await browser.authorize(query(app, { scope: options.scope ?? WHOLE_SCOPE }));
    visit.add(`consent for ${kind}`, page);
    if (kind !== 'a verified app') continue;
    await browser.submitConsent(page);
    visit.add('consent again', await browser.authorize(query(app, { scope: WHOLE_SCOPE })));
    const shown = await browser.authorize(query(app, { scope: WHOLE_SCOPE }));
    visit.add('consent without a duration', await browser.submitConsent(shown, { duration: 'x' }));
    visit.add('consent form expired', await browser.submitConsent(shown, { csrf: 'expired' }));
  }
  const redirect_uri = 'https://itself.example/cb';
  const { body } = await registerDynamically(server, {
    client_name: SELF_REGISTERED_APP,
    redirect_uris: [redirect_uri],
  });
  const asked = query({ client_id: body.client_id as ClientId, redirect_uri }, { scope: 'patient/*.rs' });
  visit.add('consent for a self-registered app', await browser.authorize(asked));

  const mother = visit.browser();
  const app = await addApp(server, { name: APP, ...APPS['a verified app'] });
  const picker = await mother.authorize(query(app, { scope: WHOLE_SCOPE }), SANDBOX_GUARDIAN);
  visit.add('patient picker', picker);
  visit.add('patient picker, no choice', await mother.post(`${OAUTH}/authorize/record`, hiddenFields(picker.body)));
  visit.add('consent of a mother', await mother.chooseRecord(picker, 'Milo'));
}

/** Visits the pages of authorization requests that can't continue. */
export async function visitConsentErrors(visit: Visit): Promise<void> {
  const { server } = visit;
  const app = await addApp(server, { name: APP });
  const ask = (fields: Fields, browser: PatientBrowser = visit.browser()) =>
    browser.get(`${OAUTH}/authorize?${encodeForm(fields)}`);
  visit.add('unknown app', await ask(query(app, { client_id: 'unknown' })));
  visit.add('wrong redirect URI', await ask(query(app, { redirect_uri: 'https://evil.example/' })));
  const { redirect_uri: _missing, ...without } = query(app);
  visit.add('no redirect URI', await ask(without));
  const gone = await addApp(server, { name: OTHER_APP });
  await setAppState(server, gone, 'suspended');
  visit.add('suspended app', await ask(query(gone)));
  const expired = { client_id: app.client_id, request_uri: 'urn:ietf:params:oauth:request_uri:gone' };
  visit.add('expired request', await ask(expired));
  const { jwks } = await createSigningKeys('ES384');
  const backend = await addApp(server, {
    name: OTHER_APP,
    kind: 'backend',
    auth: 'private_key_jwt',
    jwks,
    practiceIds: [SANDBOX_PRACTICE],
    scope: 'system/*.rs',
  });
  visit.add('backend app', await ask(query(backend)));
  const staffApp = await addApp(server, {
    name: OTHER_APP,
    kind: 'staff',
    launchUri: 'https://app.example/launch',
    scope: 'launch user/*.rs',
  });
  const patient = visit.browser();
  await patient.signIn('/sign-in', SANDBOX_PATIENT);
  visit.add('app for staff', await ask(query(staffApp), visit.prepare(patient)));
  const developer = await signInDeveloper(server);
  const browser = visit.browser();
  browser.setCookie('session', developer.session);
  visit.add('developer without a record', await ask(query(app), browser));
}
