import type { FhirElementTable } from '../../model/xml/element-definitions.ts';

declare const table: FhirElementTable;
export = table;
