import type { PublishedPractice } from '../practices/index.ts';
import type { BrandEndpoint, BrandOrganization, BrandsBundle } from './bundle-types.ts';

/**
 * Severity of a rule about the brands. A violated `fault` rule prevents publishing. A violated
 * `warning` rule doesn't: for example, a practice without a logo.
 */
export type BrandRuleSeverity = 'fault' | 'warning';

/** Facts that the rules need in addition to the bundle. */
export interface BrandCheckContext {
  /** Whether the server is reached over https. If so, every address in the bundle must use https. */
  readonly production: boolean;
  /** Value of `user_access_brand_identifier` in smart-configuration, which identifies the primary brand. */
  readonly primary: { readonly system: string; readonly value: string };
  /** Practices that are not in the bundle because their address or facility identifier is missing. */
  readonly leftOut: readonly PublishedPractice[];
}

/** A resource of the bundle that violates a rule. */
export interface BrandViolation {
  /** Reference to the resource, such as `Organization/…`. `Bundle` for the bundle itself. */
  readonly about: string;
  /** Name of the resource as pages and messages display it. */
  readonly name: string;
  /** The invalid value. undefined if there is none, for example if an element is missing. */
  readonly value?: string | undefined;
}

/**
 * A rule for the bundle of practice brands: its severity, the clause that it comes from, and a
 * function that finds violations. The message catalog contains the text of each rule under its
 * name.
 */
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

/** Returns all violations of the rules in a bundle. Those that prevent publishing come first. */
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

/**
 * Checks each resource and returns a violation for each invalid one.
 * @param wrong returns the invalid value of a resource; undefined if the resource is valid
 */
export const findInvalid = <Resource extends BrandOrganization | BrandEndpoint>(
  resources: readonly Resource[],
  wrong: (resource: Resource) => string | undefined,
): readonly BrandViolation[] =>
  resources.flatMap((resource) => {
    const value = wrong(resource);
    return value === undefined ? [] : [inResource(resource, value)];
  });

/** Returns whether a text is an absolute http(s) URL without a username. */
export const isWebAddress = (text: string | undefined): boolean =>
  text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).username === '';
