import type { FhirOperation } from '../model/operation.ts';
import { DOCREF_PARAMETERS, EVERYTHING_PARAMETERS } from '../model/record-operation-parameters.ts';

/** Operations of the DSTU2 API, as defined by DSTU2 and Argonaut. */
export const DSTU2_OPERATIONS: readonly FhirOperation[] = [
  {
    name: 'docref',
    definition: 'http://fhir.org/guides/argonaut/OperationDefinition/docref',
    type: 'DocumentReference',
    levels: ['type'],
    summary: 'Find documents about a period of care',
    parameters: [
      ...DOCREF_PARAMETERS,
      {
        name: 'on-demand',
        documentation: 'Has no effect: only existing documents are returned.',
      },
    ],
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
      description: 'The record, type by type, as far as DSTU2 can represent it.',
    },
  },
];
