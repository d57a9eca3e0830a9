import type { ServedType } from '../../../../src/fhir/index.ts';
import type { Dice } from '../dice.ts';
import { FIRST_DIRECTORY, SECOND_DIRECTORY } from './record.ts';
import { PARTS_OF_SEARCHES } from './searches.ts';
import { anId, aReference, aType, aValue, type Scene } from './values.ts';

export type Pair = readonly [name: string, value: string];

export interface Asked {
  /** The kind of the request. */
  readonly family: string;
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** The path under the base, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string;
  /** The client has no access to it, whether it exists or not. */
  readonly refused?: true;
}

const ask = (family: string, path: string, more: Partial<Asked> = {}): Asked => ({
  family,
  method: 'GET',
  path,
  headers: {},
  ...more,
});

export const queryOf = (pairs: readonly Pair[]): string =>
  pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');

/** Sends a search by GET, or by POST with all, half or none of it in the URL. */
export function searching(family: string, path: string, pairs: readonly Pair[], dice: Dice): Asked {
  const whole = ask(family, `${path}?${queryOf(pairs)}`);
  if (dice.chance(0.75)) return dressed(whole, dice);
  const split = dice.below(pairs.length + 1);
  const address = split === 0 ? '' : `?${queryOf(pairs.slice(0, split))}`;
  const payload = queryOf(pairs.slice(split));
  const where = path.includes('$') ? path : `${path}/_search`;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  return dressed(ask(`${family} by POST`, where + address, { method: 'POST', payload, headers: form }), dice);
}

const HEADERS: readonly Readonly<Record<string, string>>[] = [
  { accept: 'application/fhir+xml' },
  { accept: 'application/xml' },
  { 'if-none-match': '*' },
  { 'if-none-match': 'W/"1"' },
  { 'if-none-match': 'W/"2", "1"' },
  { 'if-modified-since': 'Mon, 02 Nov 2026 09:06:00 GMT' },
  { prefer: 'handling=strict' },
  { prefer: 'respond-async' },
  { range: 'bytes=0-9' },
  { 'if-range': 'W/"1"', range: 'bytes=3-' },
];

/** Changes the format, adds conditions, removes the body, or changes the case. */
function dressed(asked: Asked, dice: Dice): Asked {
  const headers = dice.chance(0.3) ? { ...dice.pick(HEADERS), ...asked.headers } : asked.headers;
  const method = asked.method === 'GET' && dice.chance(0.04) ? 'HEAD' : asked.method;
  const [path = '', ...query] = asked.path.split('?');
  const other = dice.chance(0.08) ? dice.pick([path.toUpperCase(), path.toLowerCase(), `${path}/`]) : path;
  return { ...asked, headers, method, path: [other, ...query].join('?') };
}

function reading(scene: Scene, dice: Dice): Asked {
  const { name, stored } = aType(scene, dice);
  const address = `/${name}/${anId(stored, scene, dice)}`;
  const more = dice.pick(['', '', '', '/_history', '/_history/1', '/_history/2', '/_history/9', '/_history?_count=1']);
  const subset =
    more === '' && dice.chance(0.3) ? dice.pick(['?_summary=true', '?_elements=subject', '?_summary=text']) : '';
  return dressed(ask('read', address + more + subset), dice);
}

function opening(scene: Scene, dice: Dice): Asked {
  const id =
    dice.chance(0.8) && scene.documents.length > 0
      ? dice.pick(scene.documents)
      : anId('DocumentReference', scene, dice);
  return dressed(
    ask('document', dice.pick([`/document/txt-${id}`, `/document/pdf-${id}`, `/Binary/${id}`, `/binary/${id}`])),
    dice,
  );
}

/** Calls an operation with values for its declared parameters, and with search parameters of its type. */
function operating(scene: Scene, dice: Dice): Asked {
  const { operations } = scene.version;
  if (operations.length === 0) return reading(scene, dice);
  const { name, type, levels, parameters } = dice.pick(operations);
  const level: string = dice.pick(levels);
  const instance = `/${type}/${anId(type, scene, dice)}`;
  const path = `${level === 'system' || type === '' ? '' : level === 'instance' ? instance : `/${type}`}/$${name}`;
  const pairs = parameters.flatMap((one): Pair[] =>
    dice.chance(one.name === 'url' ? 0.8 : 0.2) ? [[one.name, operand(one.name, scene, dice)]] : [],
  );
  return searching(`$${name}`, path, pairs, dice);
}

export function operand(name: string, scene: Scene, dice: Dice): string {
  if (/patient|subject|group|member/i.test(name)) return aReference(['Patient'], scene, dice);
  if (/^_?(start|end|since|date)$/i.test(name)) return aValue('date', [], scene, dice).replace(/^[a-z]+/, '');
  if (name === 'url' || name === 'identifier')
    return dice.pick([`urn:${dice.pick(DIRECTORIES)}:url`, `urn:ids|Patient-0`]);
  if (/^(include|exclude|active)/.test(name)) return dice.pick(['true', 'false']);
  if (/^_?(count|offset)$/.test(name)) return dice.pick(['0', '1', '2']);
  if (name === 'contextDirection') return 'outgoing';
  if (name === 'profile') return 'http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips';
  if (name === '_type') return `${aType(scene, dice).name},${aType(scene, dice).name}`;
  if (name === '_typeFilter') return `${aType(scene, dice).name}?_id=${anId(aType(scene, dice).stored, scene, dice)}`;
  return aValue(dice.pick(['token', 'string', 'reference', 'date']), [], scene, dice);
}

const DIRECTORIES = [FIRST_DIRECTORY.canary, SECOND_DIRECTORY.canary];
const SEARCHES = Object.entries(PARTS_OF_SEARCHES);

function searchesOf(scene: Scene, dice: Dice): Asked {
  const served: ServedType = aType(scene, dice);
  const [family, part] = dice.pick(SEARCHES);
  const pairs = [...part(served, scene, dice)];
  while (dice.chance(0.35)) pairs.push(...dice.pick(SEARCHES)[1](served, scene, dice));
  return searching(family, `/${served.name}`, pairs, dice);
}

/** Makes a request of any kind. */
export function aRequest(scene: Scene, dice: Dice): Asked {
  const kind = dice.below(20);
  if (kind < 4) return reading(scene, dice);
  if (kind === 4) return opening(scene, dice);
  if (kind < 8) return operating(scene, dice);
  return searchesOf(scene, dice);
}
