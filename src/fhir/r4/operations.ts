import type { FhirOperation } from '../model/operation.ts';
import { DOCREF_PARAMETERS, EVERYTHING_PARAMETERS } from '../model/record-operation-parameters.ts';
import { EXPAND_PARAMETERS } from '../search/value-set-expansion.ts';

/** Operations of the R4 API. */
export const R4_OPERATIONS: readonly FhirOperation[] = [
  {
    name: 'docref',
    definition: 'http://hl7.org/fhir/us/core/OperationDefinition/docref',
    equivalentDefinitions: ['http://hl7.org/fhir/uv/ipa/OperationDefinition/docref'],
    type: 'DocumentReference',
    levels: ['type'],
    summary: 'Find documents of a time of care',
    parameters: DOCREF_PARAMETERS,
    response: { resource: 'Bundle', description: 'Current documents, a page of them.' },
  },
  {
    name: 'everything',
    definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
    type: 'Patient',
    levels: ['type', 'instance'],
    summary: 'Everything about a patient that the access token is for',
    parameters: EVERYTHING_PARAMETERS,
    response: {
      resource: 'Bundle',
      description: 'The record, type by type, and what of the practice’s directory it refers to.',
    },
  },
  {
    name: 'summary',
    definition: 'http://hl7.org/fhir/uv/ips/OperationDefinition/summary',
    type: 'Patient',
    levels: ['type', 'instance'],
    summary: 'Get a summary of the record: an International Patient Summary',
    parameters: [
      { name: 'identifier', documentation: 'Whose, where the id is not known: system|value.' },
      {
        name: 'profile',
        documentation: 'http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips, or left out.',
      },
    ],
    response: {
      resource: 'Bundle',
      description: 'A document: Composition, Patient, and what they refer to, as far as the access token allows it.',
    },
  },
  {
    name: 'expand',
    definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-expand',
    type: 'ValueSet',
    levels: ['type', 'instance'],
    summary: 'List the codes of a value set',
    parameters: EXPAND_PARAMETERS,
    response: { resource: 'ValueSet', description: 'The value set with its codes in `expansion`.' },
  },
];
