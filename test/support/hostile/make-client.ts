import { OAUTH } from '../patient.ts';
import { anApp, appOf, newest } from './choose.ts';
import type { Dice } from './dice.ts';
import { type Draft, draft, type Field, type Kind } from './draft.ts';
import { type KnownApp, ORIGIN } from './known-apps.ts';
import { madeUp } from './made-up.ts';
import { asking } from './make-asking.ts';
import type { HeldToken, World } from './world.ts';

/** A request of an authenticated app, with its parameters in the form or in the query. RFC 6749 §2.3 */
async function fromClient(
  kind: Kind,
  { path, app, fields }: { path: string; app: KnownApp; fields: readonly Field[] },
  dice: Dice,
): Promise<Draft> {
  const made = draft(kind, 'POST', `${OAUTH}${path}`, dice);
  const everywhere = dice.chance(0.2) ? made.query : made.form;
  everywhere.push(...fields);
  if (app.assertion !== undefined) {
    made.form.push(['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer']);
    made.form.push(['client_assertion', await app.assertion()]);
    if (dice.chance(0.5)) return made;
  } else if (app.auth === 'secret' && dice.chance(0.5)) {
    made.headers['authorization'] = `Basic ${btoa(`${app.clientId}:${encodeURIComponent(app.secret)}`)}`;
    if (dice.chance(0.7)) return made;
  } else if (app.auth === 'secret') everywhere.push(['client_secret', app.secret]);
  everywhere.push(['client_id', app.clientId]);
  return made;
}

async function atToken(
  kind: Kind,
  world: World,
  dice: Dice,
  { app, fields, bound }: { app: KnownApp; fields: readonly Field[]; bound: boolean },
): Promise<Draft> {
  const made = await fromClient(kind, { path: '/token', app, fields }, dice);
  if (bound || app.dpopBound || dice.chance(0.1)) made.headers['dpop'] = await proofFor(world, 'POST', '/token');
  return made;
}

const proofFor = (world: World, htm: string, path: string): Promise<string> =>
  world.proof({ htm, htu: `${ORIGIN}${OAUTH}${path}` });

/** The app that a code or token was issued to, or one that stole it and authenticates as itself. */
function holder(world: World, dice: Dice, clientId: string): KnownApp {
  const own = dice.chance(0.9) ? appOf(world, clientId) : undefined;
  return own ?? anApp(world, dice);
}

const nobodys = (dice: Dice): HeldToken => ({ token: madeUp(dice), clientId: '', bound: false });

export async function exchangeCode(world: World, dice: Dice): Promise<Draft> {
  const made = { ...nobodys(dice), redirectUri: 'https://app.example/callback', verifier: undefined };
  const { token, clientId, redirectUri, verifier, bound } = newest(world.held.codes, dice) ?? made;
  const fields: Field[] = [
    ['grant_type', 'authorization_code'],
    ['code', token],
    ['redirect_uri', redirectUri],
  ];
  const proof = dice.chance(0.1) ? dice.pick([undefined, madeUp(dice)]) : verifier;
  if (proof !== undefined) fields.push(['code_verifier', proof]);
  const app = holder(world, dice, clientId);
  return atToken('token: code', world, dice, { app, fields, bound });
}

export async function refresh(world: World, dice: Dice): Promise<Draft> {
  const { token, clientId, bound } = newest(world.held.refresh, dice) ?? nobodys(dice);
  const fields: Field[] = [
    ['grant_type', 'refresh_token'],
    ['refresh_token', token],
  ];
  if (dice.chance(0.2)) fields.push(['scope', dice.pick(['patient/Immunization.rs', 'openid', 'patient/*.rs'])]);
  const app = holder(world, dice, clientId);
  return atToken('token: refresh', world, dice, { app, fields, bound });
}

export async function backend(world: World, dice: Dice): Promise<Draft> {
  const scope = dice.pick(['system/*.rs', 'system/Patient.r system/Observation.rs', 'patient/*.rs']);
  const fields: Field[] = [
    ['grant_type', 'client_credentials'],
    ['scope', scope],
  ];
  return atToken('token: backend', world, dice, { app: anApp(world, dice, 'backend'), fields, bound: false });
}

export async function introspect(world: World, dice: Dice): Promise<Draft> {
  const { token, clientId } = dice.pick([
    ...recent(dice, world.held.access),
    ...recent(dice, world.held.refresh),
    nobodys(dice),
  ]);
  const reader = dice.chance(0.5) ? world.apps.find(({ mayIntrospect }) => mayIntrospect) : undefined;
  const app = reader ?? holder(world, dice, clientId);
  return fromClient('introspect', { path: '/introspect', app, fields: [['token', token]] }, dice);
}

export async function revoke(world: World, dice: Dice): Promise<Draft> {
  const { access, refresh: refreshable, codes } = world.held;
  const { token, clientId } = dice.pick([...access, ...refreshable, ...codes, nobodys(dice)]);
  const fields: Field[] = [['token', token]];
  if (dice.chance(0.3)) fields.push(['token_type_hint', dice.pick(['access_token', 'refresh_token', 'other'])]);
  return fromClient('revoke', { path: '/token/revoke', app: holder(world, dice, clientId), fields }, dice);
}

export async function push(world: World, dice: Dice): Promise<Draft> {
  const app = anApp(world, dice);
  const fields = asking(world, dice, app).filter(([name]) => name !== 'client_id');
  const made = await fromClient('par', { path: '/par', app, fields }, dice);
  const bound = fields.some(([name]) => name === 'dpop_jkt');
  if (bound ? dice.chance(0.5) : app.dpopBound) made.headers['dpop'] = await proofFor(world, 'POST', '/par');
  return made;
}

/** OpenID Connect Core §5.3.1 */
export async function userinfo(world: World, dice: Dice): Promise<Draft> {
  const { token, bound } = dice.pick([...recent(dice, world.held.access), nobodys(dice)]);
  const method = dice.pick(['GET', 'POST'] as const);
  const made = draft('userinfo', method, `${OAUTH}/userinfo`, dice);
  made.headers['authorization'] = `${bound ? 'DPoP' : 'Bearer'} ${token}`;
  if (bound) {
    const ath = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(token))).toString('base64url');
    made.headers['dpop'] = await world.proof({ htm: method, htu: `${ORIGIN}${OAUTH}/userinfo`, ath });
  }
  return made;
}

/** Older ones have been revoked, or their family has ended. */
const recent = <Item>(dice: Dice, items: readonly Item[]): readonly Item[] =>
  dice.chance(0.9) ? items.slice(-8) : items;
