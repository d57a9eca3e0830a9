import { createHash } from 'node:crypto';
import { CALLBACK } from '../apps.ts';
import { DSTU2, OAUTH, R4 } from '../patient.ts';
import { anApp, aPerson, appOf, newest } from './choose.ts';
import type { Dice } from './dice.ts';
import { type Draft, draft, type Field } from './draft.ts';
import { type KnownApp, ORIGIN } from './known-apps.ts';
import { madeUp } from './made-up.ts';
import type { Person, World } from './world.ts';

const SCOPES = [
  'openid fhirUser launch/patient offline_access patient/*.rs',
  'openid profile online_access patient/*.read',
  'launch/patient patient/Patient.r patient/Condition.rs patient/Observation.rs?category=laboratory',
  'launch openid fhirUser offline_access patient/*.rs user/*.rs',
  'nonsense patient/Immunization.rs system/*.cruds',
];

/** Valid parameters of an authorization request. RFC 6749 §4.1.1, RFC 7636 §4.3, SMART App Launch 2.2 §2.0.8 */
export function asking(world: World, dice: Dice, app: KnownApp): Field[] {
  const fields: Field[] = [
    ['response_type', 'code'],
    ['client_id', app.clientId],
    ['redirect_uri', redirectOf(dice, app)],
  ];
  const add = (probability: number, name: string, value: string): void => {
    if (dice.chance(probability)) fields.push([name, value]);
  };
  add(0.8, 'state', madeUp(dice));
  add(0.7, 'scope', dice.pick(SCOPES));
  add(app.dpopBound ? 1 : 0.4, 'aud', `${ORIGIN}${app.api === 'r4' ? R4 : DSTU2}`);
  add(0.3, 'nonce', madeUp(dice));
  add(0.1, 'prompt', dice.pick(['consent', 'none', 'login']));
  add(0.1, 'max_age', '100000');
  add(app.dpopBound ? 0.5 : 0.1, 'dpop_jkt', world.thumbprint);
  if (app.auth === 'none' || dice.chance(0.6)) fields.push(...challenge(world, dice));
  const launch = app.kind === 'staff' && dice.chance(0.4) ? newest(world.held.launches, dice) : undefined;
  if (launch !== undefined) fields.push(['launch', launch.token]);
  return fields;
}

function challenge({ ledger }: World, dice: Dice): Field[] {
  const verifier = madeUp(dice);
  const made = createHash('sha256').update(verifier).digest('base64url');
  ledger.verifiers.set(made, verifier);
  return [
    ['code_challenge', made],
    ['code_challenge_method', 'S256'],
  ];
}

/** RFC 8252 §7.3: a loopback URI with any port. */
function redirectOf(dice: Dice, { redirectUris }: KnownApp): string {
  const uri = redirectUris.length === 0 ? CALLBACK : dice.pick(redirectUris);
  const port = dice.chance(0.5) ? `:${1 + dice.below(65_535)}` : '';
  return uri.replace(/^http:\/\/(127\.0\.0\.1|\[::1\])(:\d+)?/, (_, host) => `http://${host}${port}`);
}

/** A complete request, or the reference to a pushed one. RFC 9126 §4 */
function askingOrPushed(world: World, dice: Dice): { app: KnownApp; fields: Field[] } {
  const pushed = dice.chance(0.15) ? newest(world.held.pushed, dice) : undefined;
  const app = (pushed && appOf(world, pushed.clientId)) ?? anApp(world, dice);
  if (pushed === undefined) return { app, fields: asking(world, dice, app) };
  return {
    app,
    fields: [
      ['client_id', pushed.clientId],
      ['request_uri', pushed.token],
    ],
  };
}

/** Adds the session of a signed-in browser to a request for a page of ours. */
function inBrowser(made: Draft, dice: Dice, person: Person): Draft {
  if (dice.chance(0.97)) made.headers['cookie'] = person.cookie;
  return made;
}

export function authorize(world: World, dice: Dice): Draft {
  const { app, fields } = askingOrPushed(world, dice);
  return inBrowser(
    { ...draft('authorize', 'GET', `${OAUTH}/authorize`, dice), query: fields },
    dice,
    aPerson(world, dice, app),
  );
}

export function authorizePost(world: World, dice: Dice): Draft {
  const made = draft('authorize-post', 'POST', `${OAUTH}/authorize`, dice);
  for (const field of askingOrPushed(world, dice).fields) (dice.chance(0.1) ? made.query : made.form).push(field);
  return made;
}

export function chooseRecord(world: World, dice: Dice): Draft {
  const { app, fields } = askingOrPushed(world, dice);
  const person = aPerson(world, dice, app);
  const made = inBrowser(draft('record', 'POST', `${OAUTH}/authorize/record`, dice), dice, person);
  made.inner = fields;
  made.form = [['csrf', person.csrf]];
  if (person.records.length > 0) made.form.push(['record', dice.pick(person.records)]);
  if (dice.chance(0.2)) made.form.push(['words', dice.pick(['a', 'Adams', '1974', '%', '_'])], ['find', 'yes']);
  return made;
}

/** Submits the form of a displayed page. */
export function decide(world: World, dice: Dice): Draft {
  const made = draft('decision', 'POST', `${OAUTH}/authorize/decision`, dice);
  const page = newest(world.held.pages, dice);
  if (page === undefined) return made;
  const { request, ...hidden } = page.hidden;
  made.headers['cookie'] = page.cookie;
  made.inner = [...new URLSearchParams(request)];
  made.form = Object.entries(hidden);
  for (const line of page.lines) if (dice.chance(0.8)) made.form.push(['allow', line]);
  made.form.push(['duration', dice.pick(['', 'P1D', 'P30D', 'P1Y'])]);
  if (dice.chance(0.8)) made.form.push(['offline', 'yes']);
  if (dice.chance(0.2)) made.form.push(['earlier', 'yes']);
  made.form.push(['decision', dice.chance(0.93) ? 'allow' : 'deny']);
  return made;
}
