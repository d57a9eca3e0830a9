import { approvalActions } from './approval-actions.ts';

interface Requester {
  /** Name of the administrator who acted or asked for the action. */
  readonly who: string;
}
interface Decided extends Requester {
  /** Name of the administrator who decided about the request. */
  readonly decider: string;
}

/** Texts of the emails to all administrators about an action of one of them, or of an operator. */
export const approvalEmails = {
  greeting: (name: string) => `Hello ${name},`,
  actions: approvalActions,
  subjects: {
    requested: (what: string) => `Approval needed: ${what}`,
    approved: (what: string) => `Approved and done: ${what}`,
    rejected: (what: string) => `Rejected: ${what}`,
    withdrawn: (what: string) => `Withdrawn: ${what}`,
    alone: (what: string) => `Done: ${what}`,
    'at-once': (what: string) => `Done: ${what}`,
    'first-approval': (what: string) => `Approval needed: ${what}`,
    'second-approval': (what: string) => `Approved and done: ${what}`,
    operator: (what: string) => `Done: ${what}`,
  },
  reason: (reason: string) => `Reason: ${reason}`,
  events: {
    requested: ({ who, until }: Requester & { readonly until: string }) =>
      `${who} asks for this. Another administrator must approve it by ${until}. Until then, nothing changes.`,
    approved: ({ who, decider }: Decided) => `${who} asked for this, and ${decider} approved it. It is done.`,
    rejected: ({ who, decider }: Decided) => `${who} asked for this, and ${decider} rejected it. Nothing changed.`,
    withdrawn: ({ who }: Requester) => `${who} asked for this and withdrew the request. Nothing changed.`,
    alone: ({ who }: Requester) =>
      `${who} did this. No one else had to approve it, because there is no other administrator.`,
    'at-once': ({ who }: Requester) =>
      `${who} did this. It took effect at once, without a second administrator, because it ends access.`,
    'first-approval': ({ who }: Requester) =>
      `${who} gave the first approval. Another administrator must approve it too.`,
    'second-approval': ({ who }: Requester) => `${who} gave the second approval. It is done.`,
    operator:
      'An operator of this server did this at the command line, where no second administrator has to approve it.',
  },
  review: 'Review the request',
  toReview: 'Approve or reject it here:',
  auditLog: 'Open the audit log',
  unexpected: 'If you didn’t expect this, talk to the other administrators and check the audit log:',
};
