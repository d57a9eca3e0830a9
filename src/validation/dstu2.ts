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

/** DSTU2 writes invariants in XPath 2.0, which isn't evaluated here. Tests evaluate them. */
const NOT_TOLD: Invariants = { holds: () => undefined };

/** FHIR DSTU2, JSON Representation: name of JSON comments. R4 has none. */
const REMARKS = 'fhir_comments';

/** DSTU2 publishes no definition of this type. */
const XHTML: Dstu2StructureDefinition = {
  resourceType: 'StructureDefinition',
  url: 'http://hl7.org/fhir/StructureDefinition/xhtml',
  kind: 'datatype',
  snapshot: { element: [{ path: 'xhtml' }] },
};

/**
 * Creates a validator for DSTU2 and its guides from the published definitions. Nothing is compiled ahead of time,
 * because this server produces DSTU2 but never imports it.
 * @param resources DSTU2's own definitions and those of guides; other resource types are ignored
 */
export function dstu2Validator(resources: readonly AnyResource[]): Validator {
  const own = guideOf([XHTML, ...resources].flatMap(inFormOfR4), { valueSets: valueSetsOf(), systems: {} });
  return validatorOf(definitionsOf(own.profiles, valueSetsWith({}, [own]), REMARKS), NOT_TOLD);
}

function inFormOfR4(one: AnyResource): readonly AnyResource[] {
  if (one.resourceType === 'StructureDefinition') return [fromDstu2(one as Dstu2StructureDefinition)];
  return one.resourceType === 'ValueSet' ? valueSetFromDstu2(one as Dstu2ValueSet) : [];
}
