import type { FhirDefinitions } from '../definitions/fhir-definitions.ts';
import type { ElementRule } from '../definitions/profile-rules.ts';
import { containedById } from './element-values.ts';
import type { AttributedRule, ValidationContext } from './validation-context.ts';

const CORE_DEFINITIONS = 'http://hl7.org/fhir/StructureDefinition/';

/** Checks that a reference points to a resource of one of the allowed types (FHIR R4 §2.3.0). */
export function checkReference(
  reference: Record<string, unknown>,
  path: string,
  rules: readonly AttributedRule<ElementRule>[],
  context: ValidationContext,
): void {
  const type = targetType(reference, context);
  if (type === 'missing') {
    context.report({ severity: 'error', code: 'not-found', path, text: 'No contained resource has this id.' });
    return;
  }
  if (type === undefined) return;
  for (const { rule, profileUrl } of rules) {
    const targets = (rule.types ?? []).flatMap((one) => (one.code === 'Reference' ? (one.targets ?? []) : []));
    const allowed = targets.map((target) => profileType(target, context.definitions));
    if (targets.length === 0 || allowed.some((one) => one === undefined || one === 'Resource' || one === type))
      continue;
    context.report({
      severity: 'error',
      code: 'value',
      path,
      text: `This refers to ${/^\w+$/.test(type) ? type : 'another type'}. It can only refer to ${[...new Set(allowed)].join(', ')}.`,
      ...(profileUrl === undefined ? {} : { profile: profileUrl }),
    });
  }
}

function profileType(url: string, definitions: FhirDefinitions): string | undefined {
  const known = definitions.profile(url)?.type;
  return known ?? (url.startsWith(CORE_DEFINITIONS) ? url.slice(CORE_DEFINITIONS.length) : undefined);
}

/** Returns the type of the resource that a reference points to. Returns undefined if the type is unknown. */
function targetType(
  { reference, type }: Record<string, unknown>,
  { rootResource, bundleResources }: ValidationContext,
): string | undefined {
  if (typeof reference !== 'string') return typeof type === 'string' ? type : undefined;
  if (reference === '#') return resourceTypeOf(rootResource);
  if (reference.startsWith('#')) {
    const target = containedById(rootResource).get(reference.slice(1));
    return target === undefined ? 'missing' : resourceTypeOf(target);
  }
  const inBundle = bundleResources.get(reference);
  if (inBundle !== undefined) return resourceTypeOf(inBundle);
  const written = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/.exec(
    reference,
  )?.[1];
  return written ?? (typeof type === 'string' ? type : undefined);
}

const resourceTypeOf = ({ resourceType }: Record<string, unknown>): string | undefined =>
  typeof resourceType === 'string' ? resourceType : undefined;
