import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/brands/address.ts';
import { buildBundle, incompletePractices, primaryIdentifier } from '../../src/brands/build-bundle.ts';
import {
  type BrandEndpoint,
  type BrandOrganization,
  type BrandsBundle,
  bundleEndpoints,
  bundleOrganizations,
} from '../../src/brands/bundle-types.ts';
import { type BrandCheckContext, checkBundle, preventsPublishing } from '../../src/brands/check.ts';
import { r4Only } from '../../src/brands/r4-only.ts';
import { BRAND_RULES } from '../../src/brands/rules.ts';
import { withTimestamps } from '../../src/brands/timestamps.ts';
import { getMessages } from '../../src/i18n/index.ts';
import { isNpi, type PublishedPractice } from '../../src/practices/index.ts';

const ORIGIN = 'https://api.example';
const PUBLISHER = {
  publicUrl: ORIGIN,
  brandName: 'County Health Access',
  addresses: { fhir: { r4: `${ORIGIN}/r4`, dstu2: `${ORIGIN}/dstu2` } },
};
const LAKESIDE: PublishedPractice = {
  practiceId: 2 as PublishedPractice['practiceId'],
  kind: 'live',
  enabled: true,
  name: 'Lakeside Family Practice',
  phone: '555-010-2030',
  email: undefined,
  website: 'https://www.lakeside.example/',
  address: '1 Lake Road\nSpringfield, IL 62701',
  logo: '/brand/2/logo?v=01234567',
  npi: '1234567893',
  category: 'prov',
  aliases: ['Lake Docs'],
  locations: ['Chatham, IL'],
  partOf: undefined,
};
const HILLSIDE: PublishedPractice = {
  ...LAKESIDE,
  practiceId: 3 as PublishedPractice['practiceId'],
  name: 'Hillside Pediatrics',
  website: 'https://hillside.example/',
  npi: '1245319599',
  partOf: LAKESIDE.practiceId,
};
const VALLEY = {
  ...HILLSIDE,
  practiceId: 4 as never,
  name: 'Valley',
  website: 'https://valley.example/',
  npi: '1679576722',
  partOf: undefined,
};

const NOW = new Date('2026-11-26T12:00:00Z');
const VALID_BUNDLE = withTimestamps(buildBundle([LAKESIDE, HILLSIDE, VALLEY], PUBLISHER), undefined, NOW);
const LIVE: BrandCheckContext = { production: true, primary: primaryIdentifier(PUBLISHER), leftOut: [] };
const without = (...leftOut: PublishedPractice[]): BrandCheckContext => ({ ...LIVE, leftOut });
const names = (bundle: BrandsBundle, context = LIVE) => [
  ...new Set(checkBundle(BRAND_RULES, bundle, context).map(({ check }) => check)),
];

type Change<Resource> = (resource: Resource) => object;
/** Returns the bundle with a change to its first brand or endpoint. `undefined` removes an element. */
function changed(type: 'Organization' | 'Endpoint', change: Change<never>, which = 0): BrandsBundle {
  const bundle = structuredClone(VALID_BUNDLE) as { entry: { fullUrl: string; resource: object }[] } & BrandsBundle;
  const own = bundle.entry.filter(({ resource }) => (resource as BrandOrganization).resourceType === type);
  const entry = own[which];
  if (entry === undefined) throw new Error('there is such a resource');
  const changedResource = { ...entry.resource, ...change(entry.resource as never) };
  entry.resource = JSON.parse(JSON.stringify(changedResource));
  return bundle;
}
const brand = (change: Change<BrandOrganization>, which = 1) => changed('Organization', change as never, which);
const endpoint = (change: Change<BrandEndpoint>) => changed('Endpoint', change as never);
const whole = (change: object): BrandsBundle => JSON.parse(JSON.stringify({ ...VALID_BUNDLE, ...change }));
const ABSENT = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';
const missing = (valueCode: string) => ({ extension: [{ url: ABSENT, valueCode }] });
const NPI = 'http://hl7.org/fhir/sid/us-npi';
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/organization-type';
const portalOf = ({ extension = [] }: BrandOrganization) =>
  extension.filter(({ url }) => url.endsWith('organization-portal'));

describe('a bundle of complete practices', () => {
  it('violates no rule', () => {
    expect(checkBundle(BRAND_RULES, VALID_BUNDLE, LIVE)).toEqual([]);
  });

  it('with one practice has that as its main brand', () => {
    const bundle = withTimestamps(buildBundle([LAKESIDE], PUBLISHER), undefined, NOW);
    expect({ names: names(bundle), entry: bundle.entry.length }).toEqual({ names: [], entry: 3 });
  });

  it('without practices violates no blocking rule', () => {
    const bundle = withTimestamps(buildBundle([], PUBLISHER), undefined, NOW);
    expect(names(bundle)).toEqual(['live-practice']);
  });

  it('lists a practice’s own URL once, if it equals the server’s', () => {
    const bundle = withTimestamps(
      buildBundle([{ ...LAKESIDE, website: `${ORIGIN}/` }, VALLEY], PUBLISHER),
      undefined,
      NOW,
    );
    expect(names(bundle)).toEqual([]);
  });
});

describe('45 CFR 170.404(b)(2): a practice without a location or a facility identifier', () => {
  const NAMES = ['County Health Access', 'Lakeside Family Practice', 'Hillside Pediatrics', 'Valley'];
  const brandsOf = (bundle: BrandsBundle) => bundleOrganizations(bundle).map(({ name }) => name);

  it.each([
    ['an address', { address: undefined, locations: [] }],
    ['an NPI', { npi: undefined }],
  ])('without %s is left out, and the others are published', (_what, omitted) => {
    const practices = [LAKESIDE, HILLSIDE, { ...VALLEY, ...omitted }];
    expect(brandsOf(buildBundle(practices, PUBLISHER))).toEqual(NAMES.slice(0, 3));
    expect(incompletePractices(practices).map(({ name }) => name)).toEqual(['Valley']);
    expect(incompletePractices(practices.map((one) => ({ ...one, enabled: false })))).toEqual([]);
  });

  it('may have another place as its location', () => {
    const practices = [LAKESIDE, HILLSIDE, { ...VALLEY, address: undefined, locations: ['Chatham, IL'] }];
    expect(brandsOf(buildBundle(practices, PUBLISHER))).toEqual(NAMES);
  });

  it('whose portal another practice shares still has its own portal', () => {
    const bundle = withTimestamps(
      buildBundle([{ ...LAKESIDE, npi: undefined }, HILLSIDE, VALLEY], PUBLISHER),
      undefined,
      NOW,
    );
    expect({ names: names(bundle), brands: brandsOf(bundle) }).toEqual({
      names: [],
      brands: [NAMES[0], NAMES[2], NAMES[3]],
    });
  });
});

describe('the list for FHIR R4', () => {
  it('has every brand with only the R4 endpoint, violates no rule, and is a Bundle of its own', () => {
    const list = r4Only(VALID_BUNDLE);
    expect(checkBundle(BRAND_RULES, list, LIVE)).toEqual([]);
    expect(bundleEndpoints(list).map(({ address }) => address)).toEqual([`${ORIGIN}/r4`]);
    expect(bundleOrganizations(list).map(({ id }) => id)).toEqual(
      bundleOrganizations(VALID_BUNDLE).map(({ id }) => id),
    );
    for (const { endpoint } of bundleOrganizations(list)) expect(endpoint).toHaveLength(1);
    const text = JSON.stringify(list);
    for (const other of bundleEndpoints(VALID_BUNDLE).slice(1)) expect(text).not.toContain(other.id);
    expect(list.id).not.toBe(VALID_BUNDLE.id);
  });
});

describe('each rule detects its violation', () => {
  const CASES: readonly (readonly [string, BrandsBundle, BrandCheckContext?])[] = [
    ['bundle-collection', whole({ type: 'searchset' })],
    ['bundle-timestamp', whole({ timestamp: undefined })],
    ['bundle-timestamp', whole({ timestamp: 'yesterday' })],
    ['bundle-timestamp', whole({ meta: {} })],
    ['ids-unique', whole({ entry: [...VALID_BUNDLE.entry, VALID_BUNDLE.entry[0]] })],
    ['ids-unique', brand(() => ({ id: 'a b' }))],
    ['full-urls', whole({ entry: VALID_BUNDLE.entry.map((entry) => ({ ...entry, fullUrl: `${entry.fullUrl}x` })) })],
    ['nothing-empty', brand(() => ({ alias: [] }))],
    ['nothing-empty', brand(() => ({ alias: ['  '] }))],
    ['references-resolve', brand(() => ({ endpoint: [{ reference: 'Endpoint/elsewhere' }] }))],
    ['references-resolve', brand(() => ({ partOf: { reference: 'Organization/elsewhere' } }))],
    ['references-resolve', endpoint(() => ({ managingOrganization: { reference: 'Organization/elsewhere' } }))],
    [
      'endpoints-there',
      whole({ entry: VALID_BUNDLE.entry.filter(({ resource }) => resource.resourceType !== 'Endpoint') }),
    ],
    ['base-urls-unique', endpoint(() => ({ address: `${ORIGIN}/dstu2` }))],
    ['primary-brand', brand(() => ({ identifier: undefined }), 0)],
    ['primary-brand', brand(({ identifier = [] }) => ({ identifier: [...identifier, LIVE.primary] }))],
    [
      'primary-brand-endpoints',
      brand(({ endpoint: own = [] }) => ({ endpoint: own.slice(1), extension: undefined }), 0),
    ],
    ['npi-once', brand(() => ({ identifier: [{ system: NPI, value: HILLSIDE.npi }] }))],
    ['names-once', brand(() => ({ name: 'hillside pediatrics' }))],
    ['brand-name', brand(() => ({ name: undefined }))],
    ['placeholder-name', brand(() => ({ name: 'Live practice' }))],
    ['brand-website', brand(() => ({ telecom: undefined }))],
    ['brand-website', brand(({ telecom = [] }) => ({ telecom: [...telecom, ...telecom] }))],
    ['brand-website', brand(() => ({ telecom: [{ system: 'phone', value: '555' }] }))],
    ['brand-website', brand(() => ({ telecom: [{ system: 'url' }] }))],
    ['brand-website', brand(() => ({ telecom: [{ system: 'url', value: 'javascript:alert(1)' }] }))],
    ['absent-reasons', brand(() => ({ telecom: [{ system: 'url', _value: missing('masked') }] }))],
    ['category', brand(() => ({ type: [{ coding: [{ system: CATEGORY, code: 'hospital' }] }] }))],
    ['category', brand(() => ({ type: [{ coding: [{ system: 'http://other.example', code: 'prov' }] }] }))],
    ['identifiers', brand(() => ({ identifier: [{ value: '1' }] }))],
    ['identifiers', brand(() => ({ identifier: [{ system: 'urn:x' }] }))],
    ['npi', brand(() => ({ identifier: [{ system: NPI, value: '1234567890' }] }))],
    ['portal-endpoints', brand(({ endpoint: own = [] }) => ({ endpoint: own.slice(1) }))],
    ['brand-endpoint', brand(() => ({ endpoint: undefined, extension: undefined }))],
    ['part-of', brand(() => ({ partOf: { reference: `Organization/${brandNamed('Hillside').id}` } }))],
    ['part-of', brand((own) => ({ extension: own.extension?.filter((one) => !portalOf(own).includes(one)) }))],
    ['logo', brand((own) => ({ extension: [logo('http://plain.example/logo.png'), ...portalOf(own)] }))],
    ['logo', brand((own) => ({ extension: [logo('javascript:alert(1)'), ...portalOf(own)] }))],
    ['website-missing', brand(() => ({ telecom: [{ system: 'url', _value: missing('asked-declined') }] }))],
    ['logo-missing', brand((own) => ({ extension: portalOf(own) }))],
    ['location-missing', VALID_BUNDLE, without({ ...LAKESIDE, address: undefined, locations: [] })],
    ['location-form', brand(() => ({ address: [{ text: 'behind the church' }] }))],
    ['facility-identifier', VALID_BUNDLE, without({ ...LAKESIDE, npi: undefined })],
    ['placeholder-name', VALID_BUNDLE, without({ ...LAKESIDE, name: 'Live practice', npi: undefined })],
    ['live-practice', whole({ entry: VALID_BUNDLE.entry.filter(({ resource }) => !isPractice(resource)) })],
    ['endpoint-address', endpoint(() => ({ address: undefined }))],
    ['endpoint-address', endpoint(() => ({ address: `${ORIGIN}/r4/` }))],
    ['endpoint-address', endpoint(() => ({ address: 'ftp://api.example/r4' }))],
    ['endpoint-version', endpoint(() => ({ extension: undefined }))],
    ['endpoint-version', endpoint(({ extension = [] }) => ({ extension: [{ ...extension[0], valueCode: 'R4' }] }))],
    ['endpoint-status', endpoint(() => ({ status: 'off' }))],
    [
      'endpoint-connection',
      endpoint(() => ({ connectionType: { system: 'http://x.example', code: 'hl7-fhir-rest' } })),
    ],
    ['endpoint-contact', endpoint(() => ({ contact: [{ system: 'email', value: 'dev@api.example' }] }))],
    ['endpoint-contact', endpoint(() => ({ contact: [{ system: 'url', value: 'developer portal' }] }))],
    ['endpoint-payload', endpoint(() => ({ payloadType: undefined }))],
    ['endpoint-payload', endpoint(() => ({ payloadType: [{ coding: [{ system: 'urn:x', code: 'any' }] }] }))],
    ['https', endpoint(() => ({ address: 'http://api.example/r4' }))],
  ];

  it.each(CASES.map(([check, bundle, context = LIVE]) => [check, bundle, context] as const))(
    '%s',
    (check, bundle, context) => {
      expect(names(bundle, context)).toContain(check);
    },
  );

  it('on a test server some are only warnings', () => {
    const local = { ...LIVE, production: false };
    expect(
      names(
        endpoint(() => ({ address: 'http://localhost/r4' })),
        local,
      ),
    ).toEqual(['https-local']);
    expect(
      names(
        brand(() => ({ name: 'Live practice' })),
        local,
      ),
    ).toEqual(['placeholder-name-local']);
  });

  it('every rule has a case here, a message and a clause', () => {
    const tried = [...CASES.map(([name]) => name), 'https-local', 'placeholder-name-local'];
    expect(BRAND_RULES.map(({ name }) => name).filter((name) => !tried.includes(name))).toEqual([]);
    for (const language of ['en', 'es'] as const) {
      const { checks } = getMessages(language).publicSite.brands;
      expect(Object.keys(checks).toSorted()).toEqual(BRAND_RULES.map(({ name }) => name).toSorted());
    }
    expect(BRAND_RULES.every(({ clause }) => clause.length > 5)).toBe(true);
  });

  it('errors are listed before warnings', () => {
    const found = checkBundle(
      BRAND_RULES,
      brand(() => ({ endpoint: undefined })),
      without({ ...LAKESIDE, npi: undefined }),
    ).map(preventsPublishing);
    expect(found).toEqual(found.toSorted((one, other) => Number(other) - Number(one)));
  });

  function brandNamed(start: string): BrandOrganization {
    const found = VALID_BUNDLE.entry.find(({ resource }) => resource.name?.startsWith(start))?.resource;
    if (found?.resourceType !== 'Organization') throw new Error('there is such a brand');
    return found;
  }
  function logo(valueUrl: string) {
    const url = 'http://hl7.org/fhir/StructureDefinition/organization-brand';
    return { url, extension: [{ url: 'brandLogo', valueUrl }] };
  }
  function isPractice(resource: BrandOrganization | BrandEndpoint): boolean {
    return resource.resourceType === 'Organization' && resource.name !== PUBLISHER.brandName;
  }
});

describe('a postal address', () => {
  it.each([
    [
      '1 Lake Road\nSpringfield, IL 62701',
      { line: ['1 Lake Road'], city: 'Springfield', state: 'IL', postalCode: '62701' },
    ],
    [
      '1 Lake Road, Springfield, IL 62701',
      { line: ['1 Lake Road'], city: 'Springfield', state: 'IL', postalCode: '62701' },
    ],
    [
      'Suite 4\n1 Lake Road\nSan José, CA 95112-0001',
      { line: ['Suite 4', '1 Lake Road'], city: 'San José', state: 'CA' },
    ],
    ['Chatham, IL', { city: 'Chatham', state: 'IL' }],
    ['IL', { state: 'IL' }],
    ['62701', { postalCode: '62701' }],
  ])('%j', (written, parts) => {
    expect(parseAddress(written)).toMatchObject({ ...parts, country: 'US' });
  });

  it('in an unknown format is published only as text', () => {
    expect(parseAddress('Calle Mayor 1\n28013 Madrid')).toEqual({ text: 'Calle Mayor 1, 28013 Madrid' });
    expect(parseAddress('somewhere nice')).toEqual({ text: 'somewhere nice' });
  });
});

it('45 CFR 162.406: an NPI has ten digits, and the last checks the others', () => {
  expect(['1234567893', '1245319599', '1679576722'].map(isNpi)).toEqual([true, true, true]);
  expect(['1234567890', '123456789', '12345678931', '', 'abcdefghij'].map(isNpi)).toEqual(Array(5).fill(false));
});
