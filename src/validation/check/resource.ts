import type { Definitions } from '../definitions.ts';
import type { Issue } from '../issue.ts';
import type { Profile, Rule } from '../profile/profile.ts';
import type { Context, Invariants, Said } from './context.ts';
import { checkParts } from './element.ts';
import { checkContained } from './structure.ts';
import { isObject } from './values.ts';

export interface Validator {
  /**
   * Returns all errors, warnings and notes for a resource.
   * @param resource as returned by JSON.parse, with numbers as numbers
   * @param profiles canonical URLs of profiles to validate against, in addition to those in meta.profile
   */
  validate(resource: unknown, profiles?: readonly string[]): readonly Issue[];
}

export function validatorOf(definitions: Definitions, invariants: Invariants): Validator {
  return {
    validate(resource, profiles = []) {
      const issues = new Map<string, Issue>();
      const report = (issue: Issue) => {
        const key = `${issue.path} ${issue.code} ${issue.key ?? issue.text}`;
        if (!issues.has(key)) issues.set(key, issue);
      };
      if (!isObject(resource) || typeof resource['resourceType'] !== 'string') {
        const text = 'This is no FHIR resource: it has to be an object with a resourceType.';
        return [{ severity: 'error', code: 'structure', path: '', text }];
      }
      const bundled = bundledIn(resource);
      const validateResource = (
        one: Record<string, unknown>,
        path: string,
        root: Record<string, unknown>,
        extraProfiles: readonly string[],
      ) => {
        const inner: Context['inner'] = (value, at, own) =>
          validateResource(value, at, at.includes('.contained[') ? root : value, own);
        checkResource(one, path, extraProfiles, {
          definitions,
          invariants,
          resource: one,
          root,
          bundled,
          report,
          inner,
        });
      };
      validateResource(resource, resource['resourceType'], resource, profiles);
      return [...issues.values()];
    },
  };
}

function checkResource(
  resource: Record<string, unknown>,
  path: string,
  profiles: readonly string[],
  context: Context,
): void {
  const { resourceType } = resource;
  const type = typeof resourceType === 'string' ? context.definitions.type(resourceType) : undefined;
  if (type === undefined || type.kind !== 'resource') {
    const text = 'This has no resourceType that FHIR knows.';
    context.report({ severity: 'error', code: 'structure', path, text });
    return;
  }
  const profileUrls = new Set([...claimsOf(resource), ...profiles]);
  const knownProfiles = new Set([...profileUrls].flatMap((canonical) => knownProfile(canonical, type, path, context)));
  const rules: readonly Said<Rule>[] = [
    { rule: type.rule, by: undefined },
    ...[...knownProfiles].map(({ rule, url }) => ({ rule, by: url })),
  ];
  for (const { rule, by: profileUrl } of rules)
    checkInvariants(resource, { rule, by: profileUrl }, type.type, path, context);
  checkContained(resource, path, context);
  checkParts(resource, rules, type.type, path, context);
}

const claimsOf = ({ meta }: Record<string, unknown>): readonly string[] =>
  isObject(meta) && Array.isArray(meta['profile'])
    ? meta['profile'].filter((url): url is string => typeof url === 'string')
    : [];

function knownProfile(canonical: string, type: Profile, path: string, context: Context): readonly Profile[] {
  const profile = context.definitions.profile(canonical);
  if (profile === undefined) {
    const text = 'This profile is not known here, and nothing was held against it.';
    context.report({ severity: 'information', code: 'not-found', path, text, profile: canonical });
    return [];
  }
  if (profile.type === type.type) return [profile];
  if (['Resource', 'DomainResource'].includes(profile.type)) return [];
  const text = `This claims a profile of ${profile.type}, and is none.`;
  context.report({ severity: 'error', code: 'structure', path, text, profile: profile.url });
  return [];
}

function checkInvariants(
  resource: Record<string, unknown>,
  { rule, by: profileUrl }: Said<Rule>,
  at: string,
  path: string,
  context: Context,
): void {
  for (const constraint of rule.constraints ?? []) {
    if (context.invariants.holds(constraint, at, resource, context) !== false) continue;
    const { key, severity, human } = constraint;
    context.report({
      severity,
      code: 'invariant',
      path,
      key,
      text: `${human} (${key})`,
      ...(profileUrl === undefined ? {} : { profile: profileUrl }),
    });
  }
}

/** Resources of a Bundle by the fullUrl that its entries use to refer to each other. */
function bundledIn({ resourceType, entry }: Record<string, unknown>): Context['bundled'] {
  if (resourceType !== 'Bundle' || !Array.isArray(entry)) return new Map();
  return new Map(
    entry
      .filter(isObject)
      .flatMap(({ fullUrl, resource }) =>
        typeof fullUrl === 'string' && isObject(resource) ? [[fullUrl, resource] as const] : [],
      ),
  );
}
