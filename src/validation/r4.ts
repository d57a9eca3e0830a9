import model from 'fhirpath/fhir-context/r4';
import { invariantsOf } from './check/invariant.ts';
import { type Validator, validatorOf } from './check/resource.ts';
import { valueSetsOf } from './codes.ts';
import { definitionsOf } from './definitions.ts';
import codes from './generated/r4-codes.json' with { type: 'json' };
import profiles from './generated/r4-profiles.json' with { type: 'json' };
import systems from './generated/r4-systems.json' with { type: 'json' };
import { type Guide, guideOf, valueSetsWith } from './guide.ts';

/** Reads an R4 implementation guide from the resources of its package. */
export const r4Guide = (resources: readonly { readonly resourceType: string }[]): Guide =>
  guideOf(resources, { valueSets: valueSetsOf(codes), systems });

/** Creates a validator for R4 and the guides. If two guides define the same profile, the later one wins. */
export function r4Validator(guides: readonly Guide[] = []): Validator {
  const all = [...profiles, ...guides.flatMap((guide) => guide.profiles)];
  return validatorOf(definitionsOf(all, valueSetsWith(codes, guides)), invariantsOf(model));
}
