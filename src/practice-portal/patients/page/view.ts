import type { Invitation, PatientChart } from '../../../enrollment/index.ts';
import type { PatientAdminContext } from '../actions/patient-action.ts';
import type { PatientConnectedApp } from '../connected-apps.ts';
import type { RecordAccount } from '../record-accounts.ts';

/** Data that the page of one patient displays. */
export interface PatientPageView {
  readonly context: PatientAdminContext;
  readonly chart: PatientChart;
  /** Identifiers from the chart, such as the MRN. */
  readonly identifiers: readonly string[];
  readonly accounts: readonly RecordAccount[];
  /** Invitations that concern this patient, newest first. */
  readonly invitations: readonly Invitation[];
  /**
   * Name of the person who created an invitation, by invitation id. undefined if it was created on the command line.
   */
  readonly inviters: ReadonlyMap<string, string | undefined>;
  /** Apps that have access to the record now. undefined if this staff member may not see them. */
  readonly apps: readonly PatientConnectedApp[] | undefined;
  /** Whether this staff member may change the patient's account. */
  readonly canEnroll: boolean;
  /** Whether this staff member may launch apps for patients. */
  readonly canLaunchApps: boolean;
  /** Name of the notice about a preceding action, from the URL. */
  readonly notice: string | undefined;
  /** Whether email to patients of this practice is sent. */
  readonly sendsEmail: boolean;
}
