import type { AuthorizePages, LaunchPages } from '../oauth/index.ts';
import { consentPage } from './consent/consent-page.ts';
import { launchPage } from './launch.ts';
import { noRecordPage } from './no-record.ts';
import { patientPickerPage } from './patient-picker.ts';

/** Pages of the authorization endpoint and of the launcher. */
export const oauthPages: AuthorizePages & LaunchPages = {
  consent: consentPage,
  recordChoice: patientPickerPage,
  launch: launchPage,
  noRecord: noRecordPage,
};
