import type { Invitation, PatientChart } from '../../../enrollment/index.ts';
import type { PatientAdminContext } from '../actions/patient-action.ts';
import type { PatientConnectedApp } from '../connected-apps.ts';
import type { RecordAccount } from '../record-accounts.ts';

/** Data of a patient's page. */
export interface PatientPageView {
  readonly context: PatientAdminContext;
  readonly chart: PatientChart;
  /** Identifiers from the chart, such as the MRN. */
  readonly identifiers: readonly string[];
  readonly accounts: readonly RecordAccount[];
  /** Newest first. */
  readonly invitations: readonly Invitation[];
  /** Name of each invitation's creator, by invitation id; undefined when it was created on the command line. */
  readonly inviters: ReadonlyMap<string, string | undefined>;
  /** Apps with access now; undefined when this staff member may not see them. */
  readonly apps: readonly PatientConnectedApp[] | undefined;
  /** Whether this staff member may change the patient's account. */
  readonly canEnroll: boolean;
  /** Whether this staff member may launch apps for patients. */
  readonly canLaunchApps: boolean;
  /** Name of the notice in the address, set by a preceding action. */
  readonly notice: string | undefined;
  /** Whether email to patients of this practice is sent. */
  readonly sendsEmail: boolean;
}
