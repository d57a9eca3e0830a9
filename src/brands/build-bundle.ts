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

/** The installation that publishes the bundle of practice brands. */
export interface BrandsPublisher {
  readonly publicUrl: string;
  readonly brandName: string;
  readonly addresses: Pick<OAuthAddresses, 'fhir'>;
}

/**
 * Identifier of the primary brand, which smart-configuration contains too (SMART App Launch 2.2,
 * Brands, metadata). The identifier stays the same when another brand becomes the primary one.
 */
export const primaryIdentifier = ({ publicUrl }: Pick<BrandsPublisher, 'publicUrl'>) => ({
  system: SYSTEMS.uri,
  value: publicUrl,
});

/**
 * Returns the practices that are missing from the bundle only because their details, such as the
 * address, are incomplete. 45 CFR 170.404(b)(2)
 */
export const incompletePractices = (practices: readonly PublishedPractice[]): readonly PublishedPractice[] =>
  practices.filter((practice) => practice.enabled && findMissingBrandDetails(practice).length > 0);

/**
 * Builds the bundle of practice brands from the settings of the practices. `withTimestamps` later
 * adds the times of the last changes.
 */
export function buildBundle(practices: readonly PublishedPractice[], publisher: BrandsPublisher): BrandsBundle {
  const on = practices.filter(({ enabled }) => enabled);
  const listed = on.filter((practice) => findMissingBrandDetails(practice).length === 0);
  const published = [
    ...listed.filter(({ kind }) => kind === 'live'),
    ...listed.filter(({ kind }) => kind === 'sandbox'),
  ];
  const [sole, ...others] = on.filter((one) => one.kind === 'live' && findParent(one, on) === undefined);
  // If only one live practice has a portal of its own, that practice is the primary brand: a second
  // brand for the installation would only confuse patients.
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

/**
 * Derives the id of a resource in the bundle from the server's URL, the resource type and a key,
 * such as the practice's id. A practice therefore keeps its id as long as the URL stays the same.
 */
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

/** Builds the brand of the installation itself. It is published unless a practice is the primary brand. */
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
  const addresses = [...(address === undefined ? [] : [address]), ...locations];
  const about = kind === 'sandbox' ? SANDBOX_DESCRIPTION : forPatientsOf(name);
  // A brand either has a portal or refers to the brand whose portal it shares (user-access-brand,
  // Organization.partOf).
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
    ...arrayIfAny('address', addresses.map(parseAddress)),
    ...(parent === undefined ? {} : { partOf: brandReference(publisher, parent) }),
    ...toContact(practice),
    endpoint: toReferences(endpoints),
  };
}

/**
 * Returns an object whose only member is the list under the given name, or an empty object if the
 * list is empty: FHIR forbids empty arrays (FHIR R4 §2.6.2).
 */
const arrayIfAny = <Name extends 'extension' | 'identifier' | 'alias' | 'address'>(
  name: Name,
  values: NonNullable<BrandOrganization[Name]>,
): Pick<BrandOrganization, Name> => (values.length === 0 ? {} : { [name]: values }) as Pick<BrandOrganization, Name>;

const brandReference = (publisher: BrandsPublisher, { practiceId, name }: PublishedPractice): BrandReference => ({
  reference: `Organization/${organizationId(publisher, practiceId)}`,
  display: name,
});

/**
 * Returns the practice whose portal the given practice shares. Returns undefined if it has its own
 * portal, or if the other practice is turned off or not published.
 */
const findParent = (
  { partOf }: PublishedPractice,
  published: readonly PublishedPractice[],
): PublishedPractice | undefined => published.find(({ practiceId }) => practiceId === partOf);

/** Tag with which FHIR marks test data: HTEST of the code system v3-ActReason. */
const TEST_DATA = { system: SYSTEMS.reason, code: 'HTEST', display: 'test health data' };
const SANDBOX_DESCRIPTION = 'Test patients for app developers. Contains no real health records.';
const forPatientsOf = (name: string): string => `For patients of ${name} and their representatives.`;

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

/**
 * Extension for a detail that the practice was asked for and has not given (SMART App Launch 2.2,
 * Brands, data absent reasons).
 */
const UNKNOWN = { extension: [{ url: EXTENSIONS.absent, valueCode: 'asked-unknown' }] };

const toWebsite = ({ website }: PublishedPractice): BrandContactPoint =>
  website === undefined ? { system: 'url', _value: UNKNOWN } : { system: 'url', value: website };

/**
 * Returns the identifiers of a practice: the scheme and host of its website without `www.`
 * (user-access-brand, Organization.identifier), and its NPI as the facility identifier (45 CFR
 * 170.404(b)(2)).
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

/** Returns phone and email of a practice as Organization.contact. Organization.telecom may contain only the website. */
function toContact({ phone, email }: PublishedPractice): Pick<BrandOrganization, 'contact'> {
  const telecom = [
    ...(phone === undefined ? [] : [{ system: 'phone', value: phone }]),
    ...(email === undefined ? [] : [{ system: 'email', value: email }]),
  ];
  return telecom.length === 0 ? {} : { contact: [{ telecom }] };
}
