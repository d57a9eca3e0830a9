import type { Invitation, PatientChart, SandboxPatient } from '../../../enrollment/index.ts';
import type { OutboxEmail } from '../../../mail/index.ts';
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
  /** Public origin of the server, whose URLs in emails become links. */
  readonly publicUrl: string;
  /** Name of the notice about a preceding action, from the URL. */
  readonly notice: string | undefined;
  /** Whether email to patients of this practice is sent. */
  readonly sendsEmail: boolean;
  /** The patient, if visitors of the sandbox try enrollment with the patient. undefined for all other patients. */
  readonly sandboxPatient: SandboxPatient | undefined;
  /** Emails about this patient's invitations that a user of a shared sandbox account caused in this browser. */
  readonly visitorEmails: readonly OutboxEmail[];
}
