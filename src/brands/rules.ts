import { BUNDLE_RULES } from './bundle-rules.ts';
import type { BrandsBundle } from './bundle-types.ts';
import { type BrandRule, type BrandViolation, inResource } from './check.ts';
import { ENDPOINT_RULES } from './endpoint-rules.ts';
import { ORGANIZATION_RULES } from './organization-rules.ts';

/**
 * Returns every http: address in a value. Leaves out the URLs of code systems, extensions and
 * profiles, because these are identifiers.
 */
function httpAddresses(value: unknown): readonly string[] {
  if (typeof value === 'string') return /^http:/i.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    IDENTIFIER_NAMES.includes(name) ? [] : httpAddresses(inner),
  );
}
const IDENTIFIER_NAMES = ['system', 'url', 'profile'];

const resourcesOverHttp = (bundle: BrandsBundle): readonly BrandViolation[] =>
  bundle.entry.flatMap(({ fullUrl, resource }) => {
    const [first] = [...httpAddresses(fullUrl), ...httpAddresses(resource)];
    return first === undefined ? [] : [inResource(resource, first)];
  });

const HTTPS = 'SMART App Launch 2.2, best practices: TLS; user-access-endpoint, contact: an https:// URL';

/** All rules for the bundle of practice brands. A violated `fault` rule prevents publishing. */
export const BRAND_RULES: readonly BrandRule[] = [
  ...BUNDLE_RULES,
  ...ORGANIZATION_RULES,
  ...ENDPOINT_RULES,
  {
    name: 'https',
    severity: 'fault',
    clause: HTTPS,
    find: (bundle, { production }) => (production ? resourcesOverHttp(bundle) : []),
  },
  {
    name: 'https-local',
    severity: 'warning',
    clause: HTTPS,
    find: (bundle, { production }) => (production ? [] : resourcesOverHttp(bundle).slice(0, 1)),
  },
];
