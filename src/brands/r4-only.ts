import { derivedUuid } from '../kernel/index.ts';
import {
  type BrandEndpoint,
  type BrandOrganization,
  type BrandReference,
  type BrandsBundle,
  EXTENSIONS,
  referenceTo,
} from './bundle-types.ts';

/** Code of FHIR R4 in the extension endpoint-fhir-version. */
const R4 = '4.0.1';

/** Returns the bundle with the endpoints of FHIR R4 only. Removes references to the other endpoints too. */
export function r4Only(bundle: BrandsBundle): BrandsBundle {
  const entry = bundle.entry.filter(({ resource }) => resource.resourceType !== 'Endpoint' || isR4(resource));
  const remaining = new Set(entry.map(({ resource }) => referenceTo(resource)));
  return {
    ...bundle,
    id: derivedUuid(bundle.id, R4),
    entry: entry.map(({ fullUrl, resource }) => ({
      fullUrl,
      resource: resource.resourceType === 'Organization' ? withoutMissingReferences(resource, remaining) : resource,
    })),
  };
}

const isR4 = ({ extension = [] }: BrandEndpoint): boolean =>
  extension.some(({ url, valueCode }) => url === EXTENSIONS.version && valueCode === R4);

function withoutMissingReferences(brand: BrandOrganization, remaining: ReadonlySet<string>): BrandOrganization {
  const isKept = (reference: BrandReference | undefined): boolean =>
    reference === undefined || remaining.has(reference.reference);
  return {
    ...brand,
    ...(brand.extension === undefined
      ? {}
      : {
          extension: brand.extension.map((one) =>
            one.extension === undefined
              ? one
              : { ...one, extension: one.extension.filter(({ valueReference }) => isKept(valueReference)) },
          ),
        }),
    ...(brand.endpoint === undefined ? {} : { endpoint: brand.endpoint.filter(isKept) }),
  };
}
