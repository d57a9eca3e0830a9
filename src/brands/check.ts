import type { PublishedPractice } from '../practices/index.ts';
import type { BrandEndpoint, BrandOrganization, BrandsBundle } from './bundle-types.ts';

/** A `fault` prevents publishing. A `warning` points to details that apps would otherwise not show. */
export type BrandRuleSeverity = 'fault' | 'warning';

/** Context of the checks besides the bundle. */
export interface BrandCheckContext {
  /** Whether the server is reached over https; then every address must use https. */
  readonly production: boolean;
  /** `user_access_brand_identifier` of smart-configuration. */
  readonly primary: { readonly system: string; readonly value: string };
  /** Practices that are not in the bundle because their address or identifier is missing. */
  readonly leftOut: readonly PublishedPractice[];
}

/** A place where a rule is violated. */
export interface BrandViolation {
  /** Reference to the resource; `Bundle` for the bundle itself. */
  readonly about: string;
  /** Name of the resource for display. */
  readonly name: string;
  /** The invalid value, if there is one. */
  readonly value?: string | undefined;
}

/** A rule, its source, and how to find violations. The catalog contains its text by name. */
export interface BrandRule {
  readonly name: string;
  readonly severity: BrandRuleSeverity;
  readonly clause: string;
  find(bundle: BrandsBundle, circumstances: BrandCheckContext): readonly BrandViolation[];
}

export interface BrandFinding extends BrandViolation {
  readonly check: string;
  readonly severity: BrandRuleSeverity;
  readonly clause: string;
}

/** Returns all violations in a bundle, faults first. */
export function checkBundle(
  checks: readonly BrandRule[],
  bundle: BrandsBundle,
  circumstances: BrandCheckContext,
): readonly BrandFinding[] {
  const found = checks.flatMap(({ name: check, severity, clause, find }) =>
    find(bundle, circumstances).map((broken) => ({ check, severity, clause, ...broken })),
  );
  return [...found.filter(preventsPublishing), ...found.filter((one) => !preventsPublishing(one))];
}

export const preventsPublishing = ({ severity }: Pick<BrandFinding, 'severity'>): boolean => severity === 'fault';

export const wholeBundle = (value?: string): BrandViolation => ({ about: 'Bundle', name: '', value });

export const inResource = (resource: BrandOrganization | BrandEndpoint, value?: string): BrandViolation => ({
  about: `${resource.resourceType}/${resource.id}`,
  name: resource.name ?? '',
  value,
});

export const inPractice = ({ practiceId, name }: PublishedPractice): BrandViolation => ({
  about: `practice ${practiceId}`,
  name,
});

/** Applies a check to each resource. @param wrong returns the invalid value; undefined if the resource is valid */
export const findInvalid = <Resource extends BrandOrganization | BrandEndpoint>(
  resources: readonly Resource[],
  wrong: (resource: Resource) => string | undefined,
): readonly BrandViolation[] =>
  resources.flatMap((resource) => {
    const value = wrong(resource);
    return value === undefined ? [] : [inResource(resource, value)];
  });

/** Returns whether text is an absolute http(s) address without a username. */
export const isWebAddress = (text: string | undefined): boolean =>
  text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).username === '';
