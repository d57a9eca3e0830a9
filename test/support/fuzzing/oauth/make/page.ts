import { SANDBOX_PATIENT } from '../../../people/patient.ts';
import { SANDBOX_GUARDIAN, SANDBOX_STAFF } from '../../../people/staff.ts';
import { inventSecret } from '../../invented-secrets.ts';
import type { SeededRandom } from '../../seeded-random.ts';
import type { OAuthWorld, SignedInPerson } from '../oauth-server.ts';
import { pickPerson, takeNewest } from '../pick.ts';
import { createDraft, type RequestDraft } from '../request-draft.ts';
import { authorize } from './authorization.ts';

const LAUNCH = '/practice/launch';
const SIGN_IN = '/sign-in';

function pickStaff(world: OAuthWorld, random: SeededRandom): SignedInPerson {
  const [app] = world.apps.filter(({ kind }) => kind === 'staff');
  if (app === undefined) throw new Error('there is an app for staff');
  return pickPerson(world, random, app);
}

const pickPatient = ({ people }: OAuthWorld, random: SeededRandom): string =>
  random.pick(people.flatMap(({ records }) => records));

/** Makes a request of staff, who search for a patient or have picked one (SMART App Launch 2.2 §2.0.8). */
export function launchPage(world: OAuthWorld, random: SeededRandom): RequestDraft {
  const made = createDraft('launch: page', 'GET', LAUNCH, random);
  made.headers['cookie'] = pickStaff(world, random).cookie;
  const words = random.pick(['Adams', '1974-07-07', 'zz', '%_']);
  made.query = random.pick([[], [['words', words]], [['patient', pickPatient(world, random)]]]);
  return made;
}

export function launchApp(world: OAuthWorld, random: SeededRandom): RequestDraft {
  const person = pickStaff(world, random);
  const made = createDraft('launch: app', 'POST', LAUNCH, random);
  made.headers['cookie'] = person.cookie;
  const app = world.apps.find(({ launchUri }) => launchUri !== undefined)?.clientId ?? '';
  made.form.push(['csrf', person.csrf], ['patient', pickPatient(world, random)], ['app', app]);
  if (random.chance(0.5)) made.form.push(['need_patient_banner', 'yes']);
  if (random.chance(0.3)) made.form.push(['intent', 'reconcile-medications']);
  return made;
}

/** Chooses a path to return to after sign-in, within our server. */
function pickReturnPath(world: OAuthWorld, random: SeededRandom): string {
  const { path, query } = authorize(world, random);
  return random.pick(['/', LAUNCH, `${path}?${new URLSearchParams(query)}`]);
}

export function signInPage(world: OAuthWorld, random: SeededRandom): RequestDraft {
  const made = createDraft('sign-in: page', 'GET', SIGN_IN, random);
  if (random.chance(0.8)) made.query.push(['return_to', pickReturnPath(world, random)]);
  return made;
}

/** Signs in with a signed-out browser, because signing in ends the current session of a browser. */
export function signInForm(world: OAuthWorld, random: SeededRandom): RequestDraft {
  const made = createDraft('sign-in: form', 'POST', SIGN_IN, random);
  const browser = takeNewest(world.recent.browsers, random) ?? {
    cookie: `browser=${inventSecret(random)}`,
    csrf: inventSecret(random),
  };
  const { username, password } = random.pick([SANDBOX_PATIENT, SANDBOX_GUARDIAN, SANDBOX_STAFF]);
  made.headers['cookie'] = browser.cookie;
  made.form.push(['csrf', browser.csrf], ['return_to', pickReturnPath(world, random)], ['username', username]);
  made.form.push(['password', random.chance(0.85) ? password : inventSecret(random)]);
  return made;
}
