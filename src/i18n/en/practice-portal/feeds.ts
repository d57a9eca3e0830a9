import { counts } from '../counts.ts';

/** Page with the apps that send data to a practice, and what the practice rejected. */
export const feeds = {
  title: 'Incoming data',
  lead: (practice: string) => `Systems that send data to ${practice}, such as a laboratory, and what was not stored.`,
  sharedAccountNote:
    'This is a shared sandbox account. You see only the made-up laboratory that comes with the sandbox.',
  none: 'No system sends data to this practice yet.',
  lastReceived: 'Last received',
  /** The counts of the last two weeks. */
  messages: 'Bundles in 14 days',
  stored: 'Entries stored or already up to date',
  outdated: 'Entries skipped because a newer version is stored',
  rejected: 'Entries rejected',
  rejectedTitle: 'Rejected entries',
  rejectedLead:
    'The sender can fix and send these again. Each one is deleted after 30 days. The contents aren’t shown, because they may belong to another patient.',
  noneRejected: 'No rejected entries are stored.',
  newest: (limit: number) => `Only the newest ${counts.entries(limit)} are shown.`,
  columns: { time: 'Rejected', sender: 'Sender', resource: 'Entry', reason: 'Reason', next: 'What happens next' },
  /** An entry that creates a resource, which has no id yet. */
  newResource: (type: string) => `New ${type}`,
  retried: 'Retried automatically when the missing data arrives',
  toFix: 'Stored for the sender or an operator to fix',
  unknownSender: 'An app that is no longer registered',
};
