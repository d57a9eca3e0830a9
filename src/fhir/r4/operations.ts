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
    summary: 'Find documents about a period of care',
    parameters: DOCREF_PARAMETERS,
    response: { resource: 'Bundle', description: 'A page of current documents.' },
  },
  {
    name: 'everything',
    definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
    type: 'Patient',
    levels: ['type', 'instance'],
    summary: 'Get all data of a patient that the access token allows',
    parameters: EVERYTHING_PARAMETERS,
    response: {
      resource: 'Bundle',
      description: 'The record, type by type, with the resources of the practice’s directory that it refers to.',
    },
  },
  {
    name: 'summary',
    definition: 'http://hl7.org/fhir/uv/ips/OperationDefinition/summary',
    type: 'Patient',
    levels: ['type', 'instance'],
    summary: 'Get an International Patient Summary of the record',
    parameters: [
      { name: 'identifier', documentation: 'The patient’s identifier, if the id is unknown: system|value.' },
      {
        name: 'profile',
        documentation: 'Optional: http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips.',
      },
    ],
    response: {
      resource: 'Bundle',
      description:
        'A document: Composition, Patient, and the resources that they refer to, as far as the access token allows.',
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
