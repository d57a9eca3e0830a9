import { terms } from '../terms.ts';

/** Page with the latest emails of the server. */
export const outbox = {
  title: terms.outbox,
  home: 'Home',
  lead: 'Emails from this server, newest first. Emails to sandbox patients stay here and are never sent. If no email server is set up, all emails stay here. For emails that are sent, this page shows only the delivery status, because their text is private. Viewing this page is recorded.',
  none: 'No emails yet.',
  olderNotShown: 'Older emails are not shown.',
  to: (recipient: string) => `To ${recipient}`,
  /** Accessible name of the box with the text of an email. */
  text: 'Text',
  states: {
    notSent: 'not sent',
    pending: 'pending',
    sent: (at: string) => `sent ${at}`,
    failed: (error: string) => `failed: ${error}`,
    unknownError: 'unknown error',
    retrying: (error: string) => `retrying after error: ${error}`,
  },
};
