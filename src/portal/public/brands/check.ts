import type { PublishedPractice } from '../../../practices/index.ts';
import type { BrandsBundle, Endpoint, Organization } from './resources.ts';

/** A fault stops a publish; a warning is for whoever wants apps to show more. */
export type Severity = 'fault' | 'warning';

/** What the checks need to know besides the bundle. */
export interface Circumstances {
  /** Apps reach the server over https: then everything must be. */
  readonly production: boolean;
  /** `user_access_brand_identifier` of smart-configuration. */
  readonly primary: { readonly system: string; readonly value: string };
  /** Practices that are not in the bundle because an address or an identifier is missing. */
  readonly leftOut: readonly PublishedPractice[];
}

/** One place where a rule is broken. */
export interface Broken {
  /** The resource, as it is referred to; `Bundle` for all of it. */
  readonly about: string;
  /** Its name, for people. */
  readonly name: string;
  /** The value that is wrong, where there is one. */
  readonly value?: string | undefined;
}

/** A rule, where it is written, and what breaks it. What it says to people is in the catalogue, by its name. */
export interface Check {
  readonly name: string;
  readonly severity: Severity;
  readonly clause: string;
  find(bundle: BrandsBundle, circumstances: Circumstances): readonly Broken[];
}

export interface Finding extends Broken {
  readonly check: string;
  readonly severity: Severity;
  readonly clause: string;
}

/** All that is wrong with a bundle, faults first. */
export function findingsOf(
  checks: readonly Check[],
  bundle: BrandsBundle,
  circumstances: Circumstances,
): readonly Finding[] {
  const found = checks.flatMap(({ name: check, severity, clause, find }) =>
    find(bundle, circumstances).map((broken) => ({ check, severity, clause, ...broken })),
  );
  return [...found.filter(isFault), ...found.filter((one) => !isFault(one))];
}

export const isFault = ({ severity }: Pick<Finding, 'severity'>): boolean => severity === 'fault';

export const wholeBundle = (value?: string): Broken => ({ about: 'Bundle', name: '', value });

export const inResource = (resource: Organization | Endpoint, value?: string): Broken => ({
  about: `${resource.resourceType}/${resource.id}`,
  name: resource.name ?? '',
  value,
});

export const inPractice = ({ practiceId, name }: PublishedPractice): Broken => ({
  about: `practice ${practiceId}`,
  name,
});

/** Where a check of one resource at a time finds something. @param wrong the value that is wrong; undefined: none is */
export const wrongIn = <Resource extends Organization | Endpoint>(
  resources: readonly Resource[],
  wrong: (resource: Resource) => string | undefined,
): readonly Broken[] =>
  resources.flatMap((resource) => {
    const value = wrong(resource);
    return value === undefined ? [] : [inResource(resource, value)];
  });

/** @returns whether the text is an absolute address that a browser may be sent to */
export const isWebAddress = (text: string | undefined): boolean =>
  text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).username === '';
