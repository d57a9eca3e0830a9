import { type Html, html } from '../../kernel/index.ts';
import { appDocument } from './document.ts';

/** Name of the staff app, in the launcher and in the app. */
export const STAFF_APP_NAME = 'Visit Prep (demo)';
/** The page to which the authorization server redirects, and on which the app shows the visit. */
export const STAFF_APP_PATH = '/demo/staff';
/** The page that the launcher opens with `iss` and `launch`. */
export const STAFF_LAUNCH_PATH = '/demo/staff/launch';
/** The page that shows the files of the app. */
export const STAFF_SOURCE_PATH = '/demo/staff/source';

/** The configuration that the staff app gets: only what any registered app is given, and links to pages. */
export interface StaffAppConfig {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly issuer: string;
  readonly revokeUrl: string;
  readonly r4Base: string;
  readonly scope: string;
  /** Address of the launcher, where staff choose a patient, a visit and an app. */
  readonly launcher: string;
  /** Address that leads back to the chart of a patient. Its parameter `patient` is the Patient.id. */
  readonly chart: string;
  /** Sandbox credentials that the app shows as a hint. */
  readonly hint: { readonly username: string; readonly password: string };
}

/**
 * A page of the staff app.
 * @param script the script that runs the page: `launch.js` or `visit.js`
 */
export const staffPage = (config: StaffAppConfig, script: 'launch.js' | 'visit.js'): Html =>
  appDocument({
    name: STAFF_APP_NAME,
    config,
    styles: ['/demo/staff/staff.css'],
    script: `/demo/staff/${script}`,
    links: html`<a href="${STAFF_SOURCE_PATH}" data-text="source">View source</a>`,
  });
