interface StaffInvitationFacts {
  /** Name of the practice or installation that invites. */
  readonly sender: string;
  readonly name: string;
  readonly link: string;
  readonly until: string;
}

/** Invitations of staff and administrators. */
export const invitations = {
  sent: 'Invitation sent.',
  /** Replaces `sent` if this server sends no email. */
  unsent:
    'The invitation was created but not sent, because email isn’t set up on this server. An administrator of the installation can copy the link from the outbox and pass it on.',
  cancelPage: {
    title: (name: string) => `Cancel the invitation for ${name}?`,
    emailed: (email: string) => `The link in the email to ${email} stops working right away.`,
    link: 'The link that you were given to share stops working right away.',
    effect: (name: string, sender: string) => `${name} can’t join ${sender} with it.`,
    again: 'You can send a new invitation later. It has a new link.',
    button: 'Cancel invitation',
    keep: 'Keep invitation',
  },
  canceled: 'Invitation canceled. Its link no longer works.',
  canceledOf: (name: string) => `The invitation for ${name} was canceled. Its link no longer works.`,
  undo: 'Undo',
  undoOf: (name: string) => `Undo: invite ${name} again`,
  undoEmails: (email: string) => `If this was a mistake, undo it. We then email a new link to ${email}.`,
  undoShows: 'If this was a mistake, undo it. You then get a new link to share.',
  notUndone: 'This can’t be undone anymore. Create a new invitation instead.',
  email: {
    button: 'Set up your account',
    subject: (sender: string) => `Your invitation to ${sender}`,
    text: ({ sender, name, link, until }: StaffInvitationFacts) =>
      `Hello ${name},

${sender} invited you to its staff pages for patient access. Open this link to choose your username and password:

${link}

The link works once and expires on ${until}. You also need a passkey or an authenticator app. The page helps you set it up.

If you don’t work with ${sender}, ignore this email.`,
  },
};
