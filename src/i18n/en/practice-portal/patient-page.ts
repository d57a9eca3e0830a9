/** Texts of the page of one patient. */
export const patientPage = {
  allPatients: 'All patients',
  openApp: 'Open an app for this patient',

  /** Notices about the action that the staff member performed before. */
  notices: {
    mailed: 'Invitation created. Now give the code to the invited person. The invitation doesn’t work without it.',
    resent: 'Invitation emailed again. The earlier email no longer works.',
    cancelled: 'Invitation canceled. It no longer works.',
    'code-mailed': 'Code emailed.',
    declined: 'Recorded that the patient doesn’t want an account. Open invitations are canceled.',
    undeclined: 'The patient can be enrolled again.',
    locked: 'Account locked. No one can sign in with it, and its apps can’t read data.',
    ended: 'Access ended. This person and the apps they connected can no longer read this record.',
    unlocked: 'Account unlocked. The person can sign in again, and their apps work again.',
    restored: 'Access restored. The account can open this record again. Apps must be connected again.',
    'link-mailed': 'Link emailed to the account’s address. It works once, within 24 hours.',
    changed: 'Nothing was changed, because the data changed in the meantime. This page shows the current state.',
  },
  notSent:
    'The email was not sent, because this server doesn’t send email to this patient. An administrator of the installation can find it in the outbox.',

  /**
   * Translations of recorded reasons that no person typed. Empty in English, because they are recorded in English.
   */
  recordedReasons: {} as Readonly<Record<string, string>>,

  account: {
    title: 'The patient’s account',
    notEnrolled: 'The patient has no account and no open invitation.',
    invited: 'The patient was invited but hasn’t created an account yet.',
    invitationExpired:
      'The invitation is no longer valid. It expired, or there were too many wrong answers. Invite the patient again.',
    enrolled: 'The patient has an account and can connect apps to this record.',
    declined: 'The patient declined the invitation.',
    declinedOn: (reason: string, at: string) =>
      `The patient doesn’t want an account${reason === '' ? '' : `: ${reason}`}. Recorded on ${at}.`,
    locked: 'The account is locked. No one can sign in with it, and its apps can’t read data.',
    ended: 'The account’s access to this record has ended. It can’t open the record, and its apps can’t read it.',
    shared: 'This is a shared sandbox account. It can’t be changed or locked.',
    facts: {
      username: 'Username',
      email: 'Account email',
      accessSince: 'Access since',
      accessEnded: 'Access ended',
      lockedAt: 'Locked',
      otherPatients: 'Also opens',
      otherPractices: 'Other practices',
    },
    noEmail: 'none',
    opensOtherPractices: 'also opens records at other practices',
    links: {
      enroll: 'Enroll patient',
      decline: 'Record that the patient doesn’t want an account',
      inviteAgain: 'Invite again',
      inviteDifferently: 'Send a different invitation',
      allowInvitations: 'Allow invitations again',
      unlock: 'Unlock account',
      resetSecondFactor: 'Reset second factor',
      resetPassword: 'Reset password',
      restoreAccess: 'Restore access to this record',
      lock: 'Lock account',
      endAccess: 'End access to this record',
    },
  },

  invitations: {
    title: 'Invitations',
    states: {
      open: 'open',
      used: 'used',
      cancelled: 'canceled',
      declined: 'declined by the invited person',
      expired: 'expired',
      failed: 'blocked after too many wrong answers',
    },
    letter: 'letter',
    emailTo: (email: string) => `email to ${email}`,
    toPatient: 'the patient',
    toRepresentative: (name: string) => `${name}, to act for the patient`,
    commandLine: 'the command line',
    sent: (delivery: string, invitee: string, inviter: string) => `${delivery} to ${invitee}, by ${inviter}`,
    validUntil: (day: string) => `valid until ${day}`,
    needsCode: 'It needs a code. No code was given yet, or the code has expired.',
    codeGiven: {
      'in-person': 'The code was given in person.',
      phone: 'The code was given by phone.',
      contact: 'The code was given by email to another address.',
    },
    links: {
      giveCode: 'Give code',
      giveNewCode: 'Give new code',
      printAgain: 'Print letter again',
      emailAgain: 'Email again',
      cancel: 'Cancel invitation',
      /** Texts that complete a link for screen readers. */
      to: (name: string) => `to ${name}`,
      of: (name: string) => `of ${name}`,
    },
  },

  representatives: {
    title: 'Representatives',
    none: 'No representative has access to this record.',
    addToChart:
      'To add a representative, first add the person to the chart in your EHR. This can be a parent, a guardian, or a person with power of attorney.',
    withoutAccess: 'Contacts on the chart without access',
    past: 'Past representatives',
    since: (date: string) => `since ${date}`,
    active: 'account active',
    locked: 'account locked',
    links: {
      resetSecondFactor: 'Reset second factor',
      resetPassword: 'Reset password',
      end: 'End access',
      invite: 'Invite',
      /** Texts that complete a link for screen readers. */
      of: (name: string) => `of ${name}`,
      inviteToActFor: (name: string) => `${name} to act for the patient`,
    },
  },

  chart: {
    title: 'Chart data',
    patient: 'Patient',
    birthDate: 'Birth date',
    identifiers: 'MRN and other identifiers',
    email: 'Email',
    phone: 'Phone',
    address: 'Home address',
    none: 'not on the chart',
    noInvitations: 'You can’t send invitations until then.',
    source: 'This data comes from your EHR. Correct or complete it there.',
  },

  apps: {
    title: 'Connected apps',
    none: 'No connected apps.',
    allowed: (person: string, date: string) => `Allowed by ${person} on ${date}.`,
    notUsed: 'No data read yet.',
    /** The record has very many entries, and only the latest were searched. */
    notSince: (day: string) => `No data read since ${day}. Earlier reads were not searched.`,
    lastUsed: (time: string) => `Last read on ${time}.`,
  },
};
