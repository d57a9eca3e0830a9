import type { Operation } from '../core/operation.ts';

/** Beside reading and searching: what DSTU2 and Argonaut have. */
export const DSTU2_OPERATIONS: readonly Operation[] = [
  {
    name: 'docref',
    definition: 'http://fhir.org/guides/argonaut/OperationDefinition/docref',
    type: 'DocumentReference',
    levels: ['type'],
    summary: 'Find documents of a time of care',
    parameters: [
      { name: 'patient', documentation: 'The patient: may be left out.' },
      { name: 'start', documentation: 'What is about a time from here, such as 2024-01-01.' },
      { name: 'end', documentation: 'What is about a time up to here.' },
      { name: 'type', documentation: 'Kind of document: code or system|code.' },
      {
        name: 'on-demand',
        documentation: 'Makes no difference: there are the documents that were kept, and no others.',
      },
    ],
    answer: { resource: 'Bundle', description: 'Current documents, a page of them.' },
  },
  {
    name: 'everything',
    definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
    type: 'Patient',
    levels: ['type', 'instance'],
    summary: 'Everything about a patient that the access token is for',
    parameters: [
      {
        name: 'start',
        documentation: 'Care from here on, such as 2024-01-01. What has no date is there all the same.',
      },
      { name: 'end', documentation: 'Care up to here.' },
      { name: '_since', documentation: 'Only what this server changed since, such as 2024-05-17T09:30:00Z.' },
      { name: '_type', documentation: 'Types of resources, with commas between: these alone.' },
      { name: '_count', documentation: 'Resources on a page. Without it all are in one Bundle.' },
    ],
    answer: {
      resource: 'Bundle',
      description: 'The record, type by type, as far as DSTU2 can hold it.',
    },
  },
];
