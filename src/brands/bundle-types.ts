/**
 * The elements of FHIR R4 that a User-access Brands bundle uses. An element is optional in these
 * types if the rules for brands check whether it is present.
 */
export interface BrandsBundle {
  readonly resourceType: 'Bundle';
  readonly id: string;
  readonly meta?: BrandMeta;
  readonly type: string;
  readonly timestamp?: string;
  readonly entry: readonly BrandsBundleEntry[];
}

export interface BrandsBundleEntry {
  readonly fullUrl: string;
  readonly resource: BrandOrganization | BrandEndpoint;
}

export interface BrandMeta {
  readonly lastUpdated?: string;
  readonly profile?: readonly string[];
  readonly tag?: readonly BrandCoding[];
}

export interface BrandOrganization {
  readonly resourceType: 'Organization';
  readonly id: string;
  readonly meta?: BrandMeta;
  readonly extension?: readonly BrandExtension[];
  readonly identifier?: readonly BrandIdentifier[];
  readonly active?: boolean;
  readonly type?: readonly BrandCodeableConcept[];
  readonly name?: string;
  readonly alias?: readonly string[];
  readonly telecom?: readonly BrandContactPoint[];
  readonly address?: readonly BrandAddress[];
  readonly partOf?: BrandReference;
  readonly contact?: readonly { readonly telecom: readonly BrandContactPoint[] }[];
  readonly endpoint?: readonly BrandReference[];
}

export interface BrandEndpoint {
  readonly resourceType: 'Endpoint';
  readonly id: string;
  readonly meta?: BrandMeta;
  readonly extension?: readonly BrandExtension[];
  readonly status?: string;
  readonly connectionType?: BrandCoding;
  readonly name?: string;
  readonly managingOrganization?: BrandReference;
  readonly contact?: readonly BrandContactPoint[];
  readonly payloadType?: readonly BrandCodeableConcept[];
  readonly address?: string;
}

export interface BrandExtension {
  readonly url: string;
  readonly extension?: readonly BrandExtension[];
  readonly valueUrl?: string;
  readonly valueString?: string;
  readonly valueMarkdown?: string;
  readonly valueCode?: string;
  readonly valueReference?: BrandReference;
}

export interface BrandReference {
  readonly reference: string;
  readonly display?: string;
}
export interface BrandCoding {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}
export interface BrandCodeableConcept {
  readonly coding: readonly BrandCoding[];
}
/** Sibling of a primitive element (`_value`) that gives the reason why its value is missing. FHIR R4 §2.6.2 */
interface AbsentValue {
  readonly extension: readonly BrandExtension[];
}
export interface BrandIdentifier {
  readonly system?: string;
  readonly value?: string;
  readonly _value?: AbsentValue;
}
export interface BrandContactPoint {
  readonly system?: string;
  readonly value?: string;
  readonly _value?: AbsentValue;
}
export interface BrandAddress {
  readonly text?: string;
  readonly line?: readonly string[];
  readonly city?: string;
  readonly state?: string;
  readonly postalCode?: string;
  readonly country?: string;
}

const HL7 = 'http://hl7.org/fhir';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';

export const PROFILES = {
  bundle: `${HL7}/smart-app-launch/StructureDefinition/user-access-brands-bundle`,
  brand: `${HL7}/smart-app-launch/StructureDefinition/user-access-brand`,
  endpoint: `${HL7}/smart-app-launch/StructureDefinition/user-access-endpoint`,
} as const;
export const EXTENSIONS = {
  brand: `${HL7}/StructureDefinition/organization-brand`,
  portal: `${HL7}/StructureDefinition/organization-portal`,
  version: `${HL7}/StructureDefinition/endpoint-fhir-version`,
  absent: `${HL7}/StructureDefinition/data-absent-reason`,
} as const;
export const SYSTEMS = {
  uri: 'urn:ietf:rfc:3986',
  npi: `${HL7}/sid/us-npi`,
  category: `${TERMINOLOGY}/organization-type`,
  connection: `${TERMINOLOGY}/endpoint-connection-type`,
  payload: `${TERMINOLOGY}/endpoint-payload-type`,
  reason: `${TERMINOLOGY}/v3-ActReason`,
} as const;

/** Categories of brands: codes and names of the ValueSet user-access-category (SMART App Launch 2.2). */
export const CATEGORIES: Readonly<Record<string, string>> = {
  prov: 'Healthcare Provider',
  ins: 'Insurance Company',
  laboratory: 'Laboratory',
  imaging: 'Imaging Center',
  pharmacy: 'Pharmacy',
  'health-information-network': 'Health Information Network',
  'health-data-aggregator': 'Health Data Aggregator',
};

/** Returns the brands in a bundle, which are its Organization resources, in the order of the bundle. */
export const bundleOrganizations = ({ entry }: BrandsBundle): readonly BrandOrganization[] =>
  entry.map(({ resource }) => resource).filter((resource) => resource.resourceType === 'Organization');

/** Returns whether a brand is of a sandbox practice, which has test patients only. */
export const isTest = ({ meta }: BrandOrganization): boolean =>
  meta?.tag?.some(({ code }) => code === 'HTEST') === true;

/** Returns the Endpoint resources in a bundle, in the order of the bundle. */
export const bundleEndpoints = ({ entry }: BrandsBundle): readonly BrandEndpoint[] =>
  entry.map(({ resource }) => resource).filter((resource) => resource.resourceType === 'Endpoint');

export const referenceTo = ({ resourceType, id }: BrandOrganization | BrandEndpoint): string => `${resourceType}/${id}`;

/**
 * Returns the nested extensions with the URL `nestedUrl` in all extensions with the URL `url`. For
 * example, these are the portalEndpoint extensions of all portals.
 */
export const nestedExtensions = (
  extensions: readonly BrandExtension[] | undefined,
  url: string,
  nestedUrl: string,
): readonly BrandExtension[] =>
  (extensions ?? [])
    .filter((one) => one.url === url)
    .flatMap((one) => (one.extension ?? []).filter((inner) => inner.url === nestedUrl));
