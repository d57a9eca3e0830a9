export const emailFooter = {
  /** Footer of every email. */
  signature: (sender: string) => `${sender}\n\nThis is an automated message. We will never ask for your password.`,
};
