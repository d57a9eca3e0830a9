import { terms } from './terms.ts';

/** Texts of error pages. `titles` has the headings by problem code. */
export const problems = {
  unknown: 'That didn’t work',
  titles: {
    'unknown-client': 'This app can’t be used here',
    'redirect-mismatch': 'The app’s redirect URI is wrong',
    'form-expired': 'This page has expired',
    'not-found': 'We couldn’t find that page',
    'wrong-account': 'This page is for another account',
    'not-in-sandbox': terms.notInSandbox,
    'role-missing': 'Your role doesn’t include this page',
    'link-over': 'This link no longer works',
    'not-changeable': 'This account can’t be changed',
    internal: 'Something went wrong on our side',
  } as Readonly<Record<string, string>>,
  /**
   * Translated error messages by problem code. Empty in English, because the message of a Problem is itself in English.
   */
  messages: {} as Readonly<Record<string, string>>,
  home: 'Go to the home page',
  status: 'Check the server status',
  switchAccount: 'Sign in with another account',
  signIn: terms.signIn,
  toReview: terms.goToReviewQueue,
  help: 'If you contact us, give this reference:',
  developers: 'Details for developers:',
};
