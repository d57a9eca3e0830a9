import { OAUTH } from '../../../people/patient.ts';
import { inventSecret } from '../../invented-secrets.ts';
import type { SeededRandom } from '../../seeded-random.ts';
import type { OAuthWorld } from '../oauth-server.ts';
import { createDraft, type RequestDraft } from '../request-draft.ts';

const REDIRECTS = [
  'https://self.example/callback',
  'https://self.example/other?a=b',
  'http://127.0.0.1/cb',
  'http://localhost:3000/cb',
  'org.example.self:/callback',
];
const METHODS = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'];

/** Makes valid client metadata (RFC 7591 §2). */
function metadata(world: OAuthWorld, random: SeededRandom): Record<string, unknown> {
  const method = random.pick(METHODS);
  return {
    client_name: random.pick(['Self', 'Ünïcödé 😀', 'A <b>bold</b> app']),
    redirect_uris: REDIRECTS.filter(() => random.chance(0.5)).concat('https://self.example/always'),
    token_endpoint_auth_method: method,
    ...(method === 'private_key_jwt' ? { jwks: world.keys.jwks } : {}),
    ...(random.chance(0.5) ? { scope: 'openid fhirUser offline_access launch/patient patient/*.rs' } : {}),
    ...(random.chance(0.3) ? { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] } : {}),
    ...(random.chance(0.3) ? { client_uri: 'https://self.example/', contacts: ['dev@self.example'] } : {}),
    ...(random.chance(0.2)
      ? { id_token_signed_response_alg: 'ES256', dpop_bound_access_tokens: random.chance(0.5) }
      : {}),
  };
}

export function register(world: OAuthWorld, random: SeededRandom): RequestDraft {
  const made = createDraft('register', 'POST', `${OAUTH}/register`, random);
  return { ...made, headers: { 'content-type': 'application/json' }, json: metadata(world, random) };
}

/** Makes a request to a client configuration endpoint (RFC 7592 §2). */
const managed =
  (kind: 'manage: read' | 'manage: replace' | 'manage: remove', method: 'GET' | 'PUT' | 'DELETE') =>
  (world: OAuthWorld, random: SeededRandom): RequestDraft => {
    const { registered } = world.recent;
    const own = registered.length > 0 && random.chance(0.95) ? random.pick(registered) : undefined;
    const { clientId, secret } = own?.app ?? { clientId: random.pick(world.apps).clientId, secret: '' };
    const made = createDraft(kind, method, `${OAUTH}/register/${clientId}`, random);
    made.headers['authorization'] = `Bearer ${own?.token ?? inventSecret(random)}`;
    if (method !== 'PUT') return made;
    made.headers['content-type'] = 'application/json';
    const known = secret !== '' && random.chance(0.3) ? { client_secret: secret } : {};
    return { ...made, json: { ...metadata(world, random), client_id: clientId, ...known } };
  };

export const readRegistration = managed('manage: read', 'GET');
export const replaceRegistration = managed('manage: replace', 'PUT');
export const removeRegistration = managed('manage: remove', 'DELETE');
