import type { Chart, Invitation } from '../../../enrollment/index.ts';
import type { RecordAccount } from '../accounts.ts';
import type { AtPatient } from '../acts.ts';
import type { ConnectedApp } from '../apps.ts';

/** All that the page of a patient shows. */
export interface PatientView {
  readonly at: AtPatient;
  readonly chart: Chart;
  /** As they stand on the chart, such as the MRN. */
  readonly numbers: readonly string[];
  readonly accounts: readonly RecordAccount[];
  /** The newest first. */
  readonly invitations: readonly Invitation[];
  /** Who made each; undefined: the command line. */
  readonly inviters: ReadonlyMap<string, string | undefined>;
  /** Those that are good now; undefined: not for this person to see. */
  readonly apps: readonly ConnectedApp[] | undefined;
  /** Whether this person may do something about the account. */
  readonly enrolls: boolean;
  /** Whether this person opens apps for patients. */
  readonly launches: boolean;
  /** Name in the address of what was done before this page. */
  readonly done: string | undefined;
  /** Whether mail for this patient leaves the server. */
  readonly sends: boolean;
}
