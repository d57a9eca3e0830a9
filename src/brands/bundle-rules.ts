import {
  type BrandReference,
  type BrandsBundle,
  bundleEndpoints,
  bundleOrganizations,
  EXTENSIONS,
  isTest,
  nestedExtensions,
  referenceTo,
  SYSTEMS,
} from './bundle-types.ts';
import { type BrandRule, type BrandViolation, inResource, wholeBundle } from './check.ts';

export const CONFORMANCE = 'SMART App Launch 2.2, Brands, conformance';
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
/** Matches a valid resource id (FHIR R4 §2.24.0.1). */
const ID = /^[A-Za-z0-9.-]{1,64}$/;

const repeated = (texts: readonly string[]): readonly string[] => [
  ...new Set(texts.filter((text, index) => texts.indexOf(text) !== index)),
];

/** Rules for the bundle as a whole, and for references between the resources in it. */
export const BUNDLE_RULES: readonly BrandRule[] = [
  {
    name: 'bundle-collection',
    severity: 'fault',
    clause: 'user-access-brands-bundle, Bundle.type',
    find: ({ type }) => (type === 'collection' ? [] : [wholeBundle(type)]),
  },
  {
    name: 'bundle-timestamp',
    severity: 'fault',
    clause: `${CONFORMANCE}: SHALL populate Bundle.timestamp; user-access-brands-bundle, Bundle.meta.lastUpdated 1..1`,
    find: ({ timestamp, meta }) =>
      [timestamp, meta?.lastUpdated].filter((time) => !INSTANT.test(time ?? '')).map((time) => wholeBundle(time)),
  },
  {
    name: 'ids-unique',
    severity: 'fault',
    clause: 'FHIR R4, bdl-7, and §2.24.0.1: id',
    find: ({ entry }) => [
      ...repeated(entry.map(({ resource }) => referenceTo(resource))).map(wholeBundle),
      ...repeated(entry.map(({ fullUrl }) => fullUrl)).map(wholeBundle),
      ...entry.filter(({ resource }) => !ID.test(resource.id)).map(({ resource }) => inResource(resource, resource.id)),
    ],
  },
  {
    name: 'full-urls',
    severity: 'fault',
    clause: 'FHIR R4 §2.36.4: references are resolved by fullUrl',
    find: ({ entry }) =>
      entry
        .filter(({ fullUrl, resource }) => !fullUrl.endsWith(`/${referenceTo(resource)}`) || !URL.canParse(fullUrl))
        .map(({ fullUrl, resource }) => inResource(resource, fullUrl)),
  },
  {
    name: 'nothing-empty',
    severity: 'fault',
    clause: 'FHIR R4 §2.6.2: no empty array, object or text',
    find: ({ entry }) =>
      entry.flatMap(({ resource }) => {
        const emptyPath = findEmpty(resource, '');
        return emptyPath === undefined ? [] : [inResource(resource, emptyPath)];
      }),
  },
  {
    name: 'references-resolve',
    severity: 'fault',
    clause: 'user-access-brand, Organization.endpoint: bundled',
    find: danglingReferences,
  },
  {
    name: 'endpoints-there',
    severity: 'fault',
    clause: '45 CFR 170.404(b)(2): service base URLs',
    find: (bundle) => (bundleEndpoints(bundle).length > 0 ? [] : [wholeBundle()]),
  },
  {
    name: 'base-urls-unique',
    severity: 'fault',
    clause: '45 CFR 170.404(b)(2): service base URLs',
    find: (bundle) => repeated(bundleEndpoints(bundle).map(({ address = '' }) => address)).map(wholeBundle),
  },
  {
    name: 'primary-brand',
    severity: 'fault',
    clause: 'SMART App Launch 2.2, Brands, metadata: exactly one Brand matches user_access_brand_identifier',
    find(bundle, { primary }) {
      const having = bundleOrganizations(bundle).filter(({ identifier = [] }) =>
        identifier.some(({ system, value }) => system === primary.system && value === primary.value),
      );
      if (having.length === 0) return [wholeBundle(primary.value)];
      return having.length === 1 ? [] : having.map((brand) => inResource(brand, primary.value));
    },
  },
  {
    name: 'primary-brand-endpoints',
    severity: 'fault',
    clause: `${CONFORMANCE}: SHALL publish a primary brand that references each FHIR endpoint`,
    find(bundle, { primary }) {
      const having = bundleOrganizations(bundle).filter(({ identifier = [] }) =>
        identifier.some(({ value }) => value === primary.value),
      );
      const named = having.flatMap(({ endpoint = [] }) => endpoint.map(({ reference }) => reference));
      return bundleEndpoints(bundle)
        .filter((endpoint) => !named.includes(referenceTo(endpoint)))
        .map((endpoint) => inResource(endpoint));
    },
  },
  {
    name: 'npi-once',
    severity: 'warning',
    clause: 'SMART App Launch 2.2, Brands, consistent identifiers',
    find: (bundle) =>
      repeated(
        bundleOrganizations(bundle).flatMap(({ identifier = [] }) =>
          identifier.flatMap(({ system, value }) => (value === undefined ? [] : [`${system}|${value}`])),
        ),
      ).map(wholeBundle),
  },
  {
    name: 'names-once',
    severity: 'warning',
    clause: 'SMART App Launch 2.2, Brands, brand information: name',
    find: (bundle) => repeated(bundleOrganizations(bundle).map(({ name = '' }) => name.toLowerCase())).map(wholeBundle),
  },
  {
    name: 'live-practice',
    severity: 'warning',
    clause: '45 CFR 170.404(b)(2)',
    find: (bundle) =>
      bundleOrganizations(bundle).some(
        (brand) => !isTest(brand) && brand.identifier?.some(({ system }) => system === SYSTEMS.npi),
      )
        ? []
        : [wholeBundle()],
  },
];

/** Returns the path of the first empty array, object or text within a value; undefined if there is none. */
function findEmpty(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const parts = Object.entries(value);
  if (parts.length === 0) return path;
  return parts.map(([name, inner]) => findEmpty(inner, `${path}/${name}`)).find((found) => found !== undefined);
}

function danglingReferences(bundle: BrandsBundle): readonly BrandViolation[] {
  const known = new Set(bundle.entry.map(({ resource }) => referenceTo(resource)));
  return bundle.entry.flatMap(({ resource }) =>
    outgoingReferences(resource)
      .filter(({ reference }) => !known.has(reference))
      .map(({ reference }) => inResource(resource, reference)),
  );
}

function outgoingReferences(resource: BrandsBundle['entry'][number]['resource']): readonly BrandReference[] {
  const optional = (reference: BrandReference | undefined) => (reference === undefined ? [] : [reference]);
  if (resource.resourceType === 'Endpoint') return optional(resource.managingOrganization);
  const portals = nestedExtensions(resource.extension, EXTENSIONS.portal, 'portalEndpoint');
  return [
    ...(resource.endpoint ?? []),
    ...optional(resource.partOf),
    ...portals.flatMap(({ valueReference }) => optional(valueReference)),
  ];
}
