import { isObject } from '../../kernel/index.ts';
import type { FhirDefinitions } from '../definitions/fhir-definitions.ts';
import type { ElementRule, ProfileRules } from '../definitions/profile-rules.ts';
import type { ValidationIssue } from '../issue.ts';
import { checkChildren } from './check-element.ts';
import { checkContained } from './structure.ts';
import type { AttributedRule, InvariantEvaluator, ValidationContext } from './validation-context.ts';

export interface Validator {
  /**
   * Returns all errors, warnings and notes about a resource.
   * @param resource as returned by JSON.parse, with numbers as numbers
   * @param profiles canonical URLs of profiles to validate against, in addition to those in meta.profile
   */
  validate(resource: unknown, profiles?: readonly string[]): readonly ValidationIssue[];
}

export function createValidator(definitions: FhirDefinitions, invariants: InvariantEvaluator): Validator {
  return {
    validate(resource, profiles = []) {
      const issues = new Map<string, ValidationIssue>();
      const report = (issue: ValidationIssue) => {
        const key = `${issue.path} ${issue.code} ${issue.key ?? issue.text}`;
        if (!issues.has(key)) issues.set(key, issue);
      };
      if (!isObject(resource) || typeof resource['resourceType'] !== 'string') {
        const text = 'This isn’t a FHIR resource. It must be an object with a resourceType.';
        return [{ severity: 'error', code: 'structure', path: '', text }];
      }
      const bundled = bundleResourcesByUrl(resource);
      const validateResource = (
        one: Record<string, unknown>,
        path: string,
        root: Record<string, unknown>,
        extraProfiles: readonly string[],
      ) => {
        const inner: ValidationContext['validateNested'] = (value, at, own) =>
          validateResource(value, at, at.includes('.contained[') ? root : value, own);
        checkResource(one, path, extraProfiles, {
          definitions,
          invariants,
          resource: one,
          rootResource: root,
          bundleResources: bundled,
          report,
          validateNested: inner,
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
  context: ValidationContext,
): void {
  const { resourceType } = resource;
  const type = typeof resourceType === 'string' ? context.definitions.type(resourceType) : undefined;
  if (type === undefined || type.kind !== 'resource') {
    const text = 'Unknown resourceType.';
    context.report({ severity: 'error', code: 'structure', path, text });
    return;
  }
  const profileUrls = new Set([...declaredProfiles(resource), ...profiles]);
  const knownProfiles = new Set(
    [...profileUrls].flatMap((canonical) => findDeclaredProfile(canonical, type, path, context)),
  );
  const rules: readonly AttributedRule<ElementRule>[] = [
    { rule: type.rule, profileUrl: undefined },
    ...[...knownProfiles].map(({ rule, url }) => ({ rule, profileUrl: url })),
  ];
  for (const { rule, profileUrl } of rules) checkInvariants(resource, { rule, profileUrl }, type.type, path, context);
  checkContained(resource, path, context);
  checkChildren(resource, rules, type.type, path, context);
}

const declaredProfiles = ({ meta }: Record<string, unknown>): readonly string[] =>
  isObject(meta) && Array.isArray(meta['profile'])
    ? meta['profile'].filter((url): url is string => typeof url === 'string')
    : [];

function findDeclaredProfile(
  canonical: string,
  type: ProfileRules,
  path: string,
  context: ValidationContext,
): readonly ProfileRules[] {
  const profile = context.definitions.profile(canonical);
  if (profile === undefined) {
    const text = 'Unknown profile. The resource was not validated against it.';
    context.report({ severity: 'information', code: 'not-found', path, text, profile: canonical });
    return [];
  }
  if (profile.type === type.type) return [profile];
  if (['Resource', 'DomainResource'].includes(profile.type)) return [];
  const text = `This declares a profile of ${profile.type}, but is a different resource type.`;
  context.report({ severity: 'error', code: 'structure', path, text, profile: profile.url });
  return [];
}

function checkInvariants(
  resource: Record<string, unknown>,
  { rule, profileUrl }: AttributedRule<ElementRule>,
  at: string,
  path: string,
  context: ValidationContext,
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

/** Returns the resources of a Bundle by fullUrl, with which its entries refer to each other. */
function bundleResourcesByUrl({ resourceType, entry }: Record<string, unknown>): ValidationContext['bundleResources'] {
  if (resourceType !== 'Bundle' || !Array.isArray(entry)) return new Map();
  return new Map(
    entry
      .filter(isObject)
      .flatMap(({ fullUrl, resource }) =>
        typeof fullUrl === 'string' && isObject(resource) ? [[fullUrl, resource] as const] : [],
      ),
  );
}
