import { html } from '../../../kernel/index.ts';

/** Pages on which administrators manage the staff of a practice. */
export const staff = {
  title: (practice: string) => `Staff of ${practice}`,
  backToStaff: 'Staff',
  invite: 'Invite a staff member',
  none: 'No staff yet.',
  columns: { name: 'Name', username: 'Username', roles: 'Roles', practitioner: 'In the directory as' },
  inDirectory: 'in the directory',
  locked: 'locked',
  notices: {
    changed: 'Changes saved.',
    removed: 'Staff member removed. Apps that they opened no longer have access.',
    locked: 'Account locked.',
    unlocked: 'Account unlocked.',
  },
  invited: {
    heading: 'Invited',
    byLink: 'link given in person',
    expires: (at: string) => `expires ${at}`,
    cancel: 'Cancel invitation',
    cancelOf: (name: string) => `Cancel invitation of ${name}`,
  },
  newInvitation: {
    title: (practice: string) => `Invite a staff member to ${practice}`,
    name: 'Full name',
    email: 'Email address (optional)',
    emailHint: 'We email the invitation to this address. Without an address, you get a link to pass on yourself.',
    button: 'Create invitation',
  },
  invitationLink: {
    title: (name: string) => `Invitation link for ${name}`,
    text: (until: string) =>
      `Give this link to the person yourself. It works once and expires on ${until}. Anyone who has the link can use it.`,
    onceHtml: html`<b>The link is shown only once.</b> If it is lost, cancel the invitation and create a new one.`,
  },
  assignment: {
    roles: 'Roles',
    roleHints: {
      clinician: 'Finds patients and opens apps from their charts.',
      'front-desk': 'Finds patients and enrolls them.',
      'privacy-officer': 'Sees which apps read which patients’ data.',
      administrator: 'Manages the practice settings and staff, and turns the API on or off.',
    },
    practitioner: 'Practitioner in the practice’s directory',
    practitionerHint: 'Apps open under this practitioner’s name. Only for clinicians.',
    noPractitioner: 'None (can’t open apps)',
    button: 'Save changes',
  },
  errors: {
    name: 'Enter the person’s name in at most 100 characters',
    email: 'Enter a valid email address, such as name@example.org',
    roles: 'Choose at least one role',
    practitioner: 'Choose a practitioner from the list, or “None”',
    notClinician: 'Choose “None”, or add the role clinician. Only clinicians can open apps',
    lastAdministrator: 'You are the only administrator of this practice. Make another person administrator first',
    reason: 'Enter a reason',
    proofing: 'Enter how you verified their identity',
  },
  member: {
    username: (username: string) => `Username ${username}`,
    sharedAccount: 'This is a shared sandbox account. It can’t be changed.',
    notManageable:
      'This is your own account, or it is also used elsewhere. Ask an administrator of the installation to do this.',
    administratorAccount:
      'This person is an administrator of the installation. Only an operator can unlock the account or reset its second factor, at the command line.',
    otherActions: 'Other actions',
    lock: 'Lock account',
    unlock: 'Unlock account',
    resetFactor: 'Reset second factor (lost phone or passkey)',
    onlyInstallation:
      'This is your own account, or it is also used elsewhere. Only an administrator of the installation can lock it or reset its second factor.',
    removeFrom: (practice: string) => `Remove from ${practice}`,
  },
  remove: {
    title: (name: string) => `Remove ${name}?`,
    text: (name: string) =>
      `${name} can no longer open this practice’s staff pages. Apps that they opened for its patients lose access immediately. You don’t need to do anything else.`,
    retained: 'Their account and their entries in the audit log are retained.',
    button: 'Remove staff member',
  },
  unlock: {
    title: (name: string) => `Unlock ${name}?`,
    text: (name: string) =>
      `${name} can sign in again with the same password and the same phone or passkey. Apps that they opened work again, unless their access has expired.`,
    button: 'Unlock account',
  },
  lock: {
    title: (name: string) => `Lock ${name}?`,
    text: (name: string) =>
      `${name} is signed out everywhere and can’t sign in. Apps that they opened have no access until you unlock the account.`,
    reason: 'Reason',
    reasonHint: 'A few words for the audit log.',
    button: 'Lock account',
  },
  resetFactor: {
    title: (name: string) => `Reset second factor of ${name}`,
    text: 'You get a link to give to this person. With the link and their password, they remove the lost phone or passkey from their account and set up a new one.',
    verifyHtml: html`<b>Verify their identity first.</b> Meet them in person, or call them on a number that you know.`,
    proofing: 'How did you verify their identity?',
    proofingHint: 'A few words, such as “in person, photo ID”.',
    button: 'Create link',
    linkTitle: (name: string) => `Reset link for ${name}`,
    linkText: 'Give this link to the person yourself. It works once, within 24 hours, together with their password.',
    once: 'The link is shown only once.',
  },
};
