/** Texts of error pages. `titles` has the headings by problem code. */
export const problems = {
  unknown: 'That didn’t work',
  titles: {
    'unknown-client': 'This app can’t be used here',
    'redirect-mismatch': 'The app’s return address is wrong',
    'form-expired': 'This page has expired',
    'not-found': 'There is nothing here',
    'wrong-account': 'This page is for somebody else',
    'role-missing': 'This is not part of your role',
    'link-over': 'This link can’t be used any more',
    'not-changeable': 'This account can’t be changed',
    internal: 'Something went wrong on our side',
  } as Readonly<Record<string, string>>,
  /**
   * Translated error messages by problem code. Empty in English, because the message of a Problem is itself in English.
   */
  messages: {} as Readonly<Record<string, string>>,
  help: 'If you ask for help, give this number:',
};
