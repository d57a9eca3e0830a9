import type { FhirOperation } from './operation.ts';

type RecordOperationParameters = FhirOperation['parameters'];

/** Parameters of `DocumentReference/$docref`, the same in every FHIR version. */
export const DOCREF_PARAMETERS: RecordOperationParameters = [
  { name: 'patient', documentation: 'The patient. Optional.' },
  { name: 'start', documentation: 'Start of the period of care, such as 2024-01-01.' },
  { name: 'end', documentation: 'End of the period of care.' },
  { name: 'type', documentation: 'Document type: code or system|code.' },
];

/** Parameters of `Patient/$everything`, the same in every FHIR version. */
export const EVERYTHING_PARAMETERS: RecordOperationParameters = [
  {
    name: 'start',
    documentation: 'Start of the period of care, such as 2024-01-01. Resources without a date are always included.',
  },
  { name: 'end', documentation: 'End of the period of care.' },
  {
    name: '_since',
    documentation: 'Only resources that changed on this server since this instant, such as 2024-05-17T09:30:00Z.',
  },
  { name: '_type', documentation: 'Comma-separated resource types to return.' },
  { name: '_count', documentation: 'Resources per page. Without it, one Bundle contains all.' },
];
