import { html } from '../../kernel/index.ts';
import { terms } from './terms.ts';

/** Texts of the home page. */
export const home = {
  title: 'Home',
  heading: 'Your health record, in the app you choose',
  lead: 'You decide which apps can see your health record, what they see, and for how long.',
  patients: 'For patients and caregivers',
  account: 'Go to your account',
  accountHint: 'See your record, the apps that can read it, and who has viewed it.',
  enroll: 'Got a letter or an email from your practice?',
  enrollHint: 'Enter the code from the letter, or open the link in the email, to create your account.',
  noLetter: 'No letter? Ask your practice to invite you.',
  sandbox: {
    title: 'Try the demo',
    start: 'Try it as a patient, in a practice, as a developer or as an administrator',
    textHtml: html`The <a href="/demo">demo app</a> connects to a test patient’s record. Sign in as <code>patientapitest</code> with <code>Password1!</code>`,
  },
  practices: {
    title: 'For practice staff',
    portal: 'Go to the practice portal',
    portalText: 'Enroll patients, open an app from a chart, and see who read what.',
  },
  developers: {
    title: 'For app developers',
    portal: terms.goToDeveloperPortal,
    portalText: 'Sign up, add your app, and read a test patient’s data.',
    addresses: 'API addresses',
    docs: terms.documentation,
    explorer: 'API explorer',
    authorization: terms.authorizationServer,
  },
  administrators: {
    title: 'For administrators of this server',
    administration: 'Go to the administration',
    administrationText: 'Create practices and invite their staff.',
    review: 'Go to review',
    reviewText: 'Approve apps, read the audit log, and manage keys.',
  },
};
