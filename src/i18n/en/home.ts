import { html } from '../../kernel/index.ts';
import { terms } from './terms.ts';

/** Texts of the home page. The texts for practice staff are in English only, as on all staff pages. */
export const home = {
  title: 'Home',
  heading: 'Your health record, in the app you choose',
  lead: 'You decide which apps may see your health record, what they see, and when it ends.',
  account: 'Go to your account',
  accountHint: 'See your record, the apps that can read it, and who looked at it.',
  enroll: 'Got a letter or an e-mail from your practice?',
  enrollHint: 'Enter the code in it to open your account.',
  noLetter: 'No letter? Ask your practice to invite you.',
  sandbox: {
    title: 'See it work',
    textHtml: html`The <a href="/demo">demo app</a> connects to a made-up patient’s record. Sign in as <code>patientapitest</code> with <code>Password1!</code>`,
  },
  developers: {
    title: 'For app developers',
    portal: terms.goToDeveloperPortal,
    portalText: 'sign up, add your app, read a test patient’s data.',
    docs: terms.documentation,
    explorer: 'API explorer',
    status: 'status',
    practices: 'service base URLs',
    authorization: terms.authorizationServer,
  },
  administrators: {
    title: 'For administrators of this server',
    administration: 'Go to the administration',
    administrationText: 'make practices, invite the people who work there.',
    review: 'Go to review',
    reviewText: 'apps that wait to be approved, the audit trail, keys.',
  },
};
