import type { Dice } from './dice.ts';
import type { Draft, Field } from './draft.ts';
import { madeUp } from './made-up.ts';
import { SECRET_PARAMETERS } from './secrets.ts';
import type { World } from './world.ts';

/** Texts that parsers, databases, pages and headers must handle. */
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

/** Parameters of other endpoints, of other standards, or of our own. */
const STRAY: readonly (readonly [string, (dice: Dice) => string])[] = [
  ['client_secret', madeUp],
  ['code_verifier', madeUp],
  ['request', () => 'eyJhbGciOiJub25lIn0.e30.'],
  ['request_uri', (dice) => dice.pick(['https://evil.example/r', 'urn:ietf:params:oauth:request_uri:x'])],
  ['response_mode', (dice) => dice.pick(['fragment', 'form_post', 'query'])],
  ['response_type', (dice) => dice.pick(['token', 'code id_token', 'none'])],
  ['prompt', (dice) => dice.pick(['none', 'login', 'none login'])],
  ['max_age', (dice) => dice.pick(['0', '-1', '1e9', 'NaN'])],
  ['launch', madeUp],
  ['aud', () => 'https://evil.example/fhir'],
  ['id_token_hint', madeUp],
  ['login_hint', () => '"><script>alert(1)</script>'],
  ['_asked_at', (dice) => dice.pick(['0', '1e308', '-1', 'x'])],
  ['grant_type', (dice) => dice.pick(['password', 'client_credentials', '__proto__', 'refresh_token'])],
  ['username', () => 'patientapitest'],
  ['password', madeUp],
  ['return_to', () => '//evil.example'],
  ['iss', () => 'https://evil.example'],
  [
    'scope',
    (dice) => dice.pick(['*', 'patient/*.*', 'x '.repeat(2000), 'patient/Observation.rs?category=%00|', '\ud800']),
  ],
];

type SpoilFields = (fields: Field[], dice: Dice, world: World) => void;

const atOne =
  (change: (field: Field, dice: Dice, world: World) => Field): SpoilFields =>
  (fields, dice, world) => {
    const at = dice.below(fields.length);
    const field = fields[at];
    if (field !== undefined) fields[at] = change(field, dice, world);
  };

/** RFC 6749 §3.1: each parameter at most once, unknown ones are ignored. */
const SPOILS: readonly SpoilFields[] = [
  (fields, dice) => void fields.splice(dice.below(fields.length), 1),
  (fields, dice) => void fields.push(dice.pick(fields)),
  (fields, dice) => void fields.push([dice.pick(fields)[0], dice.pick([...ODD_TEXTS, 'other', madeUp(dice)])]),
  (fields, dice) => void fields.unshift([dice.pick(fields)[0], dice.pick(['', 'other', madeUp(dice)])]),
  (fields, dice) => {
    const [name, value] = dice.pick(STRAY);
    fields.push([name, value(dice)]);
  },
  atOne(([name]) => [name, '']),
  atOne(([name], dice) => [name, dice.pick(ODD_TEXTS)]),
  atOne(([name, value], dice) => [name, inserted(value, dice.pick(ODD_TEXTS), dice)]),
  atOne(([name], dice) => [name, endless(name, dice)]),
  atOne(([name, value], dice) => [name, `${value}${value.at(-1) ?? dice.pick(ODD_TEXTS)}`]),
  atOne(([name, value]) => [name, value.slice(0, -1)]),
  atOne(([name, value], dice) => [name, dice.chance(0.5) ? value.toLowerCase() : value.toUpperCase()]),
  atOne(([name, value], dice) => [dice.pick([`${name}[]`, `${name}[0]`, name.toUpperCase(), ` ${name}`]), value]),
  atOne(([, value], dice) => [dice.pick(ODD_NAMES), value]),
  atOne(([name, value], dice, world) => [name, ofAnother(name, world, dice) ?? value]),
];

/** Mutates parameters in one list of the request, usually one that has some. */
export function spoilFields({ query, form, inner }: Draft, dice: Dice, world: World): void {
  const lists = [query, form, inner].filter(({ length }) => length > 0);
  if (lists.length > 0) dice.pick(SPOILS)(dice.pick(lists), dice, world);
}

function endless(name: string, dice: Dice): string {
  const rest = 'a'.repeat(dice.pick([201, 2001, 6001, 20_000, 300_000]));
  return SECRET_PARAMETERS.includes(name) ? madeUp(dice) + rest : rest;
}

export function inserted(text: string, odd: string, dice: Dice): string {
  const at = dice.below(text.length + 1);
  return text.slice(0, at) + odd + text.slice(at);
}

/** The value of another app, person or token for a parameter; any value for some. */
function ofAnother(name: string, { apps, people, held }: World, dice: Dice): string | undefined {
  const tokens = [...held.codes, ...held.access, ...held.refresh, ...held.pushed, ...held.launches];
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
  return of.length === 0 ? undefined : dice.pick(of);
}
