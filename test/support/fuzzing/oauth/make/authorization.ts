import { createHash } from 'node:crypto';
import { CALLBACK } from '../../../apps/apps.ts';
import { DSTU2, OAUTH, R4 } from '../../../people/patient.ts';
import { inventSecret } from '../../invented-secrets.ts';
import type { SeededRandom } from '../../seeded-random.ts';
import { type KnownApp, ORIGIN } from '../known-apps.ts';
import type { OAuthWorld, SignedInPerson } from '../oauth-server.ts';
import { findKnownApp, pickApp, pickPerson, takeNewest } from '../pick.ts';
import { createDraft, type Field, type RequestDraft } from '../request-draft.ts';

const SCOPES = [
  'openid fhirUser launch/patient offline_access patient/*.rs',
  'openid profile online_access patient/*.read',
  'launch/patient patient/Patient.r patient/Condition.rs patient/Observation.rs?category=laboratory',
  'launch openid fhirUser offline_access patient/*.rs user/*.rs',
  'nonsense patient/Immunization.rs system/*.cruds',
];

/** Makes valid parameters of an authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3, SMART App Launch 2.2 §2.0.8). */
export function authorizationParameters(world: OAuthWorld, random: SeededRandom, app: KnownApp): Field[] {
  const fields: Field[] = [
    ['response_type', 'code'],
    ['client_id', app.clientId],
    ['redirect_uri', pickRedirectUri(random, app)],
  ];
  const add = (probability: number, name: string, value: string): void => {
    if (random.chance(probability)) fields.push([name, value]);
  };
  add(0.8, 'state', inventSecret(random));
  add(0.7, 'scope', random.pick(SCOPES));
  add(app.dpopBound ? 1 : 0.4, 'aud', `${ORIGIN}${app.api === 'r4' ? R4 : DSTU2}`);
  add(0.3, 'nonce', inventSecret(random));
  add(0.1, 'prompt', random.pick(['consent', 'none', 'login']));
  add(0.1, 'max_age', '100000');
  add(app.dpopBound ? 0.5 : 0.1, 'dpop_jkt', world.thumbprint);
  if (app.auth === 'none' || random.chance(0.6)) fields.push(...challenge(world, random));
  const launch = app.kind === 'staff' && random.chance(0.4) ? takeNewest(world.recent.launches, random) : undefined;
  if (launch !== undefined) fields.push(['launch', launch.token]);
  return fields;
}

function challenge({ ledger }: OAuthWorld, random: SeededRandom): Field[] {
  const verifier = inventSecret(random);
  const made = createHash('sha256').update(verifier).digest('base64url');
  ledger.verifiers.set(made, verifier);
  return [
    ['code_challenge', made],
    ['code_challenge_method', 'S256'],
  ];
}

/** Chooses a redirect URI. A loopback URI may have any port (RFC 8252 §7.3). */
function pickRedirectUri(random: SeededRandom, { redirectUris }: KnownApp): string {
  const uri = redirectUris.length === 0 ? CALLBACK : random.pick(redirectUris);
  const port = random.chance(0.5) ? `:${1 + random.below(65_535)}` : '';
  return uri.replace(/^http:\/\/(127\.0\.0\.1|\[::1\])(:\d+)?/, (_, host) => `http://${host}${port}`);
}

/** Makes a complete authorization request, or one with the request_uri of a pushed request (RFC 9126 §4). */
function makeParameters(world: OAuthWorld, random: SeededRandom): { app: KnownApp; fields: Field[] } {
  const pushed = random.chance(0.15) ? takeNewest(world.recent.pushed, random) : undefined;
  const app = (pushed && findKnownApp(world, pushed.clientId)) ?? pickApp(world, random);
  if (pushed === undefined) return { app, fields: authorizationParameters(world, random, app) };
  return {
    app,
    fields: [
      ['client_id', pushed.clientId],
      ['request_uri', pushed.token],
    ],
  };
}

/** Adds the session of a signed-in browser to a request for one of our pages. */
function inBrowser(made: RequestDraft, random: SeededRandom, person: SignedInPerson): RequestDraft {
  if (random.chance(0.97)) made.headers['cookie'] = person.cookie;
  return made;
}

export function authorize(world: OAuthWorld, random: SeededRandom): RequestDraft {
  const { app, fields } = makeParameters(world, random);
  return inBrowser(
    { ...createDraft('authorize', 'GET', `${OAUTH}/authorize`, random), query: fields },
    random,
    pickPerson(world, random, app),
  );
}

export function authorizePost(world: OAuthWorld, random: SeededRandom): RequestDraft {
  const made = createDraft('authorize-post', 'POST', `${OAUTH}/authorize`, random);
  for (const field of makeParameters(world, random).fields) (random.chance(0.1) ? made.query : made.form).push(field);
  return made;
}

export function chooseRecord(world: OAuthWorld, random: SeededRandom): RequestDraft {
  const { app, fields } = makeParameters(world, random);
  const person = pickPerson(world, random, app);
  const made = inBrowser(createDraft('record', 'POST', `${OAUTH}/authorize/record`, random), random, person);
  made.inner = fields;
  made.form = [['csrf', person.csrf]];
  if (person.records.length > 0) made.form.push(['record', random.pick(person.records)]);
  if (random.chance(0.2)) made.form.push(['words', random.pick(['a', 'Adams', '1974', '%', '_'])], ['find', 'yes']);
  return made;
}

/** Submits the form of a consent page that was displayed earlier. */
export function submitConsentForm(world: OAuthWorld, random: SeededRandom): RequestDraft {
  const made = createDraft('decision', 'POST', `${OAUTH}/authorize/decision`, random);
  const page = takeNewest(world.recent.pages, random);
  if (page === undefined) return made;
  const { request, ...hidden } = page.hidden;
  made.headers['cookie'] = page.cookie;
  made.inner = [...new URLSearchParams(request)];
  made.form = Object.entries(hidden);
  for (const line of page.items) if (random.chance(0.8)) made.form.push(['allow', line]);
  for (const group of page.groups) if (random.chance(0.8)) made.form.push(['group', group]);
  made.form.push(['duration', random.pick(['', 'P1D', 'P30D', 'P1Y'])]);
  if (random.chance(0.8)) made.form.push(['offline', 'yes']);
  if (random.chance(0.2)) made.form.push(['earlier', 'yes']);
  made.form.push(['decision', random.chance(0.93) ? 'allow' : 'deny']);
  return made;
}
