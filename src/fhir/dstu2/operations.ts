import type { FhirOperation } from '../model/operation.ts';
import { DOCREF_PARAMETERS, EVERYTHING_PARAMETERS } from '../model/record-operation-parameters.ts';

/** Operations of the DSTU2 API, as defined by DSTU2 and Argonaut. */
export const DSTU2_OPERATIONS: readonly FhirOperation[] = [
  {
    name: 'docref',
    definition: 'http://fhir.org/guides/argonaut/OperationDefinition/docref',
    type: 'DocumentReference',
    levels: ['type'],
    summary: 'Find documents of a time of care',
    parameters: [
      ...DOCREF_PARAMETERS,
      {
        name: 'on-demand',
        documentation: 'Makes no difference: there are the documents that were kept, and no others.',
      },
    ],
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
      description: 'The record, type by type, as far as DSTU2 can hold it.',
    },
  },
];
