import { BUNDLE_CHECKS } from './bundle-checks.ts';
import { type Broken, type Check, inResource } from './check.ts';
import { ENDPOINT_CHECKS } from './endpoint-checks.ts';
import { ORGANIZATION_CHECKS } from './organization-checks.ts';
import type { BrandsBundle } from './resources.ts';

/** Returns every http: address in a value. Names of code systems and extensions are identifiers, not addresses. */
function addressesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return /^http:/i.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (NAMES.includes(name) ? [] : addressesIn(inner)));
}
const NAMES = ['system', 'url', 'profile'];

const overHttp = (bundle: BrandsBundle): readonly Broken[] =>
  bundle.entry.flatMap(({ fullUrl, resource }) => {
    const [first] = [...addressesIn(fullUrl), ...addressesIn(resource)];
    return first === undefined ? [] : [inResource(resource, first)];
  });

const HTTPS = 'SMART App Launch 2.2, best practices: TLS; user-access-endpoint, contact: an https:// URL';

/** All rules that a bundle must pass before it is published. */
export const CHECKS: readonly Check[] = [
  ...BUNDLE_CHECKS,
  ...ORGANIZATION_CHECKS,
  ...ENDPOINT_CHECKS,
  {
    name: 'https',
    severity: 'fault',
    clause: HTTPS,
    find: (bundle, { production }) => (production ? overHttp(bundle) : []),
  },
  {
    name: 'https-local',
    severity: 'warning',
    clause: HTTPS,
    find: (bundle, { production }) => (production ? [] : overHttp(bundle).slice(0, 1)),
  },
];
