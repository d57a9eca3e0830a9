import type { Invariants } from './check/context.ts';
import { type Validator, validatorOf } from './check/resource.ts';
import { valueSetsOf } from './codes.ts';
import { definitionsOf } from './definitions.ts';
import { guideOf, valueSetsWith } from './guide.ts';
import {
  type Dstu2StructureDefinition,
  type Dstu2ValueSet,
  fromDstu2,
  valueSetFromDstu2,
} from './profile/from-dstu2.ts';

type AnyResource = { readonly resourceType: string };

/** DSTU2 writes them in XPath 2.0, which nothing here reads: none of them can be told. Tests evaluate them. */
const NOT_TOLD: Invariants = { holds: () => undefined };

/** Comments in the JSON of DSTU2. R4 has none. FHIR DSTU2, JSON Representation */
const REMARKS = 'fhir_comments';

/** A type that no definition of DSTU2 is about. */
const XHTML: Dstu2StructureDefinition = {
  resourceType: 'StructureDefinition',
  url: 'http://hl7.org/fhir/StructureDefinition/xhtml',
  kind: 'datatype',
  snapshot: { element: [{ path: 'xhtml' }] },
};

/**
 * What DSTU2 itself and guides for it say, from the definitions as they were published: none of them is compiled, since
 * DSTU2 is written here and never taken in.
 * @param resources of DSTU2's own definitions and of the guides, of whatever type
 */
export function dstu2Validator(resources: readonly AnyResource[]): Validator {
  const own = guideOf([XHTML, ...resources].flatMap(inFormOfR4), { valueSets: valueSetsOf(), systems: {} });
  return validatorOf(definitionsOf(own.profiles, valueSetsWith({}, [own]), REMARKS), NOT_TOLD);
}

function inFormOfR4(one: AnyResource): readonly AnyResource[] {
  if (one.resourceType === 'StructureDefinition') return [fromDstu2(one as Dstu2StructureDefinition)];
  return one.resourceType === 'ValueSet' ? valueSetFromDstu2(one as Dstu2ValueSet) : [];
}
