import { html } from '../../kernel/index.ts';
import { terms } from './terms.ts';

/** Texts of the start page of the sandbox. */
export const sandboxStart = {
  title: 'Sandbox',
  heading: 'Try Patient Access',
  lead: 'Patient Access lets patients share their health records with the apps they choose. You run it on your own server. All people and practices here are made up.',
  usernameHtml: (username: string) => html`Username <code>${username}</code>`,
  passwordHtml: (password: string) => html`The password of each account is <code>${password}</code>`,
  roles: {
    patient: {
      title: 'Patient',
      tries: [
        'Read a health record and test results.',
        'Connect an app and choose what it can see.',
        'See who read the record, and disconnect an app.',
      ],
      button: 'Sign in as a patient',
    },
    staff: {
      title: 'Practice staff',
      tries: ['Enroll patients and see who read what.', 'Open an app from a patient’s chart.'],
      deskButton: 'Sign in as front desk',
      clinicianButton: 'Sign in as clinician',
    },
    developer: {
      title: 'Developer',
      tries: [
        'Call the API without an account.',
        'Register an app and get a client ID.',
        'See the requests and errors of your app.',
      ],
      button: 'Sign in as a developer',
      explorer: 'Open API explorer',
      signUp: 'Create developer account',
      noEmailNeeded: 'You get a made-up email address.',
    },
    administrator: {
      title: 'Administrator',
      tries: ['Review apps that wait for a decision.', 'Verify developers.', 'Check how apps are doing.'],
      button: 'Sign in as administrator',
    },
  },
  addresses: 'API addresses',
  copyAddress: (name: string) => `Copy the ${name} address`,
  tools: 'Tools',
  explorer: 'API explorer',
  demo: 'Demo app',
  gallery: 'Example apps',
  docs: terms.documentation,
  replaceSession: {
    title: 'Leave your account?',
    text: (name: string) =>
      `You are signed in as ${name}. If you continue, you are signed out there. Then you are signed in to a shared sandbox account.`,
    button: 'Sign out and continue',
  },
};
