import { derivedUuid } from '../kernel/index.ts';
import type { OAuthAddresses } from '../oauth/index.ts';
import { findMissingBrandDetails, type PublishedPractice } from '../practices/index.ts';
import { parseAddress } from './address.ts';
import {
  type BrandContactPoint,
  type BrandEndpoint,
  type BrandExtension,
  type BrandIdentifier,
  type BrandOrganization,
  type BrandReference,
  type BrandsBundle,
  CATEGORIES,
  EXTENSIONS,
  PROFILES,
  referenceTo,
  SYSTEMS,
} from './bundle-types.ts';

/** The installation that publishes the bundle. */
export interface BrandsPublisher {
  readonly publicUrl: string;
  readonly brandName: string;
  readonly addresses: Pick<OAuthAddresses, 'fhir'>;
}

/**
 * Identifier of the primary brand (SMART App Launch 2.2, Brands, metadata), which smart-configuration
 * contains too. It doesn't change when another brand becomes the primary one.
 */
export const primaryIdentifier = ({ publicUrl }: Pick<BrandsPublisher, 'publicUrl'>) => ({
  system: SYSTEMS.uri,
  value: publicUrl,
});

/** Practices that are missing from the bundle only because their details are incomplete. 45 CFR 170.404(b)(2) */
export const incompletePractices = (practices: readonly PublishedPractice[]): readonly PublishedPractice[] =>
  practices.filter((practice) => practice.enabled && findMissingBrandDetails(practice).length > 0);

/**
 * Builds the bundle from the settings of the practices. The times of the last changes are added later,
 * by `withTimestamps`.
 */
export function buildBundle(practices: readonly PublishedPractice[], publisher: BrandsPublisher): BrandsBundle {
  const on = practices.filter(({ enabled }) => enabled);
  const listed = on.filter((practice) => findMissingBrandDetails(practice).length === 0);
  const published = [
    ...listed.filter(({ kind }) => kind === 'live'),
    ...listed.filter(({ kind }) => kind === 'sandbox'),
  ];
  const [sole, ...others] = on.filter((one) => one.kind === 'live' && findParent(one, on) === undefined);
  // With one live practice, that practice is the primary brand: a second card for the installation would
  // only confuse.
  const primary = others.length === 0 ? published.find((one) => one === sole) : undefined;
  const endpoints = buildEndpoints(publisher, primary);
  const brands = published.map((practice) =>
    practiceBrand(practice, published, publisher, endpoints, practice === primary),
  );
  const all = [...(primary === undefined ? [installationBrand(publisher, endpoints)] : []), ...brands, ...endpoints];
  return {
    resourceType: 'Bundle',
    id: resourceId(publisher, 'Bundle', 'brands'),
    meta: { profile: [PROFILES.bundle] },
    type: 'collection',
    entry: all.map((resource) => ({ fullUrl: `${publisher.publicUrl}/brands/${referenceTo(resource)}`, resource })),
  };
}

/** Derived from the installation's address, so that a practice keeps its id as long as the address stays the same. */
const resourceId = ({ publicUrl }: BrandsPublisher, type: string, key: string): string =>
  derivedUuid(publicUrl, type, key);

const organizationId = (publisher: BrandsPublisher, key: number | 'own'): string =>
  resourceId(publisher, 'Organization', String(key));

const VERSIONS = [
  { api: 'r4', name: 'FHIR R4', code: '4.0.1' },
  { api: 'dstu2', name: 'FHIR DSTU2', code: '1.0.2' },
] as const;

function buildEndpoints(publisher: BrandsPublisher, primary: PublishedPractice | undefined): readonly BrandEndpoint[] {
  const owner = organizationId(publisher, primary?.practiceId ?? 'own');
  return VERSIONS.map(({ api, name, code }) => ({
    resourceType: 'Endpoint',
    id: resourceId(publisher, 'Endpoint', api),
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

const toReferences = (endpoints: readonly BrandEndpoint[]): readonly BrandReference[] =>
  endpoints.map((endpoint) => ({
    reference: referenceTo(endpoint),
    ...(endpoint.name === undefined ? {} : { display: endpoint.name }),
  }));

/** The brand of the installation itself, if it serves several practices. */
function installationBrand(publisher: BrandsPublisher, endpoints: readonly BrandEndpoint[]): BrandOrganization {
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
    endpoint: toReferences(endpoints),
  };
}

function practiceBrand(
  practice: PublishedPractice,
  published: readonly PublishedPractice[],
  publisher: BrandsPublisher,
  endpoints: readonly BrandEndpoint[],
  isPrimary: boolean,
): BrandOrganization {
  const { practiceId, kind, name, aliases, address, locations } = practice;
  const parent = findParent(practice, published);
  const places = [...(address === undefined ? [] : [address]), ...locations];
  const about = kind === 'sandbox' ? SANDBOX_DESCRIPTION : forPatientsOf(name);
  // user-access-brand, partOf: a brand has its own portal or refers to the brand whose portal it shares.
  const portals = parent === undefined ? [portal(publisher, endpoints, about)] : [];
  return {
    resourceType: 'Organization',
    id: organizationId(publisher, practiceId),
    meta: { profile: [PROFILES.brand], ...(kind === 'sandbox' ? { tag: [TEST_DATA] } : {}) },
    ...arrayIfAny('extension', [...logo(practice, publisher), ...portals]),
    ...arrayIfAny('identifier', toIdentifiers(practice, publisher, isPrimary)),
    active: true,
    type: category(practice.category),
    name,
    ...arrayIfAny('alias', aliases),
    telecom: [toWebsite(practice)],
    ...arrayIfAny('address', places.map(parseAddress)),
    ...(parent === undefined ? {} : { partOf: brandReference(publisher, parent) }),
    ...toContact(practice),
    endpoint: toReferences(endpoints),
  };
}

/** FHIR R4 §2.6.2: arrays must not be empty. */
const arrayIfAny = <Name extends 'extension' | 'identifier' | 'alias' | 'address'>(
  name: Name,
  values: NonNullable<BrandOrganization[Name]>,
): Pick<BrandOrganization, Name> => (values.length === 0 ? {} : { [name]: values }) as Pick<BrandOrganization, Name>;

const brandReference = (publisher: BrandsPublisher, { practiceId, name }: PublishedPractice): BrandReference => ({
  reference: `Organization/${organizationId(publisher, practiceId)}`,
  display: name,
});

/** The practice whose portal it shares; undefined if that practice is turned off or not listed. */
const findParent = (
  { partOf }: PublishedPractice,
  published: readonly PublishedPractice[],
): PublishedPractice | undefined => published.find(({ practiceId }) => practiceId === partOf);

/** v3-ActReason HTEST: FHIR's tag for test data. */
const TEST_DATA = { system: SYSTEMS.reason, code: 'HTEST', display: 'test health data' };
const SANDBOX_DESCRIPTION = 'Made-up patients, for developers of apps. Nobody’s health record is here.';
const forPatientsOf = (name: string): string => `For patients of ${name}, and those who act for them.`;

const category = (code: string): NonNullable<BrandOrganization['type']> => [
  {
    coding: [
      { system: SYSTEMS.category, code, ...(CATEGORIES[code] === undefined ? {} : { display: CATEGORIES[code] }) },
    ],
  },
];

const logo = ({ logo: path }: PublishedPractice, { publicUrl }: BrandsPublisher): readonly BrandExtension[] =>
  path === undefined
    ? []
    : [{ url: EXTENSIONS.brand, extension: [{ url: 'brandLogo', valueUrl: `${publicUrl}${path}` }] }];

const portal = (publisher: BrandsPublisher, endpoints: readonly BrandEndpoint[], about: string): BrandExtension => ({
  url: EXTENSIONS.portal,
  extension: [
    { url: 'portalName', valueString: publisher.brandName },
    { url: 'portalDescription', valueMarkdown: about },
    { url: 'portalUrl', valueUrl: `${publisher.publicUrl}/account` },
    ...toReferences(endpoints).map((valueReference) => ({ url: 'portalEndpoint', valueReference })),
  ],
});

/** SMART App Launch 2.2, Brands, data absent reasons: the practice was asked and has not answered. */
const UNKNOWN = { extension: [{ url: EXTENSIONS.absent, valueCode: 'asked-unknown' }] };

const toWebsite = ({ website }: PublishedPractice): BrandContactPoint =>
  website === undefined ? { system: 'url', _value: UNKNOWN } : { system: 'url', value: website };

/**
 * The web address (user-access-brand, identifier: scheme and host without `www.`) and the facility
 * identifier (45 CFR 170.404(b)(2)).
 */
function toIdentifiers(
  { website, npi }: PublishedPractice,
  publisher: BrandsPublisher,
  isPrimary: boolean,
): readonly BrandIdentifier[] {
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
function toContact({ phone, email }: PublishedPractice): Pick<BrandOrganization, 'contact'> {
  const telecom = [
    ...(phone === undefined ? [] : [{ system: 'phone', value: phone }]),
    ...(email === undefined ? [] : [{ system: 'email', value: email }]),
  ];
  return telecom.length === 0 ? {} : { contact: [{ telecom }] };
}
