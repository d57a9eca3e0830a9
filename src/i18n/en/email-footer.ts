export const emailFooter = {
  /** Footer of every email. */
  signature: (sender: string) =>
    `${sender}\n\nThis mail was made by a computer. It never asks for your password: whoever does is not us.`,
};
