import { derivedUuid } from '../../../kernel/index.ts';
import {
  type BrandsBundle,
  type Endpoint,
  EXTENSIONS,
  type Organization,
  type Reference,
  referenceTo,
} from './resources.ts';

/** FHIR R4, endpoint-fhir-version */
const R4 = '4.0.1';

/** Returns the bundle without the endpoints of other FHIR versions and references to them. */
export function r4Only(bundle: BrandsBundle): BrandsBundle {
  const entry = bundle.entry.filter(({ resource }) => resource.resourceType !== 'Endpoint' || isR4(resource));
  const remaining = new Set(entry.map(({ resource }) => referenceTo(resource)));
  return {
    ...bundle,
    id: derivedUuid(bundle.id, R4),
    entry: entry.map(({ fullUrl, resource }) => ({
      fullUrl,
      resource: resource.resourceType === 'Organization' ? withoutOthers(resource, remaining) : resource,
    })),
  };
}

const isR4 = ({ extension = [] }: Endpoint): boolean =>
  extension.some(({ url, valueCode }) => url === EXTENSIONS.version && valueCode === R4);

function withoutOthers(brand: Organization, remaining: ReadonlySet<string>): Organization {
  const isKept = (reference: Reference | undefined): boolean =>
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
