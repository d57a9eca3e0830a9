import { inventSecret } from '../../invented-secrets.ts';
import type { SeededRandom } from '../../seeded-random.ts';
import type { OAuthWorld } from '../oauth-server.ts';
import type { Field, RequestDraft } from '../request-draft.ts';
import { SECRET_PARAMETERS } from '../secrets.ts';

/** Unusual texts that parsers, databases, pages and headers must be able to handle. */
export const ODD_TEXTS: readonly string[] = [
  '\u0000',
  '\r\nset-cookie: session=x',
  '\u007f',
  '\u0085\u2028',
  '\u202e',
  '\ufeff',
  '\ud800',
  '\udfff',
  '\ud83d\ude00',
  '\u{10ffff}',
  '%',
  '%00',
  '%zz',
  '"',
  "' or 1=1 --",
  '<script>alert(1)</script>',
  '"><script src=//evil.example>',
  '\\',
  '&client_id=x',
  '#',
  '/../',
  ';',
  ' ',
  '+',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant to be seen by a template that evaluates what it is given
  '${7*7}',
];

const ODD_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  '\u0000',
  '\ud800',
  '%',
  'a[b]',
  'a.b',
];

/** Names of parameters that belong to other endpoints or other standards, or that only we have. */
const FOREIGN_PARAMETERS: readonly (readonly [string, (random: SeededRandom) => string])[] = [
  ['client_secret', inventSecret],
  ['code_verifier', inventSecret],
  ['request', () => 'eyJhbGciOiJub25lIn0.e30.'],
  ['request_uri', (random) => random.pick(['https://evil.example/r', 'urn:ietf:params:oauth:request_uri:x'])],
  ['response_mode', (random) => random.pick(['fragment', 'form_post', 'query'])],
  ['response_type', (random) => random.pick(['token', 'code id_token', 'none'])],
  ['prompt', (random) => random.pick(['none', 'login', 'none login'])],
  ['max_age', (random) => random.pick(['0', '-1', '1e9', 'NaN'])],
  ['launch', inventSecret],
  ['aud', () => 'https://evil.example/fhir'],
  ['id_token_hint', inventSecret],
  ['login_hint', () => '"><script>alert(1)</script>'],
  ['_asked_at', (random) => random.pick(['0', '1e308', '-1', 'x'])],
  ['grant_type', (random) => random.pick(['password', 'client_credentials', '__proto__', 'refresh_token'])],
  ['username', () => 'patientapitest'],
  ['password', inventSecret],
  ['return_to', () => '//evil.example'],
  ['iss', () => 'https://evil.example'],
  [
    'scope',
    (random) => random.pick(['*', 'patient/*.*', 'x '.repeat(2000), 'patient/Observation.rs?category=%00|', '\ud800']),
  ],
];

type FieldMutation = (fields: Field[], random: SeededRandom, world: OAuthWorld) => void;

const atOne =
  (change: (field: Field, random: SeededRandom, world: OAuthWorld) => Field): FieldMutation =>
  (fields, random, world) => {
    const at = random.below(fields.length);
    const field = fields[at];
    if (field !== undefined) fields[at] = change(field, random, world);
  };

/** Mutations of a list of parameters. Each parameter may be sent once, and unknown ones are ignored (RFC 6749 §3.1). */
const MUTATIONS: readonly FieldMutation[] = [
  (fields, random) => void fields.splice(random.below(fields.length), 1),
  (fields, random) => void fields.push(random.pick(fields)),
  (fields, random) =>
    void fields.push([random.pick(fields)[0], random.pick([...ODD_TEXTS, 'other', inventSecret(random)])]),
  (fields, random) => void fields.unshift([random.pick(fields)[0], random.pick(['', 'other', inventSecret(random)])]),
  (fields, random) => {
    const [name, value] = random.pick(FOREIGN_PARAMETERS);
    fields.push([name, value(random)]);
  },
  atOne(([name]) => [name, '']),
  atOne(([name], random) => [name, random.pick(ODD_TEXTS)]),
  atOne(([name, value], random) => [name, insertText(value, random.pick(ODD_TEXTS), random)]),
  atOne(([name], random) => [name, manyFields(name, random)]),
  atOne(([name, value], random) => [name, `${value}${value.at(-1) ?? random.pick(ODD_TEXTS)}`]),
  atOne(([name, value]) => [name, value.slice(0, -1)]),
  atOne(([name, value], random) => [name, random.chance(0.5) ? value.toLowerCase() : value.toUpperCase()]),
  atOne(([name, value], random) => [random.pick([`${name}[]`, `${name}[0]`, name.toUpperCase(), ` ${name}`]), value]),
  atOne(([, value], random) => [random.pick(ODD_NAMES), value]),
  atOne(([name, value], random, world) => [name, valueOfAnother(name, world, random) ?? value]),
];

/** Mutates the parameters in the query, the form or the inner request. It usually selects one that has parameters. */
export function mutateFields({ query, form, inner }: RequestDraft, random: SeededRandom, world: OAuthWorld): void {
  const lists = [query, form, inner].filter(({ length }) => length > 0);
  if (lists.length > 0) random.pick(MUTATIONS)(random.pick(lists), random, world);
}

function manyFields(name: string, random: SeededRandom): string {
  const rest = 'a'.repeat(random.pick([201, 2001, 6001, 20_000, 300_000]));
  return SECRET_PARAMETERS.includes(name) ? inventSecret(random) + rest : rest;
}

export function insertText(text: string, odd: string, random: SeededRandom): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + odd + text.slice(at);
}

/** Returns a value of the same parameter from another app, person or token. For some parameters any value will do. */
function valueOfAnother(name: string, { apps, people, recent }: OAuthWorld, random: SeededRandom): string | undefined {
  const tokens = [...recent.codes, ...recent.access, ...recent.refresh, ...recent.pushed, ...recent.launches];
  const values: Readonly<Record<string, readonly string[]>> = {
    client_id: apps.map(({ clientId }) => clientId),
    client_secret: apps.map(({ secret }) => secret),
    redirect_uri: apps.flatMap(({ redirectUris, launchUri = [] }) => redirectUris.concat(launchUri)),
    csrf: people.map(({ csrf }) => csrf),
    record: people.flatMap(({ records }) => records),
    patient: people.flatMap(({ records }) => records),
    app: apps.map(({ clientId }) => clientId),
  };
  const of = values[name] ?? tokens.map(({ token }) => token);
  return of.length === 0 ? undefined : random.pick(of);
}
