import { OAUTH } from '../patient.ts';
import type { Dice } from './dice.ts';
import { type Draft, draft } from './draft.ts';
import { madeUp } from './made-up.ts';
import type { World } from './world.ts';

const REDIRECTS = [
  'https://self.example/callback',
  'https://self.example/other?a=b',
  'http://127.0.0.1/cb',
  'http://localhost:3000/cb',
  'org.example.self:/callback',
];
const METHODS = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'];

/** RFC 7591 §2 */
function metadata(world: World, dice: Dice): Record<string, unknown> {
  const method = dice.pick(METHODS);
  return {
    client_name: dice.pick(['Self', 'Ünïcödé 😀', 'A <b>bold</b> app']),
    redirect_uris: REDIRECTS.filter(() => dice.chance(0.5)).concat('https://self.example/always'),
    token_endpoint_auth_method: method,
    ...(method === 'private_key_jwt' ? { jwks: world.keys.jwks } : {}),
    ...(dice.chance(0.5) ? { scope: 'openid fhirUser offline_access launch/patient patient/*.rs' } : {}),
    ...(dice.chance(0.3) ? { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] } : {}),
    ...(dice.chance(0.3) ? { client_uri: 'https://self.example/', contacts: ['dev@self.example'] } : {}),
    ...(dice.chance(0.2) ? { id_token_signed_response_alg: 'ES256', dpop_bound_access_tokens: dice.chance(0.5) } : {}),
  };
}

export function register(world: World, dice: Dice): Draft {
  const made = draft('register', 'POST', `${OAUTH}/register`, dice);
  return { ...made, headers: { 'content-type': 'application/json' }, json: metadata(world, dice) };
}

/** RFC 7592 §2 */
const managed =
  (kind: 'manage: read' | 'manage: replace' | 'manage: remove', method: 'GET' | 'PUT' | 'DELETE') =>
  (world: World, dice: Dice): Draft => {
    const { registered } = world.held;
    const own = registered.length > 0 && dice.chance(0.95) ? dice.pick(registered) : undefined;
    const { clientId, secret } = own?.app ?? { clientId: dice.pick(world.apps).clientId, secret: '' };
    const made = draft(kind, method, `${OAUTH}/register/${clientId}`, dice);
    made.headers['authorization'] = `Bearer ${own?.token ?? madeUp(dice)}`;
    if (method !== 'PUT') return made;
    made.headers['content-type'] = 'application/json';
    const known = secret !== '' && dice.chance(0.3) ? { client_secret: secret } : {};
    return { ...made, json: { ...metadata(world, dice), client_id: clientId, ...known } };
  };

export const readRegistration = managed('manage: read', 'GET');
export const replaceRegistration = managed('manage: replace', 'PUT');
export const removeRegistration = managed('manage: remove', 'DELETE');
