import type { ServedType } from '../../../src/fhir/index.ts';
import type { SeededRandom } from '../fuzzing/seeded-random.ts';
import { FIRST_DIRECTORY, SECOND_DIRECTORY } from './record.ts';
import { PARTS_OF_SEARCHES } from './searches.ts';
import { type HuntContext, pickId, pickReference, pickType, pickValue } from './values.ts';

export type Pair = readonly [name: string, value: string];

export interface LeakRequest {
  /** Kind of the request, for counting. */
  readonly kind: string;
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** Path below the base URL, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string;
  /** True if the client must never get 200, whether the resource exists or not. */
  readonly isDenied?: true;
}

const createRequest = (family: string, path: string, more: Partial<LeakRequest> = {}): LeakRequest => ({
  kind: family,
  method: 'GET',
  path,
  headers: {},
  ...more,
});

export const formatQuery = (pairs: readonly Pair[]): string =>
  pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');

/** Makes a search by GET, or by POST with all, half or none of its parameters in the URL. */
export function makeSearch(family: string, path: string, pairs: readonly Pair[], random: SeededRandom): LeakRequest {
  const whole = createRequest(family, `${path}?${formatQuery(pairs)}`);
  if (random.chance(0.75)) return varyRequest(whole, random);
  const split = random.below(pairs.length + 1);
  const address = split === 0 ? '' : `?${formatQuery(pairs.slice(0, split))}`;
  const payload = formatQuery(pairs.slice(split));
  const where = path.includes('$') ? path : `${path}/_search`;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  return varyRequest(
    createRequest(`${family} by POST`, where + address, { method: 'POST', payload, headers: form }),
    random,
  );
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

/** Varies a request: another format, more conditions, no body, or another case. */
function varyRequest(request: LeakRequest, random: SeededRandom): LeakRequest {
  const headers = random.chance(0.3) ? { ...random.pick(HEADERS), ...request.headers } : request.headers;
  const method = request.method === 'GET' && random.chance(0.04) ? 'HEAD' : request.method;
  const [path = '', ...query] = request.path.split('?');
  const other = random.chance(0.08) ? random.pick([path.toUpperCase(), path.toLowerCase(), `${path}/`]) : path;
  return { ...request, headers, method, path: [other, ...query].join('?') };
}

function makeRead(scene: HuntContext, random: SeededRandom): LeakRequest {
  const { name, stored } = pickType(scene, random);
  const address = `/${name}/${pickId(stored, scene, random)}`;
  const more = random.pick([
    '',
    '',
    '',
    '/_history',
    '/_history/1',
    '/_history/2',
    '/_history/9',
    '/_history?_count=1',
  ]);
  const subset =
    more === '' && random.chance(0.3) ? random.pick(['?_summary=true', '?_elements=subject', '?_summary=text']) : '';
  return varyRequest(createRequest('read', address + more + subset), random);
}

function makeDocumentRequest(scene: HuntContext, random: SeededRandom): LeakRequest {
  const id =
    random.chance(0.8) && scene.documents.length > 0
      ? random.pick(scene.documents)
      : pickId('DocumentReference', scene, random);
  return varyRequest(
    createRequest(
      'document',
      random.pick([`/document/txt-${id}`, `/document/pdf-${id}`, `/Binary/${id}`, `/binary/${id}`]),
    ),
    random,
  );
}

/** Makes a call of an operation with values for its own parameters, and with search parameters of its type. */
function makeOperation(scene: HuntContext, random: SeededRandom): LeakRequest {
  const { operations } = scene.version;
  if (operations.length === 0) return makeRead(scene, random);
  const { name, type, levels, parameters } = random.pick(operations);
  const level: string = random.pick(levels);
  const instance = `/${type}/${pickId(type, scene, random)}`;
  const path = `${level === 'system' || type === '' ? '' : level === 'instance' ? instance : `/${type}`}/$${name}`;
  const pairs = parameters.flatMap((one): Pair[] =>
    random.chance(one.name === 'url' ? 0.8 : 0.2) ? [[one.name, makeOperand(one.name, scene, random)]] : [],
  );
  return makeSearch(`$${name}`, path, pairs, random);
}

export function makeOperand(name: string, scene: HuntContext, random: SeededRandom): string {
  if (/patient|subject|group|member/i.test(name)) return pickReference(['Patient'], scene, random);
  if (/^_?(start|end|since|date)$/i.test(name)) return pickValue('date', [], scene, random).replace(/^[a-z]+/, '');
  if (name === 'url' || name === 'identifier')
    return random.pick([`urn:${random.pick(DIRECTORIES)}:url`, `urn:ids|Patient-0`]);
  if (/^(include|exclude|active)/.test(name)) return random.pick(['true', 'false']);
  if (/^_?(count|offset)$/.test(name)) return random.pick(['0', '1', '2']);
  if (name === 'contextDirection') return 'outgoing';
  if (name === 'profile') return 'http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips';
  if (name === '_type') return `${pickType(scene, random).name},${pickType(scene, random).name}`;
  if (name === '_typeFilter')
    return `${pickType(scene, random).name}?_id=${pickId(pickType(scene, random).stored, scene, random)}`;
  return pickValue(random.pick(['token', 'string', 'reference', 'date']), [], scene, random);
}

const DIRECTORIES = [FIRST_DIRECTORY.canary, SECOND_DIRECTORY.canary];
const SEARCHES = Object.entries(PARTS_OF_SEARCHES);

function searchesOf(scene: HuntContext, random: SeededRandom): LeakRequest {
  const served: ServedType = pickType(scene, random);
  const [family, part] = random.pick(SEARCHES);
  const pairs = [...part(served, scene, random)];
  while (random.chance(0.35)) pairs.push(...random.pick(SEARCHES)[1](served, scene, random));
  return makeSearch(family, `/${served.name}`, pairs, random);
}

export function makeRandomRequest(scene: HuntContext, random: SeededRandom): LeakRequest {
  const kind = random.below(20);
  if (kind < 4) return makeRead(scene, random);
  if (kind === 4) return makeDocumentRequest(scene, random);
  if (kind < 8) return makeOperation(scene, random);
  return searchesOf(scene, random);
}
