import type { FhirOperation } from './operation.ts';

type RecordOperationParameters = FhirOperation['parameters'];

/** Parameters of `DocumentReference/$docref`, the same in every FHIR version. */
export const DOCREF_PARAMETERS: RecordOperationParameters = [
  { name: 'patient', documentation: 'The patient: may be left out.' },
  { name: 'start', documentation: 'What is about a time from here, such as 2024-01-01.' },
  { name: 'end', documentation: 'What is about a time up to here.' },
  { name: 'type', documentation: 'Kind of document: code or system|code.' },
];

/** Parameters of `Patient/$everything`, the same in every FHIR version. */
export const EVERYTHING_PARAMETERS: RecordOperationParameters = [
  {
    name: 'start',
    documentation: 'Care from here on, such as 2024-01-01. What has no date is there all the same.',
  },
  { name: 'end', documentation: 'Care up to here.' },
  { name: '_since', documentation: 'Only what this server changed since, such as 2024-05-17T09:30:00Z.' },
  { name: '_type', documentation: 'Types of resources, with commas between: these alone.' },
  { name: '_count', documentation: 'Resources on a page. Without it all are in one Bundle.' },
];
