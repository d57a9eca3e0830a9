import type { Definitions } from '../definitions.ts';
import type { Rule } from '../profile/profile.ts';
import type { Context, Said } from './context.ts';
import { containedIn } from './values.ts';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';

/** FHIR R4 §2.3.0: checks that a reference refers to one of the allowed types. */
export function checkReference(
  reference: Record<string, unknown>,
  path: string,
  rules: readonly Said<Rule>[],
  context: Context,
): void {
  const type = typeReferredTo(reference, context);
  if (type === 'missing') {
    context.report({ severity: 'error', code: 'not-found', path, text: 'Nothing that is contained has this id.' });
    return;
  }
  if (type === undefined) return;
  for (const { rule, by: profileUrl } of rules) {
    const targets = (rule.types ?? []).flatMap((one) => (one.code === 'Reference' ? (one.targets ?? []) : []));
    const allowed = targets.map((target) => typeOfProfile(target, context.definitions));
    if (targets.length === 0 || allowed.some((one) => one === undefined || one === 'Resource' || one === type))
      continue;
    context.report({
      severity: 'error',
      code: 'value',
      path,
      text: `This refers to ${/^\w+$/.test(type) ? type : 'another type'}: it may only refer to ${[...new Set(allowed)].join(', ')}.`,
      ...(profileUrl === undefined ? {} : { profile: profileUrl }),
    });
  }
}

function typeOfProfile(url: string, definitions: Definitions): string | undefined {
  const known = definitions.profile(url)?.type;
  return known ?? (url.startsWith(CORE) ? url.slice(CORE.length) : undefined);
}

/** Returns undefined if the type is unknown. */
function typeReferredTo({ reference, type }: Record<string, unknown>, { root, bundled }: Context): string | undefined {
  if (typeof reference !== 'string') return typeof type === 'string' ? type : undefined;
  if (reference === '#') return typeOfResource(root);
  if (reference.startsWith('#')) {
    const target = containedIn(root).get(reference.slice(1));
    return target === undefined ? 'missing' : typeOfResource(target);
  }
  const inBundle = bundled.get(reference);
  if (inBundle !== undefined) return typeOfResource(inBundle);
  const written = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/.exec(
    reference,
  )?.[1];
  return written ?? (typeof type === 'string' ? type : undefined);
}

const typeOfResource = ({ resourceType }: Record<string, unknown>): string | undefined =>
  typeof resourceType === 'string' ? resourceType : undefined;
