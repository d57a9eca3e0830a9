import type { Messages } from '../../../i18n/index.ts';
import type { PatientIdentity } from '../patient-identity.ts';

export type SummaryMessages = Messages['patientPortal']['recordDownloads']['summary'];

/** A table of the summary. The first cell of a row names the entry. */
export interface SummaryTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface HealthSummarySection {
  readonly title: string;
  /** Absent if the section has no entries. `empty` then says so. */
  readonly table?: SummaryTable;
  readonly empty?: string;
  /** Sentences below the table: the rule by which its entries were chosen, and what was left out. */
  readonly notes: readonly string[];
}

/** Content of the health summary. The page and the PDF show the same. */
export interface PatientSummary {
  readonly title: string;
  readonly patient: PatientIdentity;
  /** Says that this is the patient's copy, and when it was made. */
  readonly copy: string;
  /** Says where the data come from and what the summary can't tell. */
  readonly origin: string;
  readonly sections: readonly HealthSummarySection[];
  readonly contact: { readonly title: string; readonly lines: readonly string[] };
}
