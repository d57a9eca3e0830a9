/**
 * The parts of FHIR R4 that a User-access Brands bundle consists of. Elements are optional, because
 * the rules check whether they are present.
 */
export interface BrandsBundle {
  readonly resourceType: 'Bundle';
  readonly id: string;
  readonly meta?: Meta;
  readonly type: string;
  readonly timestamp?: string;
  readonly entry: readonly Entry[];
}

export interface Entry {
  readonly fullUrl: string;
  readonly resource: Organization | Endpoint;
}

export interface Meta {
  readonly lastUpdated?: string;
  readonly profile?: readonly string[];
  readonly tag?: readonly Coding[];
}

export interface Organization {
  readonly resourceType: 'Organization';
  readonly id: string;
  readonly meta?: Meta;
  readonly extension?: readonly Extension[];
  readonly identifier?: readonly Identifier[];
  readonly active?: boolean;
  readonly type?: readonly CodeableConcept[];
  readonly name?: string;
  readonly alias?: readonly string[];
  readonly telecom?: readonly ContactPoint[];
  readonly address?: readonly Address[];
  readonly partOf?: Reference;
  readonly contact?: readonly { readonly telecom: readonly ContactPoint[] }[];
  readonly endpoint?: readonly Reference[];
}

export interface Endpoint {
  readonly resourceType: 'Endpoint';
  readonly id: string;
  readonly meta?: Meta;
  readonly extension?: readonly Extension[];
  readonly status?: string;
  readonly connectionType?: Coding;
  readonly name?: string;
  readonly managingOrganization?: Reference;
  readonly contact?: readonly ContactPoint[];
  readonly payloadType?: readonly CodeableConcept[];
  readonly address?: string;
}

export interface Extension {
  readonly url: string;
  readonly extension?: readonly Extension[];
  readonly valueUrl?: string;
  readonly valueString?: string;
  readonly valueMarkdown?: string;
  readonly valueCode?: string;
  readonly valueReference?: Reference;
}

export interface Reference {
  readonly reference: string;
  readonly display?: string;
}
export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}
export interface CodeableConcept {
  readonly coding: readonly Coding[];
}
/** Extensions of a primitive that give the reason for a missing value. FHIR R4 §2.6.2 */
interface Missing {
  readonly extension: readonly Extension[];
}
export interface Identifier {
  readonly system?: string;
  readonly value?: string;
  readonly _value?: Missing;
}
export interface ContactPoint {
  readonly system?: string;
  readonly value?: string;
  readonly _value?: Missing;
}
export interface Address {
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

/** SMART App Launch 2.2, ValueSet user-access-category. */
export const CATEGORIES: Readonly<Record<string, string>> = {
  prov: 'Healthcare Provider',
  ins: 'Insurance Company',
  laboratory: 'Laboratory',
  imaging: 'Imaging Center',
  pharmacy: 'Pharmacy',
  'health-information-network': 'Health Information Network',
  'health-data-aggregator': 'Health Data Aggregator',
};

export const organizationsIn = ({ entry }: BrandsBundle): readonly Organization[] =>
  entry.map(({ resource }) => resource).filter((resource) => resource.resourceType === 'Organization');

/** Returns whether a practice has sandbox patients only. */
export const isTest = ({ meta }: Organization): boolean => meta?.tag?.some(({ code }) => code === 'HTEST') === true;

export const endpointsIn = ({ entry }: BrandsBundle): readonly Endpoint[] =>
  entry.map(({ resource }) => resource).filter((resource) => resource.resourceType === 'Endpoint');

export const referenceTo = ({ resourceType, id }: Organization | Endpoint): string => `${resourceType}/${id}`;

/** Returns one part of all extensions with a URL, such as the portalEndpoint of all portals. */
export const partsOf = (
  extensions: readonly Extension[] | undefined,
  url: string,
  part: string,
): readonly Extension[] =>
  (extensions ?? [])
    .filter((one) => one.url === url)
    .flatMap((one) => (one.extension ?? []).filter((inner) => inner.url === part));
