import { type Html, html } from '../../../kernel/index.ts';

/** Page where staff of several practices choose one. */
export const home = {
  choosePractice: 'Choose a practice',
  noPractice: 'You aren’t on the staff of any practice',
  noPracticeText: 'Ask an administrator of your practice to invite you again.',
  joined: 'Invitation accepted. Choose where to work.',
  signedInAsHtml: (name: string): Html => html`Signed in as <b>${name}</b>`,
  yourRole: (roles: string) => `Your role: ${roles}`,
  administration: 'Administration',
  administrationText: 'Manage practices, their staff and administrators',
};
