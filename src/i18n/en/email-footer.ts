/** Footer of every email, after the name of the sender. */
export const emailFooter = {
  /** Why the reader got the email. */
  reasons: {
    account: (sender: string) => `You got this email because this address was entered for an account at ${sender}.`,
    invitation: (sender: string) => `You got this email because ${sender} sent an invitation to this address.`,
    record: (sender: string) => `You got this email because ${sender} has this address on file.`,
  },
  automated: 'This is an automated message. We will never ask for your password.',
};
