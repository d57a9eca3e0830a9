import type { Operation } from '../core/operation.ts';

/** Beside reading and searching. */
export const R4_OPERATIONS: readonly Operation[] = [
  {
    name: 'docref',
    definition: 'http://hl7.org/fhir/us/core/OperationDefinition/docref',
    type: 'DocumentReference',
    levels: ['type'],
    summary: 'Find documents of a time of care',
    parameters: [
      { name: 'patient', documentation: 'The patient: may be left out.' },
      { name: 'start', documentation: 'What is about a time from here, such as 2024-01-01.' },
      { name: 'end', documentation: 'What is about a time up to here.' },
      { name: 'type', documentation: 'Kind of document: code or system|code.' },
    ],
    answer: { resource: 'Bundle', description: 'Current documents, a page of them.' },
  },
];
