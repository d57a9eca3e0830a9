import { SANDBOX_PATIENT } from '../patient.ts';
import { SANDBOX_GUARDIAN, SANDBOX_STAFF } from '../staff.ts';
import { aPerson, newest } from './choose.ts';
import type { Dice } from './dice.ts';
import { type Draft, draft } from './draft.ts';
import { madeUp } from './made-up.ts';
import { authorize } from './make-asking.ts';
import type { Person, World } from './world.ts';

const LAUNCH = '/practice/launch';
const SIGN_IN = '/sign-in';

function staffPerson(world: World, dice: Dice): Person {
  const [app] = world.apps.filter(({ kind }) => kind === 'staff');
  if (app === undefined) throw new Error('there is an app for staff');
  return aPerson(world, dice, app);
}

const aPatient = ({ people }: World, dice: Dice): string => dice.pick(people.flatMap(({ records }) => records));

/** SMART App Launch 2.2 §2.0.8: staff search for a patient, or have picked one. */
export function launchPage(world: World, dice: Dice): Draft {
  const made = draft('launch: page', 'GET', LAUNCH, dice);
  made.headers['cookie'] = staffPerson(world, dice).cookie;
  const words = dice.pick(['Adams', '1974-07-07', 'zz', '%_']);
  made.query = dice.pick([[], [['words', words]], [['patient', aPatient(world, dice)]]]);
  return made;
}

export function launchApp(world: World, dice: Dice): Draft {
  const person = staffPerson(world, dice);
  const made = draft('launch: app', 'POST', LAUNCH, dice);
  made.headers['cookie'] = person.cookie;
  const app = world.apps.find(({ launchUri }) => launchUri !== undefined)?.clientId ?? '';
  made.form.push(['csrf', person.csrf], ['patient', aPatient(world, dice)], ['app', app]);
  if (dice.chance(0.5)) made.form.push(['need_patient_banner', 'yes']);
  if (dice.chance(0.3)) made.form.push(['intent', 'reconcile-medications']);
  return made;
}

/** The return path of a page or form, within our server. */
function returnTo(world: World, dice: Dice): string {
  const { path, query } = authorize(world, dice);
  return dice.pick(['/', LAUNCH, `${path}?${new URLSearchParams(query)}`]);
}

export function signInPage(world: World, dice: Dice): Draft {
  const made = draft('sign-in: page', 'GET', SIGN_IN, dice);
  if (dice.chance(0.8)) made.query.push(['return_to', returnTo(world, dice)]);
  return made;
}

/** Uses a signed-out browser, because signing in would end the session of a signed-in one. */
export function signInForm(world: World, dice: Dice): Draft {
  const made = draft('sign-in: form', 'POST', SIGN_IN, dice);
  const browser = newest(world.held.browsers, dice) ?? { cookie: `browser=${madeUp(dice)}`, csrf: madeUp(dice) };
  const { username, password } = dice.pick([SANDBOX_PATIENT, SANDBOX_GUARDIAN, SANDBOX_STAFF]);
  made.headers['cookie'] = browser.cookie;
  made.form.push(['csrf', browser.csrf], ['return_to', returnTo(world, dice)], ['username', username]);
  made.form.push(['password', dice.chance(0.85) ? password : madeUp(dice)]);
  return made;
}
