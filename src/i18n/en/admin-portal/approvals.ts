import { approvalActions } from '../approval-actions.ts';

/** Texts of the page where administrators approve what another administrator asked for. */
export const approvals = {
  title: 'Approvals',
  lead: 'Some actions need two administrators. One asks, and another approves within 24 hours. All administrators get an email.',
  actions: approvalActions,
  pending: 'Waiting for approval',
  none: {
    title: 'Nothing to approve',
    text: 'What another administrator asks for appears here. You also get an email.',
  },
  only: 'You are the only administrator, so your actions take effect at once. Invite another administrator, so that two people decide.',
  askedBy: (who: string, at: string) => `Requested by ${who}, ${at}`,
  askedByYou: (at: string) => `Requested by you, ${at}. Another administrator must approve it.`,
  expires: (at: string) => `Expires ${at}`,
  reason: 'Reason',
  noReason: 'No reason given',
  approve: 'Approve…',
  reject: 'Reject…',
  withdraw: 'Withdraw…',
  confirm: {
    approve: { title: 'Approve and run this action?', text: 'It takes effect now.', button: 'Approve and run' },
    reject: {
      title: 'Reject this request?',
      text: 'Nothing changes. The administrator can ask again.',
      button: 'Reject request',
    },
    withdraw: {
      title: 'Withdraw your request?',
      text: 'Nothing changes. You can ask again.',
      button: 'Withdraw request',
    },
  },
  done: {
    approved: 'Approved. The action is done.',
    rejected: 'Request rejected. Nothing changed.',
    withdrawn: 'Request withdrawn. Nothing changed.',
  },
  recent: 'Last 30 days',
  states: { approved: 'Approved', rejected: 'Rejected', withdrawn: 'Withdrawn', expired: 'Expired' },
  certificate: 'Download certificate',
  decidedBy: (who: string, at: string) => `${who}, ${at}`,
  /** Shown where an action was asked for. */
  requested: {
    title: 'Waiting for a second administrator',
    text: (until: string) => `Nothing has changed yet. Another administrator must approve this by ${until}.`,
    link: 'See approvals',
  },
  /** Notes in the dialogs of actions that all administrators hear of. */
  mayWait: 'If there is another administrator, they must approve this first. All administrators get an email.',
  atOnce: 'This takes effect at once. All administrators get an email.',
  reasonField: 'Reason (optional)',
  reasonHint: 'All administrators get it by email. Don’t write anything about patients.',
};
