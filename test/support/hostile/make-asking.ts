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
export function asking(world: World, random: Dice, app: KnownApp): Field[] {
  const fields: Field[] = [
    ['response_type', 'code'],
    ['client_id', app.clientId],
    ['redirect_uri', pickRedirectUri(random, app)],
  ];
  const add = (probability: number, name: string, value: string): void => {
    if (random.chance(probability)) fields.push([name, value]);
  };
  add(0.8, 'state', madeUp(random));
  add(0.7, 'scope', random.pick(SCOPES));
  add(app.dpopBound ? 1 : 0.4, 'aud', `${ORIGIN}${app.api === 'r4' ? R4 : DSTU2}`);
  add(0.3, 'nonce', madeUp(random));
  add(0.1, 'prompt', random.pick(['consent', 'none', 'login']));
  add(0.1, 'max_age', '100000');
  add(app.dpopBound ? 0.5 : 0.1, 'dpop_jkt', world.thumbprint);
  if (app.auth === 'none' || random.chance(0.6)) fields.push(...challenge(world, random));
  const launch = app.kind === 'staff' && random.chance(0.4) ? newest(world.held.launches, random) : undefined;
  if (launch !== undefined) fields.push(['launch', launch.token]);
  return fields;
}

function challenge({ ledger }: World, random: Dice): Field[] {
  const verifier = madeUp(random);
  const made = createHash('sha256').update(verifier).digest('base64url');
  ledger.verifiers.set(made, verifier);
  return [
    ['code_challenge', made],
    ['code_challenge_method', 'S256'],
  ];
}

/** RFC 8252 §7.3: a loopback URI with any port. */
function pickRedirectUri(random: Dice, { redirectUris }: KnownApp): string {
  const uri = redirectUris.length === 0 ? CALLBACK : random.pick(redirectUris);
  const port = random.chance(0.5) ? `:${1 + random.below(65_535)}` : '';
  return uri.replace(/^http:\/\/(127\.0\.0\.1|\[::1\])(:\d+)?/, (_, host) => `http://${host}${port}`);
}

/** A complete request, or the reference to a pushed one. RFC 9126 §4 */
function makeParameters(world: World, random: Dice): { app: KnownApp; fields: Field[] } {
  const pushed = random.chance(0.15) ? newest(world.held.pushed, random) : undefined;
  const app = (pushed && appOf(world, pushed.clientId)) ?? anApp(world, random);
  if (pushed === undefined) return { app, fields: asking(world, random, app) };
  return {
    app,
    fields: [
      ['client_id', pushed.clientId],
      ['request_uri', pushed.token],
    ],
  };
}

/** Adds the session of a signed-in browser to a request for a page of ours. */
function inBrowser(made: Draft, random: Dice, person: Person): Draft {
  if (random.chance(0.97)) made.headers['cookie'] = person.cookie;
  return made;
}

export function authorize(world: World, random: Dice): Draft {
  const { app, fields } = makeParameters(world, random);
  return inBrowser(
    { ...draft('authorize', 'GET', `${OAUTH}/authorize`, random), query: fields },
    random,
    aPerson(world, random, app),
  );
}

export function authorizePost(world: World, random: Dice): Draft {
  const made = draft('authorize-post', 'POST', `${OAUTH}/authorize`, random);
  for (const field of makeParameters(world, random).fields) (random.chance(0.1) ? made.query : made.form).push(field);
  return made;
}

export function chooseRecord(world: World, random: Dice): Draft {
  const { app, fields } = makeParameters(world, random);
  const person = aPerson(world, random, app);
  const made = inBrowser(draft('record', 'POST', `${OAUTH}/authorize/record`, random), random, person);
  made.inner = fields;
  made.form = [['csrf', person.csrf]];
  if (person.records.length > 0) made.form.push(['record', random.pick(person.records)]);
  if (random.chance(0.2)) made.form.push(['words', random.pick(['a', 'Adams', '1974', '%', '_'])], ['find', 'yes']);
  return made;
}

/** Submits the form of a displayed page. */
export function decide(world: World, random: Dice): Draft {
  const made = draft('decision', 'POST', `${OAUTH}/authorize/decision`, random);
  const page = newest(world.held.pages, random);
  if (page === undefined) return made;
  const { request, ...hidden } = page.hidden;
  made.headers['cookie'] = page.cookie;
  made.inner = [...new URLSearchParams(request)];
  made.form = Object.entries(hidden);
  for (const line of page.lines) if (random.chance(0.8)) made.form.push(['allow', line]);
  made.form.push(['duration', random.pick(['', 'P1D', 'P30D', 'P1Y'])]);
  if (random.chance(0.8)) made.form.push(['offline', 'yes']);
  if (random.chance(0.2)) made.form.push(['earlier', 'yes']);
  made.form.push(['decision', random.chance(0.93) ? 'allow' : 'deny']);
  return made;
}
