import { derivedUuid } from '../../../kernel/index.ts';
import type { Addresses } from '../../../oauth/index.ts';
import { missingFrom, type PublishedPractice } from '../../../practices/index.ts';
import { addressOf } from './address.ts';
import {
  type BrandsBundle,
  CATEGORIES,
  type ContactPoint,
  type Endpoint,
  EXTENSIONS,
  type Extension,
  type Identifier,
  type Organization,
  PROFILES,
  type Reference,
  referenceTo,
  SYSTEMS,
} from './resources.ts';

/** The installation that publishes the bundle. */
export interface Publisher {
  readonly publicUrl: string;
  readonly brandName: string;
  readonly addresses: Pick<Addresses, 'fhir'>;
}

/**
 * Identifier of the primary brand (SMART App Launch 2.2, Brands, metadata), which smart-configuration
 * contains too. It doesn't change when another brand becomes the primary one.
 */
export const primaryIdentifier = ({ publicUrl }: Pick<Publisher, 'publicUrl'>) => ({
  system: SYSTEMS.uri,
  value: publicUrl,
});

/** Practices that are missing from the bundle only because their details are incomplete. 45 CFR 170.404(b)(2) */
export const leftOut = (practices: readonly PublishedPractice[]): readonly PublishedPractice[] =>
  practices.filter((practice) => practice.enabled && missingFrom(practice).length > 0);

/**
 * Builds the bundle from the settings of the practices. The times of the last changes are added later,
 * by `withTimestamps`.
 */
export function buildBundle(practices: readonly PublishedPractice[], publisher: Publisher): BrandsBundle {
  const on = practices.filter(({ enabled }) => enabled);
  const listed = on.filter((practice) => missingFrom(practice).length === 0);
  const published = [
    ...listed.filter(({ kind }) => kind === 'live'),
    ...listed.filter(({ kind }) => kind === 'sandbox'),
  ];
  const [sole, ...others] = on.filter((one) => one.kind === 'live' && parentOf(one, on) === undefined);
  // With one live practice, that practice is the primary brand: a second card for the installation would
  // only confuse.
  const primary = others.length === 0 ? published.find((one) => one === sole) : undefined;
  const endpoints = endpointsOf(publisher, primary);
  const brands = published.map((practice) => brandOf(practice, published, publisher, endpoints, practice === primary));
  const all = [...(primary === undefined ? [ownBrand(publisher, endpoints)] : []), ...brands, ...endpoints];
  return {
    resourceType: 'Bundle',
    id: idOf(publisher, 'Bundle', 'brands'),
    meta: { profile: [PROFILES.bundle] },
    type: 'collection',
    entry: all.map((resource) => ({ fullUrl: `${publisher.publicUrl}/brands/${referenceTo(resource)}`, resource })),
  };
}

/** Derived from the installation's address, so that a practice keeps its id as long as the address stays the same. */
const idOf = ({ publicUrl }: Publisher, type: string, key: string): string => derivedUuid(publicUrl, type, key);

const organizationId = (publisher: Publisher, key: number | 'own'): string =>
  idOf(publisher, 'Organization', String(key));

const VERSIONS = [
  { api: 'r4', name: 'FHIR R4', code: '4.0.1' },
  { api: 'dstu2', name: 'FHIR DSTU2', code: '1.0.2' },
] as const;

function endpointsOf(publisher: Publisher, primary: PublishedPractice | undefined): readonly Endpoint[] {
  const owner = organizationId(publisher, primary?.practiceId ?? 'own');
  return VERSIONS.map(({ api, name, code }) => ({
    resourceType: 'Endpoint',
    id: idOf(publisher, 'Endpoint', api),
    meta: { profile: [PROFILES.endpoint] },
    extension: [{ url: EXTENSIONS.version, valueCode: code }],
    status: 'active',
    connectionType: { system: SYSTEMS.connection, code: 'hl7-fhir-rest' },
    name: `${publisher.brandName}: ${name}`,
    managingOrganization: { reference: `Organization/${owner}` },
    contact: [{ system: 'url', value: `${publisher.publicUrl}/developer` }],
    payloadType: [{ coding: [{ system: SYSTEMS.payload, code: 'none' }] }],
    address: publisher.addresses.fhir[api],
  }));
}

const referencesTo = (endpoints: readonly Endpoint[]): readonly Reference[] =>
  endpoints.map((endpoint) => ({
    reference: referenceTo(endpoint),
    ...(endpoint.name === undefined ? {} : { display: endpoint.name }),
  }));

/** The brand of the installation itself, if it serves several practices. */
function ownBrand(publisher: Publisher, endpoints: readonly Endpoint[]): Organization {
  return {
    resourceType: 'Organization',
    id: organizationId(publisher, 'own'),
    meta: { profile: [PROFILES.brand] },
    extension: [portal(publisher, endpoints, 'For patients of all practices that use this service.')],
    identifier: [primaryIdentifier(publisher)],
    active: true,
    type: category('prov'),
    name: publisher.brandName,
    telecom: [{ system: 'url', value: publisher.publicUrl }],
    endpoint: referencesTo(endpoints),
  };
}

function brandOf(
  practice: PublishedPractice,
  published: readonly PublishedPractice[],
  publisher: Publisher,
  endpoints: readonly Endpoint[],
  isPrimary: boolean,
): Organization {
  const { practiceId, kind, name, aliases, address, locations } = practice;
  const parent = parentOf(practice, published);
  const places = [...(address === undefined ? [] : [address]), ...locations];
  const about = kind === 'sandbox' ? MADE_UP : forPatientsOf(name);
  // user-access-brand, partOf: a brand has its own portal or refers to the brand whose portal it shares.
  const portals = parent === undefined ? [portal(publisher, endpoints, about)] : [];
  return {
    resourceType: 'Organization',
    id: organizationId(publisher, practiceId),
    meta: { profile: [PROFILES.brand], ...(kind === 'sandbox' ? { tag: [TEST_DATA] } : {}) },
    ...ifAny('extension', [...logo(practice, publisher), ...portals]),
    ...ifAny('identifier', identifiersOf(practice, publisher, isPrimary)),
    active: true,
    type: category(practice.category),
    name,
    ...ifAny('alias', aliases),
    telecom: [websiteOf(practice)],
    ...ifAny('address', places.map(addressOf)),
    ...(parent === undefined ? {} : { partOf: brandReference(publisher, parent) }),
    ...contactOf(practice),
    endpoint: referencesTo(endpoints),
  };
}

/** FHIR R4 §2.6.2: arrays must not be empty. */
const ifAny = <Name extends 'extension' | 'identifier' | 'alias' | 'address'>(
  name: Name,
  values: NonNullable<Organization[Name]>,
): Pick<Organization, Name> => (values.length === 0 ? {} : { [name]: values }) as Pick<Organization, Name>;

const brandReference = (publisher: Publisher, { practiceId, name }: PublishedPractice): Reference => ({
  reference: `Organization/${organizationId(publisher, practiceId)}`,
  display: name,
});

/** The practice whose portal it shares; undefined if that practice is turned off or not listed. */
const parentOf = (
  { partOf }: PublishedPractice,
  published: readonly PublishedPractice[],
): PublishedPractice | undefined => published.find(({ practiceId }) => practiceId === partOf);

/** v3-ActReason HTEST: FHIR's tag for test data. */
const TEST_DATA = { system: SYSTEMS.reason, code: 'HTEST', display: 'test health data' };
const MADE_UP = 'Made-up patients, for developers of apps. Nobody’s health record is here.';
const forPatientsOf = (name: string): string => `For patients of ${name}, and those who act for them.`;

const category = (code: string): NonNullable<Organization['type']> => [
  {
    coding: [
      { system: SYSTEMS.category, code, ...(CATEGORIES[code] === undefined ? {} : { display: CATEGORIES[code] }) },
    ],
  },
];

const logo = ({ logo: path }: PublishedPractice, { publicUrl }: Publisher): readonly Extension[] =>
  path === undefined
    ? []
    : [{ url: EXTENSIONS.brand, extension: [{ url: 'brandLogo', valueUrl: `${publicUrl}${path}` }] }];

const portal = (publisher: Publisher, endpoints: readonly Endpoint[], about: string): Extension => ({
  url: EXTENSIONS.portal,
  extension: [
    { url: 'portalName', valueString: publisher.brandName },
    { url: 'portalDescription', valueMarkdown: about },
    { url: 'portalUrl', valueUrl: `${publisher.publicUrl}/account` },
    ...referencesTo(endpoints).map((valueReference) => ({ url: 'portalEndpoint', valueReference })),
  ],
});

/** SMART App Launch 2.2, Brands, data absent reasons: the practice was asked and has not answered. */
const UNKNOWN = { extension: [{ url: EXTENSIONS.absent, valueCode: 'asked-unknown' }] };

const websiteOf = ({ website }: PublishedPractice): ContactPoint =>
  website === undefined ? { system: 'url', _value: UNKNOWN } : { system: 'url', value: website };

/**
 * The web address (user-access-brand, identifier: scheme and host without `www.`) and the facility
 * identifier (45 CFR 170.404(b)(2)).
 */
function identifiersOf(
  { website, npi }: PublishedPractice,
  publisher: Publisher,
  isPrimary: boolean,
): readonly Identifier[] {
  const primary = primaryIdentifier(publisher);
  const own = website !== undefined && URL.canParse(website) ? new URL(website).origin : primary.value;
  const bare = own.replace('://www.', '://');
  return [
    ...(isPrimary ? [primary] : []),
    ...(bare === primary.value ? [] : [{ system: SYSTEMS.uri, value: bare }]),
    ...(npi === undefined ? [] : [{ system: SYSTEMS.npi, value: npi }]),
  ];
}

/** telecom contains only the website, so phone and email of the practice are in contact. */
function contactOf({ phone, email }: PublishedPractice): Pick<Organization, 'contact'> {
  const telecom = [
    ...(phone === undefined ? [] : [{ system: 'phone', value: phone }]),
    ...(email === undefined ? [] : [{ system: 'email', value: email }]),
  ];
  return telecom.length === 0 ? {} : { contact: [{ telecom }] };
}
