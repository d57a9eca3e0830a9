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

/** Of the installation. */
export interface Publisher {
  readonly publicUrl: string;
  readonly brandName: string;
  readonly addresses: Pick<Addresses, 'fhir'>;
}

/** SMART App Launch 2.2, Brands, metadata: what stands in smart-configuration too. It stays the same whoever has it. */
export const primaryIdentifier = ({ publicUrl }: Pick<Publisher, 'publicUrl'>) => ({
  system: SYSTEMS.uri,
  value: publicUrl,
});

/** Practices that the bundle would have if their details were complete. 45 CFR 170.404(b)(2) */
export const leftOut = (practices: readonly PublishedPractice[]): readonly PublishedPractice[] =>
  practices.filter((practice) => practice.enabled && missingFrom(practice).length > 0);

/** The bundle that the practices' settings make, without the times, which tell when it last said something else. */
export function buildBundle(practices: readonly PublishedPractice[], publisher: Publisher): BrandsBundle {
  const on = practices.filter(({ enabled }) => enabled);
  const listed = on.filter((practice) => missingFrom(practice).length === 0);
  const shown = [...listed.filter(({ kind }) => kind === 'live'), ...listed.filter(({ kind }) => kind === 'sandbox')];
  const [sole, ...others] = on.filter((one) => one.kind === 'live' && parentOf(one, on) === undefined);
  // One practice is the brand of the whole installation: two cards for the same thing would only ask a riddle.
  const primary = others.length === 0 ? shown.find((one) => one === sole) : undefined;
  const endpoints = endpointsOf(publisher, primary);
  const brands = shown.map((practice) => brandOf(practice, shown, publisher, endpoints, practice === primary));
  const all = [...(primary === undefined ? [ownBrand(publisher, endpoints)] : []), ...brands, ...endpoints];
  return {
    resourceType: 'Bundle',
    id: idOf(publisher, 'Bundle', 'brands'),
    meta: { profile: [PROFILES.bundle] },
    type: 'collection',
    entry: all.map((resource) => ({ fullUrl: `${publisher.publicUrl}/brands/${referenceTo(resource)}`, resource })),
  };
}

/** The same practice has the same id as long as the installation has its address. */
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

/** The installation itself, where it serves several practices. */
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
  shown: readonly PublishedPractice[],
  publisher: Publisher,
  endpoints: readonly Endpoint[],
  isPrimary: boolean,
): Organization {
  const { practiceId, kind, name, aliases, address, locations } = practice;
  const parent = parentOf(practice, shown);
  const places = [...(address === undefined ? [] : [address]), ...locations];
  const about = kind === 'sandbox' ? MADE_UP : forPatientsOf(name);
  // user-access-brand, partOf: a brand has a portal, or names the brand whose portal it is.
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

/** FHIR R4 §2.6.2: an array is never empty. */
const ifAny = <Name extends 'extension' | 'identifier' | 'alias' | 'address'>(
  name: Name,
  values: NonNullable<Organization[Name]>,
): Pick<Organization, Name> => (values.length === 0 ? {} : { [name]: values }) as Pick<Organization, Name>;

const brandReference = (publisher: Publisher, { practiceId, name }: PublishedPractice): Reference => ({
  reference: `Organization/${organizationId(publisher, practiceId)}`,
  display: name,
});

/** Whose portal it shares; one that is turned off or left out has none to share. */
const parentOf = ({ partOf }: PublishedPractice, shown: readonly PublishedPractice[]): PublishedPractice | undefined =>
  shown.find(({ practiceId }) => practiceId === partOf);

/** v3-ActReason HTEST: how FHIR marks what is made up for trying things out. */
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

/** SMART App Launch 2.2, Brands, data absent reasons: the practice was asked, and has not said. */
const UNKNOWN = { extension: [{ url: EXTENSIONS.absent, valueCode: 'asked-unknown' }] };

const websiteOf = ({ website }: PublishedPractice): ContactPoint =>
  website === undefined ? { system: 'url', _value: UNKNOWN } : { system: 'url', value: website };

/** Its address on the web (user-access-brand, identifier: scheme and host without `www.`), and the facility's identifier (45 CFR 170.404(b)(2)). */
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

/** telecom holds the website and nothing else: how to reach the people there is told beside it. */
function contactOf({ phone, email }: PublishedPractice): Pick<Organization, 'contact'> {
  const telecom = [
    ...(phone === undefined ? [] : [{ system: 'phone', value: phone }]),
    ...(email === undefined ? [] : [{ system: 'email', value: email }]),
  ];
  return telecom.length === 0 ? {} : { contact: [{ telecom }] };
}
