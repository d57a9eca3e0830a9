/**
 * An operation that starts an export (Bulk Data 2.0). Router, CapabilityStatement and OpenAPI document are generated
 * from the list `EXPORT_OPERATIONS`.
 */
export interface ExportOperation {
  /**
   * Resource type in the path of the operation. Undefined for `/$export`, which exports all data that the app may
   * access. Only backend apps can export a `Group`.
   */
  readonly type?: 'Patient' | 'Group';
  /** True if the path of the operation has an id, as in `/Group/{id}/$export`. */
  readonly isInstanceLevel: boolean;
  /** Canonical URL of the operation's OperationDefinition. */
  readonly definition: string;
  readonly summary: string;
}

export const BULK_DATA_CAPABILITY_STATEMENT = 'http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data';

export const EXPORT_OPERATIONS: readonly ExportOperation[] = [
  {
    isInstanceLevel: false,
    definition: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export',
    summary: 'Export all data of the app’s practices',
  },
  {
    type: 'Patient',
    isInstanceLevel: false,
    definition: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export',
    summary: 'Export the records of all patients of the app’s practices',
  },
  {
    type: 'Group',
    isInstanceLevel: true,
    definition: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export',
    summary: 'Export the records of a group’s patients',
  },
];

export const exportPath = ({ type, isInstanceLevel }: ExportOperation): string =>
  type === undefined ? '/$export' : `/${type}${isInstanceLevel ? '/{id}' : ''}/$export`;

export interface ExportParameter {
  readonly name: string;
  readonly documentation: string;
  readonly postOnly?: true;
  /** True if `/$export` doesn't accept the parameter. */
  readonly notForServer?: true;
}

export const EXPORT_PARAMETERS: readonly ExportParameter[] = [
  {
    name: '_outputFormat',
    documentation: 'application/fhir+ndjson, application/ndjson or ndjson. All mean NDJSON, the default.',
  },
  { name: '_since', documentation: 'Only changes after this instant. Use the transactionTime of the previous export.' },
  { name: '_type', documentation: 'Comma-separated resource types to export.' },
  {
    name: '_typeFilter',
    documentation:
      'Searches such as Observation?category=laboratory. With several searches of a type, a resource must match at least one.',
  },
  { name: '_elements', documentation: 'Comma-separated elements to export, such as id or Patient.name.' },
  { name: 'patient', documentation: 'Only these patients.', postOnly: true, notForServer: true },
];
