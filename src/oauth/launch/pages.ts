import type { AccessibleRecord } from '../../domain/index.ts';
import type { PageContext } from '../../i18n/index.ts';
import type { Html } from '../../kernel/index.ts';
import type { LaunchEncounter } from '../ports.ts';

/**
 * Content of a page of the EHR launcher, where staff pick a patient, then an app and its launch context. `refused` is
 * the page for a user who isn't staff.
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
  /** Whether the list of patients has the maximum length. There may then be more patients than it shows. */
  readonly isTruncated: boolean;
}

export interface LaunchAppStep {
  readonly step: 'app';
  /** Path of the patient's chart in the practice portal. */
  readonly chartPath: string;
  readonly record: AccessibleRecord;
  readonly apps: readonly { readonly clientId: string; readonly name: string; readonly provisional: boolean }[];
  readonly encounters: readonly LaunchEncounter[];
  /** Values in the form: the initial ones, or those that were submitted. */
  readonly choices: LaunchChoices;
  readonly error?: LaunchFormError;
}

/**
 * Choices in the launch form. Each is named like its form field, except `banner`, whose field is `need_patient_banner`.
 */
export interface LaunchChoices {
  /** client_id of the app to launch. */
  readonly app: string;
  readonly encounter: string;
  readonly intent: string;
  /** Reference to a resource that the app gets in `fhirContext`, as `Type/id`. Empty for none. */
  readonly focus: string;
  /** Whether the app should display a banner with the patient's name. */
  readonly banner: boolean;
}

/** An invalid field of the launch form. The page has a message for each field. */
export interface LaunchFormError {
  readonly field: Exclude<keyof LaunchChoices, 'banner'>;
}

export interface LaunchPages {
  launch(page: LaunchPage, pageContext: PageContext): Html;
}
