import { signIn } from '../sign-in.ts';

/** Texts of the actions on accounts that open a patient's record. */
export const patientAccount = {
  backTo: (patient: string) => `Back to ${patient}`,
  done: 'Done',
  reason: {
    label: 'Reason',
    limit: 'At most 64 characters.',
    missing: 'Enter a reason',
    tooLong: (longest: number) => `Enter a reason of at most ${longest} characters`,
  },
  decline: {
    title: (name: string) => `${name} doesn’t want an account`,
    text: 'Bulk invitations will skip this patient. You can undo this if the patient changes their mind.',
    cancels: 'The open invitation will be canceled.',
    reasonHint: 'For example, “has no computer”.',
    button: 'Save decision',
  },
  undoDecline: {
    title: (name: string) => `Allow invitations to ${name} again?`,
    text: 'You can then invite this patient again.',
    button: 'Allow invitations',
  },
  lock: {
    title: (name: string) => `Lock the account of ${name}?`,
    text: 'Until you unlock the account, no one can sign in with it, and the apps it connected can’t read data.',
    otherPatients: (names: string) => `This account also opens the record of ${names}. That access stops too.`,
    reasonHint: 'For example, “patient asked” or “someone else used the account”.',
    button: 'Lock account',
  },
  /** For an account that also opens records at other practices, which a practice can’t lock. */
  endOwnAccess: {
    title: (name: string) => `End ${name}’s access to this record?`,
    text: 'This account also opens records at other practices. Those are not affected. Only the access to this record ends. The account can no longer open it, and its apps can no longer read it.',
    reasonHint: 'For example, “patient asked” or “someone else used the account”.',
    button: 'End access',
  },
  unlock: {
    title: (name: string) => `Unlock the account of ${name}?`,
    operatorOnly: 'This account also opens records at other practices. Only the operator of this server can unlock it.',
    recordedReason: (reason: string) => `Recorded reason: ${reason === '' ? 'none' : reason}.`,
    text: 'The person can sign in again, and their connected apps can read data again. If someone else used the account, first ask the person to choose a new password and check their connected apps.',
    reasonHint: 'For example, “spoke with the patient at the front desk”.',
    button: 'Unlock account',
  },
  restoreOwnAccess: {
    title: (name: string) => `Restore ${name}’s access to this record?`,
    text: 'The account can open this record again. Its apps must be reconnected.',
    button: 'Restore access',
  },
  endRepresentation: {
    title: (name: string, patient: string) => `End ${name}’s access to ${patient}’s record?`,
    text: (name: string) =>
      `${name} and the apps they connected can no longer read this record. Their own account is not affected.`,
    reasonHint: 'For example, “custody changed” or “patient asked”.',
    button: 'End access',
  },
  resetPassword: {
    title: (name: string) => `Reset the password of ${name}`,
    noEmail: `The account has no email address, so the person can’t use “${signIn.forgot}” on the sign-in page.`,
    useEmail: `If the person can read email at the account’s address, ask them to use “${signIn.forgot}” on the sign-in page. Use this page only if they can’t.`,
    link: 'Then give the person a link to choose a new password. It works once, within 30 minutes.',
    button: 'Create link',
    handOver: (name: string, username: string) =>
      `${name} opens this link on their own phone or computer and chooses a new password. Their username is ${username}. The link works once, within 30 minutes. It is shown only once.`,
    operatorOnly: `This account also opens records at other practices, so you can’t reset its password here. If the person can read email at the account’s address, they can use “${signIn.forgot}” on the sign-in page. Otherwise, they must ask the operator of this server.`,
  },
  resetSecondFactor: {
    title: (name: string) => `Reset the second factor of ${name}`,
    link: (name: string) =>
      `Then the person gets a link that works once, within 24 hours. It removes the old authenticator app and passkeys. We notify ${name} by email.`,
    linkWithPassword: (name: string) =>
      `Then the person gets a link that works once, within 24 hours, together with the password. It removes the old authenticator app and passkeys. We notify ${name} by email.`,
    button: 'Create link',
    handOver: (name: string) =>
      `${name} opens this link on their own phone or computer and chooses a password there. The link works once, within 24 hours. It is shown only once.`,
    handOverWithPassword: (name: string) =>
      `${name} opens this link on their own phone or computer and also needs their password. The link works once, within 24 hours. It is shown only once.`,
    operatorOnly:
      'This account also opens records at other practices, and it has no password and no email address. Only the operator of this server can reset its second factor.',
    delivery: 'How does the person get the link?',
    shown: 'I give it to them now',
    shownHint: 'The link is shown once, with a QR code for their phone.',
    mailed: (email: string) => `Email to ${email}`,
    mailedHint: 'The account’s address.',
    noDelivery: 'Choose how the person gets the link',
  },
  linkTitle: (name: string) => `Link for ${name}`,
  identityProofing: {
    text: 'First verify the person’s identity. Don’t rely on birth date, address or phone number, because family members know them. Your answers are recorded in the audit log.',
    method: 'What did you check?',
    methods: {
      'driver-license': 'Driver’s license or state ID',
      passport: 'Passport',
      'other-photo-id': 'Another photo ID',
      other: 'Something else',
    },
    what: 'If you chose “Something else”, what was it?',
    whatHint: 'A few words. Don’t enter document numbers or health information.',
    location: 'Where did you check it?',
    locations: { desk: 'At the front desk', video: 'On a video call', elsewhere: 'Somewhere else' },
    who: 'Who checked it?',
    whoHint: 'Your name or a colleague’s name.',
    errors: {
      method: 'Choose what you checked',
      what: 'Enter what you checked',
      whatTooLong: (longest: number) => `Enter at most ${longest} characters`,
      location: 'Choose where you checked it',
      who: (longest: number) => `Enter the name of the person who checked, in at most ${longest} characters`,
    },
  },
};
