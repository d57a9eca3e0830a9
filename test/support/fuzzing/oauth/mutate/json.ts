import type { SeededRandom } from '../../seeded-random.ts';
import type { RequestDraft } from '../request-draft.ts';
import { ODD_TEXTS } from './fields.ts';

/** Values of types that client metadata doesn't allow (RFC 7591 §3.2.2). */
const pickWrongType = (random: SeededRandom): unknown =>
  random.pick<unknown>([
    null,
    0,
    -1.5,
    1e300,
    true,
    '',
    [],
    {},
    [[]],
    [null],
    [1, 'a'],
    { length: 1, 0: 'a' },
    { toString: 'x' },
    nest(500),
    'x'.repeat(random.pick([201, 2001, 5000])),
    Array.from({ length: 60 }, (_, i) => `https://self.example/${i}`),
    random.pick(ODD_TEXTS),
    [random.pick(ODD_TEXTS)],
    `https://self.example/${random.pick(ODD_TEXTS)}`,
    [`https://self.example/${random.pick(ODD_TEXTS)}`],
  ]);

const MEMBERS = [
  'redirect_uris',
  'client_name',
  'scope',
  'jwks',
  'jwks_uri',
  'token_endpoint_auth_method',
  'grant_types',
  'client_id',
  'client_secret',
  'contacts',
  'logo_uri',
  'dpop_bound_access_tokens',
  'software_id',
  'kind',
  'practice_ids',
  'may_introspect',
  'state',
];

const KEYS: readonly unknown[] = [
  'http://169.254.169.254/latest',
  'https://127.0.0.1/jwks',
  'file:///etc/passwd',
  { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] },
  { keys: [{ kty: 'oct', k: 'AAAA' }] },
  { keys: Array(200).fill({ kty: 'EC' }) },
  { keys: 'x' },
];

/** Mutates the JSON body of a request, if it has one. */
export function mutateJson({ json }: RequestDraft, random: SeededRandom): void {
  if (json === undefined) return;
  const name = random.pick(MEMBERS);
  const way = random.below(5);
  if (way === 0) delete json[name];
  else if (way === 1) json[random.pick(['jwks', 'jwks_uri'])] = random.pick(KEYS);
  else json[name] = pickWrongType(random);
}

const nest = (levels: number): unknown => {
  let inside: unknown = 'x';
  for (let level = 0; level < levels; level++) inside = level % 2 === 0 ? [inside] : { a: inside };
  return inside;
};
