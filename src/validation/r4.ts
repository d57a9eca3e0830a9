import model from 'fhirpath/fhir-context/r4';
import { createInvariantEvaluator } from './check/invariant.ts';
import { createValidator, type Validator } from './check/resource.ts';
import { createDefinitions } from './definitions/fhir-definitions.ts';
import { buildGuide, createGuideValueSets, type ImplementationGuide } from './definitions/guide.ts';
import codes from './generated/r4-codes.json' with { type: 'json' };
import profiles from './generated/r4-profiles.json' with { type: 'json' };
import systems from './generated/r4-systems.json' with { type: 'json' };
import { createValueSets } from './terminology/value-sets.ts';

/** Reads an R4 implementation guide from the resources of its package. */
export const buildR4Guide = (resources: readonly { readonly resourceType: string }[]): ImplementationGuide =>
  buildGuide(resources, { valueSets: createValueSets(codes), systems });

/** Creates a validator for R4 and implementation guides. If two guides define the same profile, the later one wins. */
export function createR4Validator(guides: readonly ImplementationGuide[] = []): Validator {
  const all = [...profiles, ...guides.flatMap((guide) => guide.profiles)];
  return createValidator(createDefinitions(all, createGuideValueSets(codes, guides)), createInvariantEvaluator(model));
}
