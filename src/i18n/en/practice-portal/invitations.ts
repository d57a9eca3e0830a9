interface StaffInvitationFacts {
  /** Name of the practice or installation that invites. */
  readonly sender: string;
  readonly name: string;
  readonly link: string;
  readonly until: string;
}

/** Invitations of staff and administrators. */
export const invitations = {
  /** Replaces the confirmation of an invitation if this server sends no email. */
  unsent:
    'The invitation was created but not sent, because email isn’t set up on this server. An administrator of the installation can copy the link from the outbox and pass it on.',
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
