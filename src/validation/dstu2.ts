import { createValidator, type Validator } from './check/resource.ts';
import type { InvariantEvaluator } from './check/validation-context.ts';
import {
  convertDstu2Definition,
  convertDstu2ValueSet,
  type Dstu2StructureDefinition,
  type Dstu2ValueSet,
} from './definitions/convert-dstu2-definition.ts';
import { createDefinitions } from './definitions/fhir-definitions.ts';
import { buildGuide, createGuideValueSets } from './definitions/guide.ts';
import { createValueSets } from './terminology/value-sets.ts';

type Dstu2DefinitionResource = { readonly resourceType: string };

/**
 * Evaluator that skips all invariants, because DSTU2 writes them in XPath 2.0. Only the tests of the DSTU2 conversion
 * evaluate them.
 */
const NO_INVARIANTS: InvariantEvaluator = { holds: () => undefined };

/** Name of the JSON property for comments (FHIR DSTU2, JSON Representation). R4 has none. */
const COMMENT_PROPERTY = 'fhir_comments';

/** Definition of the datatype xhtml, for which DSTU2 publishes none. */
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
export function createDstu2Validator(resources: readonly Dstu2DefinitionResource[]): Validator {
  const own = buildGuide([XHTML, ...resources].flatMap(toR4Definitions), { valueSets: createValueSets(), systems: {} });
  return createValidator(
    createDefinitions(own.profiles, createGuideValueSets({}, [own]), COMMENT_PROPERTY),
    NO_INVARIANTS,
  );
}

function toR4Definitions(one: Dstu2DefinitionResource): readonly Dstu2DefinitionResource[] {
  if (one.resourceType === 'StructureDefinition') return [convertDstu2Definition(one as Dstu2StructureDefinition)];
  return one.resourceType === 'ValueSet' ? convertDstu2ValueSet(one as Dstu2ValueSet) : [];
}
