import type { AccessibleRecord } from '../../domain/index.ts';
import type { PageContext } from '../../i18n/index.ts';
import type { Html } from '../../kernel/index.ts';
import type { LaunchEncounter } from '../ports.ts';

/**
 * The EHR launcher: staff pick a patient, then an app and its launch context. `refused` is the page for a user who
 * isn't staff.
 */
export type LaunchPage = {
  readonly personName: string;
  readonly csrf: string;
  readonly path: string;
  readonly switchAccountPath: string;
} & (LaunchPatientStep | LaunchAppStep | { readonly step: 'refused' });

export interface LaunchPatientStep {
  readonly step: 'patient';
  readonly words: string;
  readonly records: readonly AccessibleRecord[];
  /** The list has the maximum length, so there may be more patients. */
  readonly isTruncated: boolean;
}

export interface LaunchAppStep {
  readonly step: 'app';
  readonly record: AccessibleRecord;
  readonly apps: readonly { readonly clientId: string; readonly name: string; readonly provisional: boolean }[];
  readonly encounters: readonly LaunchEncounter[];
  /** Values of the form: initial ones, or those submitted. */
  readonly choices: LaunchChoices;
  readonly fault?: LaunchFormError;
}

/** Form fields under their own names, except `banner`, which is the field `need_patient_banner`. */
export interface LaunchChoices {
  /** client_id */
  readonly app: string;
  readonly encounter: string;
  readonly intent: string;
  /** A reference to one resource, `Type/id`. */
  readonly focus: string;
  /** Whether the app should display a patient banner. */
  readonly banner: boolean;
}

export interface LaunchFormError {
  readonly field: Exclude<keyof LaunchChoices, 'banner'>;
  readonly message: string;
}

export interface LaunchPages {
  launch(page: LaunchPage, pageContext: PageContext): Html;
}
