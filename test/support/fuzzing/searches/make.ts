import fc from 'fast-check';
import { dstu2, r4 } from '../../../../src/fhir/index.ts';
import { getSearchParameters } from '../../../../src/fhir/search/search-criteria.ts';
import { DSTU2, R4 } from '../../people/patient.ts';
import { SECRET_PREFIX } from '../invented-secrets.ts';
import { ACCEPTS, BODIES, CONTENT_TYPES, CURSORS, ENCODINGS, FORMATS, PATHS, VALUES } from './corpus.ts';

/** A request that is malicious or very unusual. */
export interface HostileRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string;
}

const BASES = [
  { base: R4, version: r4 },
  { base: R4, version: r4 },
  { base: DSTU2, version: dstu2 },
];

const MODIFIERS = [
  '',
  '',
  '',
  ':missing',
  ':not',
  ':text',
  ':exact',
  ':contains',
  ':in',
  ':not-in',
  ':below',
  ':above',
  ':identifier',
  ':of-type',
  ':iterate',
  ':Patient',
  ':a:b',
  ':',
  '::',
  ':%00',
  ':__proto__',
  `:${'x'.repeat(500)}`,
];
const RESULTS = [
  '_count',
  '_maxresults',
  '_sort',
  '_sort:desc',
  '_total',
  '_summary',
  '_elements',
  'page',
  '_include',
  '_include:iterate',
  '_revinclude',
  '_revinclude:iterate',
  '_id',
  '_lastUpdated',
  '_tag',
  '_profile',
  '_security',
  '_contained',
  '_containedType',
  '_query',
  '_filter',
  '_content',
  '_text',
  '_type',
  '_list',
  '_score',
  '_since',
  'start',
  'end',
  'patient',
  'subject',
  'access_token',
];

const utf8 = (value: string): string => encodeURIComponent(value.replaceAll(/[\ud800-\udfff]/g, '\ufffd'));
const anyText = fc.string({ unit: 'binary', maxLength: 40 }).map(utf8);
const marked = fc.string({ maxLength: 8 }).map((more) => SECRET_PREFIX + utf8(more));
const number = fc.oneof(fc.bigInt(), fc.double(), fc.integer()).map(String);
const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 2, arbitrary: anyText },
  { weight: 2, arbitrary: marked },
  { weight: 1, arbitrary: number },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('gt', 'ne', 'ap', 'sa', 'zz', ''), number).map(([prefix, one]) => prefix + one),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.constantFrom(...VALUES.filter((one) => one.length < 60)), { maxLength: 30 })
      .map((all) => all.join(',')),
  },
);

type Base = (typeof BASES)[number];
type Served = Base['version']['types'][number];

const parameterOf = ({ version }: Base, served: Served): fc.Arbitrary<string> => {
  const names = getSearchParameters(served).map(({ name }) => name);
  const all = version.types.flatMap(({ name, parameters }) =>
    parameters.map((one) => ({ type: name, name: one.name })),
  );
  const own = fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...MODIFIERS))
    .map(([name, modifier]) => name + modifier);
  const links = fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 6 });
  return fc.oneof(
    { weight: 6, arbitrary: own },
    {
      weight: 2,
      arbitrary: links.map(
        (list) => list.map(({ type, name }) => `_has:${type}:${name}:`).join('') + (list[0]?.name ?? ''),
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...names), links)
        .map(([name, list]) => [name, ...list.map((one) => one.name)].join('.')),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...names), links)
        .map(([name, list]) => [name, ...list.map((one) => `${one.name}:${one.type}`)].join('.')),
    },
    { weight: 3, arbitrary: fc.constantFrom(...RESULTS) },
    { weight: 1, arbitrary: value },
  );
};

/** Values of result parameters such as `_count` that are almost valid. */
const NEARLY: Readonly<Record<string, fc.Arbitrary<string>>> = {
  _count: fc.constantFrom('0', '-1', '1', '1000', '1001', '99999999999999999999', '1.5', '', ' 1', '0x1', '%00'),
  page: fc.constantFrom('0', '1', '-1', '999999', '1000000', '9999999999999', '1.0', '%00'),
  _sort: fc.constantFrom(
    'date',
    '-date',
    '--date',
    'nothing',
    'date,-_id',
    '-',
    ',',
    '_lastUpdated',
    '__proto__',
    'date:desc',
    '%00',
  ),
  _summary: fc.constantFrom('true', 'text', 'data', 'count', 'false', 'TRUE', '1', '', '%00'),
  _elements: fc.constantFrom('id', '__proto__', 'constructor,toString', '*', '..', 'a.b.c', ',,,', '%00'),
  _include: fc.constantFrom(
    '*',
    '*:*',
    'Observation:*',
    ':',
    '::',
    'Observation:subject:Patient:x',
    '__proto__:constructor',
    'Observation:__proto__',
    '%00',
  ),
  _revinclude: fc.constantFrom('*', 'Provenance:target', ':', 'Observation:subject', '__proto__:x', '%00'),
  _cursor: fc.constantFrom(...CURSORS),
  _format: fc.constantFrom(...FORMATS),
};

const pairFor = (base: Base, served: Served): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.tuple(parameterOf(base, served), value).map(([name, one]) => `${name}=${one}`) },
    ...Object.entries(NEARLY).map(([name, one]) => ({ weight: 1, arbitrary: one.map((text) => `${name}=${text}`) })),
  );

const headers = fc.record(
  {
    accept: fc.constantFrom(...ACCEPTS),
    'accept-encoding': fc.constantFrom(...ENCODINGS),
    prefer: fc.constantFrom('handling=strict', 'handling=lenient', 'handling=', 'respond-async', 'a'.repeat(2000)),
    'if-none-match': fc.constantFrom('*', '"', 'W/', 'W/"1"', ','.repeat(2000)),
    'if-modified-since': fc.constantFrom('0', 'never', 'Mon, 02 Nov 2026 09:00:00 GMT'),
    range: fc.constantFrom('bytes=-1', 'bytes=99999999999999999999-', 'bytes=0-0,1-1', 'x'),
    'x-forwarded-for': fc.constantFrom("'", '127.0.0.1, '.repeat(200)),
    'x-http-method-override': fc.constantFrom('DELETE', 'PUT'),
  },
  { requiredKeys: [] },
);
const sometimes = fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: headers });

const searches: fc.Arbitrary<HostileRequest> = fc.constantFrom(...BASES).chain((base) =>
  fc.constantFrom(...base.version.types).chain((served) =>
    fc
      .tuple(
        fc.array(pairFor(base, served), { minLength: 1, maxLength: 6 }),
        sometimes,
        fc.nat(9),
        fc.constantFrom(...CONTENT_TYPES),
        fc.constantFrom(...BODIES),
      )
      .map(([pairs, given, way, contentType, body]): HostileRequest => {
        const path = `${base.base}/${served.name}`;
        // Repeats the parameters as often as a URL has space for them.
        const query = (way === 1 ? Array.from({ length: 40 }, () => pairs).flat() : pairs).join('&');
        const form = { ...given, 'content-type': 'application/x-www-form-urlencoded' };
        if (way === 2) return { method: 'POST', url: `${path}/_search`, headers: form, payload: query };
        if (way === 3)
          return {
            method: 'POST',
            url: `${path}/_search?${query}`,
            headers: { ...given, 'content-type': contentType },
            payload: body,
          };
        return { method: way === 4 ? 'HEAD' : 'GET', url: `${path}?${query}`, headers: given };
      }),
  ),
);

/** Makes calls of each operation, in both versions of FHIR, with unusual parameters. */
const operations: fc.Arbitrary<HostileRequest> = fc
  .tuple(
    fc.constantFrom(...r4.operations),
    fc.array(fc.tuple(fc.nat(20), value), { maxLength: 4 }),
    fc.constantFrom(...CONTENT_TYPES),
    fc.constantFrom(...BODIES),
    fc.nat(3),
    sometimes,
  )
  .map(([{ type, name, parameters, levels }, given, contentType, payload, way, more]): HostileRequest => {
    const pairs = given.map(([at, one]) => `${parameters[at % Math.max(1, parameters.length)]?.name ?? '_x'}=${one}`);
    const below = type === '' || type === undefined ? '' : `/${type}`;
    const path = `${R4}${below}${levels.some((level) => level === 'instance') && way > 1 ? '/0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f' : ''}/$${name}`;
    if (way === 0) return { method: 'POST', url: path, headers: { ...more, 'content-type': contentType }, payload };
    return { method: 'GET', url: `${path}?${pairs.join('&')}`, headers: more };
  });

const paths: fc.Arbitrary<HostileRequest> = fc
  .tuple(
    fc.constantFrom(...BASES),
    fc.constantFrom(...PATHS),
    sometimes,
    fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'),
    fc.constantFrom(...CONTENT_TYPES),
    fc.constantFrom(...BODIES),
  )
  .map(([{ base }, path, given, method, contentType, payload]): HostileRequest => {
    const hasBody = ['POST', 'PUT', 'PATCH'].includes(method);
    return {
      method,
      url: base + path,
      headers: hasBody ? { ...given, 'content-type': contentType } : given,
      ...(hasBody ? { payload } : {}),
    };
  });

export const hostileRequest: fc.Arbitrary<HostileRequest> = fc.oneof(
  { weight: 12, arbitrary: searches },
  { weight: 2, arbitrary: operations },
  { weight: 2, arbitrary: paths },
);
