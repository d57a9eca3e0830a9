import type { Chart, Invitation } from '../../../enrollment/index.ts';
import type { RecordAccount } from '../accounts.ts';
import type { AtPatient } from '../acts.ts';
import type { ConnectedApp } from '../apps.ts';

/** Data of a patient's page. */
export interface PatientView {
  readonly at: AtPatient;
  readonly chart: Chart;
  /** Identifiers from the chart, such as the MRN. */
  readonly numbers: readonly string[];
  readonly accounts: readonly RecordAccount[];
  /** Newest first. */
  readonly invitations: readonly Invitation[];
  /** Name of each invitation's creator, by invitation id; undefined when it was created on the command line. */
  readonly inviters: ReadonlyMap<string, string | undefined>;
  /** Apps with access now; undefined when this staff member may not see them. */
  readonly apps: readonly ConnectedApp[] | undefined;
  /** Whether this staff member may change the patient's account. */
  readonly enrolls: boolean;
  /** Whether this staff member may launch apps for patients. */
  readonly launches: boolean;
  /** Name of the notice in the address, set by a preceding action. */
  readonly done: string | undefined;
  /** Whether email to patients of this practice is sent. */
  readonly sends: boolean;
}
