import { describe, expect, it } from 'vitest';
import { r4 } from '../r4/index.ts';
import { type QueryParameter, readSearch } from './search-request.ts';

const BASE = 'https://records.example/r4';
const read = (type: string, query: string, strict = false) => {
  const served = r4.types.find(({ name }) => name === type);
  if (served === undefined) throw new Error(type);
  const pairs: readonly QueryParameter[] = [...new URLSearchParams(query)];
  return readSearch(pairs, { version: r4, served, base: BASE, now: new Date('2026-11-02') }, strict);
};
const rejection = (code: string) => expect.objectContaining({ code, status: 400 });

describe('reading a search', () => {
  it('reads repeated parameters as AND and commas as OR (FHIR R4 search §3.1.1.4.0.1)', () => {
    const { conditions } = read('Observation', 'category=laboratory,vital-signs&category=urn:x|y&date=ge2024');
    expect(conditions).toEqual([
      {
        kind: 'token',
        index: 'category',
        values: [
          { system: undefined, code: 'laboratory' },
          { system: undefined, code: 'vital-signs' },
        ],
      },
      { kind: 'token', index: 'category', values: [{ system: 'urn:x', code: 'y' }] },
      { kind: 'date', index: 'date', values: [expect.objectContaining({ prefix: 'ge' })] },
    ]);
  });

  it('ignores empty values', () => {
    expect(read('Observation', 'category=&code=,&date=&_count=&_id=', true).conditions).toEqual([]);
  });

  it('reads the patient in every notation', () => {
    const { patients } = read('Observation', `patient=1&subject=Patient/2&subject:Patient=3&patient=${BASE}/Patient/4`);
    expect(patients.map((one) => one.map(({ id }) => id))).toEqual([['1'], ['2'], ['3'], ['4']]);
  });

  it('reads the patient on types without such a parameter, so that another patient is rejected there', () => {
    expect(read('Practitioner', 'patient=7,8').patients).toEqual([
      [
        { type: 'Patient', id: '7' },
        { type: 'Patient', id: '8' },
      ],
    ]);
    expect(read('Immunization', 'subject=Patient/7').patients).toEqual([[{ type: 'Patient', id: '7' }]]);
    for (const { name } of r4.types) expect(read(name, 'subject=7').patients).toMatchObject([[{ id: '7' }]]);
  });

  it.each([
    ['', 50],
    ['_count=10', 10],
    ['_maxresults=7', 7],
    ['_count=0', 0],
    ['_count=999999', 1000],
  ])('%s requests a page of %i matches', (query, count) => {
    expect(read('Observation', query).count).toBe(count);
  });

  it.each(['_count=ten', '_count=-1', '_maxresults=1.5'])('rejects %s', (query) => {
    expect(() => read('Observation', query)).toThrow(rejection('search-invalid'));
  });

  it.each([
    ['', 'main', true],
    ['_sort=date', 'main', false],
    ['_sort=-date', 'main', true],
    ['_sort=_lastUpdated', 'updated', false],
    ['_sort=-_lastUpdated', 'updated', true],
    ['_sort=-date,_id', 'main', true],
    ['_sort=_id', 'id', false],
    ['_sort=-_id', 'id', true],
    ['_sort:desc=date', 'main', true],
    ['_sort:asc=date', 'main', false],
    ['_sort=code', 'main', true],
  ])('%s sorts by %s, descending: %s', (query, kind, descending) => {
    expect(read('Observation', query).sort).toEqual({ key: { kind }, descending });
  });

  it('sorts by a date parameter of the type', () => {
    expect(read('Condition', '_sort=recorded-date').sort).toEqual({
      key: { kind: 'date', index: 'recorded-date' },
      descending: false,
    });
  });

  it('sorts by the first of several keys, and rejects several when handling is strict', () => {
    expect(read('Observation', '_sort=_lastUpdated,-date').appliedParameters).toEqual([['_sort', '_lastUpdated']]);
    expect(() => read('Observation', '_sort=_lastUpdated,-date', true)).toThrow(rejection('parameter-unknown'));
  });

  it('includes Provenance if it is requested and supported', () => {
    const [include, ...others] = read('Observation', '_revinclude=Provenance:target').includes;
    expect(include).toMatchObject({ direction: 'from', source: { name: 'Provenance' }, iterate: false });
    expect(others).toEqual([]);
    expect(read('Observation', '_revinclude=Nothing:target').includes).toEqual([]);
  });

  it('ignores unknown parameters and leaves them out of the links (FHIR R4 search §3.1.1.2)', () => {
    const { appliedParameters, conditions } = read(
      'Observation',
      'foo=1&code=x&_contained=true&_score=1&_list=1&_query=a&_filter=code%20eq%20x&_text=x&_content=x&_in=1&_include=Observation:nothing&_total=some&_format=json&page=0&_sort=code',
    );
    expect(appliedParameters).toEqual([['code', 'x']]);
    expect(conditions).toHaveLength(1);
  });

  const PARAMETERS = /category, code, .*date, .*status/;
  it.each([
    ['foo=1', PARAMETERS],
    ['_contained=true', PARAMETERS],
    ['_include=Observation:nothing', /Observation:encounter, /],
    ['_include=Encounter:location', /Observation:encounter, /],
    ['_total=some', /accurate, estimate or none/],
    ['_sort=code', /-date, date, -_lastUpdated/],
    ['_revinclude=Foo:bar', /Provenance:target/],
    ...['_list', '_query', '_filter', '_text', '_content', '_containedType'].map(
      (name) => [`${name}=x`, PARAMETERS] as const,
    ),
    ['page=0', /start at 1/],
  ] as const)('rejects %s when handling is strict, and lists what is supported', (query, message) => {
    expect(() => read('Observation', query, true)).toThrow(rejection('parameter-unknown'));
    expect(() => read('Observation', query, true)).toThrow(message);
  });

  it('accepts _format and _pretty when handling is strict', () => {
    expect(read('Observation', '_format=json&_pretty=true', true).appliedParameters).toEqual([]);
  });

  it.each([
    'code:in=http://example.org/codes',
    'date:not=2020',
    'date:missing=maybe',
    'value-quantity=much',
    '_summary=some',
    'encounter.nothing=x',
    'category.code=x',
    'encounter.location.partof.partof.name=x',
    '_has:Observation:nothing:code=x',
    '_has:Observation:has-member=x',
    '_id:not=1',
    'subject:Group=1',
    'patient:Patient:identifier=x',
    'subject:Patient:x=1',
    'foo:a:b=1',
    '_sort:asc:secret=date',
    '_revinclude:iterate:x=Provenance:target',
  ])('rejects %s, because ignoring it would change the matches', (query) => {
    expect(() => read('Observation', query)).toThrow(rejection('search-invalid'));
  });

  it('limits the number of links to other resources', () => {
    const chains = (count: number) => Array.from({ length: count }, () => 'encounter.class=AMB').join('&');
    expect(read('Observation', chains(10)).conditions).toHaveLength(10);
    expect(() => read('Observation', chains(11))).toThrow(rejection('search-invalid'));
    expect(() => read('Observation', 'focus:Observation.focus._id=x')).toThrow(rejection('search-invalid'));
    expect(read('Observation', 'focus:Observation.focus:Encounter._id=x').conditions).toHaveLength(1);
  });

  it('includes resources once if they are requested twice', () => {
    const once = read('Observation', '_include=*').includes;
    expect(read('Observation', '_include=*&_include=*&_include=Observation:encounter').includes).toEqual(once);
  });

  it('gives the audit log only known parameter names, never text of the client', () => {
    const { auditNames } = read('Observation', 'code=x&subject:Patient=1&_sort:desc=date&_count=2&secret=1&_count=3');
    expect(auditNames).toEqual(['code', 'subject:Patient', '_sort:desc', '_count']);
    expect(() => read('Immunization', 'patient:secret=1')).toThrow(rejection('search-invalid'));
    expect(read('Provenance', 'target:Observation=1').auditNames).toEqual(['target:Observation']);
  });

  it('rejects a cursor of another sort order', () => {
    const cursor = Buffer.from(
      JSON.stringify([
        '-updated',
        '2020-01-01 00:00:00+00',
        '00c7f717-4030-5582-2ed8-888ad2bc878e',
        1,
        '2020-01-01 00:00:00+00',
        'AbCd-_012345',
      ]),
    ).toString('base64url');
    expect(read('Observation', `_sort=-_lastUpdated&_cursor=${cursor}`).cursor?.total).toBe(1);
    expect(() => read('Observation', `_cursor=${cursor}`)).toThrow(rejection('search-invalid'));
  });
});
