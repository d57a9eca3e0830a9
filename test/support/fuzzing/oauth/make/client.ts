import { OAUTH } from '../../../people/patient.ts';
import { inventSecret } from '../../invented-secrets.ts';
import type { SeededRandom } from '../../seeded-random.ts';
import { type KnownApp, ORIGIN } from '../known-apps.ts';
import type { HeldToken, OAuthWorld } from '../oauth-server.ts';
import { findKnownApp, pickApp, takeNewest } from '../pick.ts';
import { createDraft, type Field, type Kind, type RequestDraft } from '../request-draft.ts';
import { authorizationParameters } from './authorization.ts';

/** Makes a request of an authenticated app, with the parameters in the form or in the query (RFC 6749 §2.3). */
async function fromClient(
  kind: Kind,
  { path, app, fields }: { path: string; app: KnownApp; fields: readonly Field[] },
  random: SeededRandom,
): Promise<RequestDraft> {
  const made = createDraft(kind, 'POST', `${OAUTH}${path}`, random);
  const everywhere = random.chance(0.2) ? made.query : made.form;
  everywhere.push(...fields);
  if (app.assertion !== undefined) {
    made.form.push(['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer']);
    made.form.push(['client_assertion', await app.assertion()]);
    if (random.chance(0.5)) return made;
  } else if (app.auth === 'secret' && random.chance(0.5)) {
    made.headers['authorization'] = `Basic ${btoa(`${app.clientId}:${encodeURIComponent(app.secret)}`)}`;
    if (random.chance(0.7)) return made;
  } else if (app.auth === 'secret') everywhere.push(['client_secret', app.secret]);
  everywhere.push(['client_id', app.clientId]);
  return made;
}

async function makeTokenRequest(
  kind: Kind,
  world: OAuthWorld,
  random: SeededRandom,
  { app, fields, bound }: { app: KnownApp; fields: readonly Field[]; bound: boolean },
): Promise<RequestDraft> {
  const made = await fromClient(kind, { path: '/token', app, fields }, random);
  if (bound || app.dpopBound || random.chance(0.1)) made.headers['dpop'] = await makeProof(world, 'POST', '/token');
  return made;
}

const makeProof = (world: OAuthWorld, htm: string, path: string): Promise<string> =>
  world.proof({ htm, htu: `${ORIGIN}${OAUTH}${path}` });

/** Chooses the app that a code or token was issued to, or another app that stole it and authenticates as itself. */
function pickHolder(world: OAuthWorld, random: SeededRandom, clientId: string): KnownApp {
  const own = random.chance(0.9) ? findKnownApp(world, clientId) : undefined;
  return own ?? pickApp(world, random);
}

const inventedToken = (random: SeededRandom): HeldToken => ({
  token: inventSecret(random),
  clientId: '',
  bound: false,
});

export async function exchangeCode(world: OAuthWorld, random: SeededRandom): Promise<RequestDraft> {
  const made = { ...inventedToken(random), redirectUri: 'https://app.example/callback', verifier: undefined };
  const { token, clientId, redirectUri, verifier, bound } = takeNewest(world.recent.codes, random) ?? made;
  const fields: Field[] = [
    ['grant_type', 'authorization_code'],
    ['code', token],
    ['redirect_uri', redirectUri],
  ];
  const proof = random.chance(0.1) ? random.pick([undefined, inventSecret(random)]) : verifier;
  if (proof !== undefined) fields.push(['code_verifier', proof]);
  const app = pickHolder(world, random, clientId);
  return makeTokenRequest('token: code', world, random, { app, fields, bound });
}

export async function refresh(world: OAuthWorld, random: SeededRandom): Promise<RequestDraft> {
  const { token, clientId, bound } = takeNewest(world.recent.refresh, random) ?? inventedToken(random);
  const fields: Field[] = [
    ['grant_type', 'refresh_token'],
    ['refresh_token', token],
  ];
  if (random.chance(0.2)) fields.push(['scope', random.pick(['patient/Immunization.rs', 'openid', 'patient/*.rs'])]);
  const app = pickHolder(world, random, clientId);
  return makeTokenRequest('token: refresh', world, random, { app, fields, bound });
}

export async function backend(world: OAuthWorld, random: SeededRandom): Promise<RequestDraft> {
  const scope = random.pick(['system/*.rs', 'system/Patient.r system/Observation.rs', 'patient/*.rs']);
  const fields: Field[] = [
    ['grant_type', 'client_credentials'],
    ['scope', scope],
  ];
  return makeTokenRequest('token: backend', world, random, {
    app: pickApp(world, random, 'backend'),
    fields,
    bound: false,
  });
}

export async function introspect(world: OAuthWorld, random: SeededRandom): Promise<RequestDraft> {
  const { token, clientId } = random.pick([
    ...recent(random, world.recent.access),
    ...recent(random, world.recent.refresh),
    inventedToken(random),
  ]);
  const reader = random.chance(0.5) ? world.apps.find(({ mayIntrospect }) => mayIntrospect) : undefined;
  const app = reader ?? pickHolder(world, random, clientId);
  return fromClient('introspect', { path: '/introspect', app, fields: [['token', token]] }, random);
}

export async function revoke(world: OAuthWorld, random: SeededRandom): Promise<RequestDraft> {
  const { access, refresh: refreshable, codes } = world.recent;
  const { token, clientId } = random.pick([...access, ...refreshable, ...codes, inventedToken(random)]);
  const fields: Field[] = [['token', token]];
  if (random.chance(0.3)) fields.push(['token_type_hint', random.pick(['access_token', 'refresh_token', 'other'])]);
  return fromClient('revoke', { path: '/token/revoke', app: pickHolder(world, random, clientId), fields }, random);
}

export async function push(world: OAuthWorld, random: SeededRandom): Promise<RequestDraft> {
  const app = pickApp(world, random);
  const fields = authorizationParameters(world, random, app).filter(([name]) => name !== 'client_id');
  const made = await fromClient('par', { path: '/par', app, fields }, random);
  const bound = fields.some(([name]) => name === 'dpop_jkt');
  if (bound ? random.chance(0.5) : app.dpopBound) made.headers['dpop'] = await makeProof(world, 'POST', '/par');
  return made;
}

/** Makes a userinfo request (OpenID Connect Core §5.3.1). */
export async function userinfo(world: OAuthWorld, random: SeededRandom): Promise<RequestDraft> {
  const { token, bound } = random.pick([...recent(random, world.recent.access), inventedToken(random)]);
  const method = random.pick(['GET', 'POST'] as const);
  const made = createDraft('userinfo', method, `${OAUTH}/userinfo`, random);
  made.headers['authorization'] = `${bound ? 'DPoP' : 'Bearer'} ${token}`;
  if (bound) {
    const ath = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(token))).toString('base64url');
    made.headers['dpop'] = await world.proof({ htm: method, htu: `${ORIGIN}${OAUTH}/userinfo`, ath });
  }
  return made;
}

/** Takes one of the newest tokens. Older ones were revoked, or their family has ended. */
const recent = <Item>(random: SeededRandom, items: readonly Item[]): readonly Item[] =>
  random.chance(0.9) ? items.slice(-8) : items;
