interface NewBrowserFacts {
  readonly device: string | undefined;
  readonly at: string;
  readonly address: string;
  readonly forgot: string;
  /** The party that can help the reader, such as "your practice". */
  readonly whom: string;
}

/** Facts about a change of a representative's access to a record. */
interface RecordAccessFacts {
  /** Name of the patient. */
  readonly record: string;
  readonly practice: string;
  readonly phone: string | undefined;
  readonly at: string;
}

/** Texts of the emails to a person about how they sign in and which records they can open. */
export const securityEmails = {
  greeting: (name: string) => `Hello ${name},`,
  helpContacts: {
    patient: 'your practice',
    staff: 'your practice',
    developer: 'the people who run this server',
  },
  newBrowser: ({ device, at, address, forgot, whom }: NewBrowserFacts) => ({
    subject: 'New sign-in to your account',
    text: `Someone signed in to your account in a browser that hasn’t been used for it before.

When: ${at}
Browser: ${device ?? 'unknown'}

If this was you, you don’t have to do anything.

If it wasn’t you:
1. Choose a new password: ${forgot}
   This signs out every browser.
2. Check how your account can be opened: ${address}
3. Tell ${whom}.`,
  }),
  mfaResetLink: (link: string) => ({
    subject: 'Reset your sign-in',
    text: `Your practice confirmed who you are. With this link and your password, you can sign in without your authenticator app or passkey:

${link}

The link works once and expires after one day. When you use it, your old authenticator app and passkeys are removed. Add a new one afterward.

If you did not ask for this link, don’t open it. Tell your practice right away.`,
    button: { label: 'Reset your sign-in', url: link },
  }),
  lostFactorLink: ({ hasPassword }: { readonly hasPassword: boolean }) => ({
    subject: 'Your practice gave out a link to reset your sign-in',
    text: `Your practice gave out a link to sign in to your account without its authenticator app and passkeys.${hasPassword ? ' The password is still needed.' : ''}

If you asked for it, you don’t have to do anything.

If you did not ask for it, tell your practice right away.`,
  }),
  lostPasswordLink: () => ({
    subject: 'Your practice gave out a link for a new password',
    text: `Your practice gave out a link to choose a new password for your account.

If you asked for it, you don’t have to do anything.

If you did not ask for it, tell your practice right away.`,
  }),
  forgotten: ({ username, link }: { readonly username: string; readonly link: string }) => ({
    subject: 'Your username and a link for a new password',
    text: `Someone, most likely you, said that they forgot the username or password of your account.

Your username: ${username}

To choose a new password, open this link within one hour. The link works once:
${link}

If you know your password, or did not ask for this, you don’t have to do anything. Your account has not changed.`,
    button: { label: 'Choose a new password', url: link },
  }),
  changed: ({ what, at, device, forgot, whom }: { readonly what: string } & Omit<NewBrowserFacts, 'address'>) => ({
    subject: 'Your account was changed',
    text: `${what}

When: ${at}
Browser: ${device ?? 'unknown'}

If this was you, you don’t have to do anything.

If it wasn’t you, tell ${whom}, and choose a new password right away:
${forgot}`,
    button: { label: 'Choose a new password', url: forgot },
  }),
  changes: {
    password: 'The password of your account was changed. All other browsers were signed out.',
    'passkey-added': 'A passkey was added to your account. It can sign in without the password.',
    'passkey-removed': 'A passkey was removed from your account.',
    'app-added': 'An authenticator app was set up for your account.',
    'app-removed': 'The authenticator app was removed from your account.',
    'codes-made': 'New recovery codes were created for your account. The old ones no longer work.',
    'code-used': 'Someone signed in to your account with a recovery code.',
    'factors-removed':
      'The authenticator app, passkeys and recovery codes of your account were removed with the link from your practice.',
    'wrong-codes':
      'Someone entered your correct password and then wrong codes many times. They could not sign in. If it wasn’t you, someone knows your password.',
  },
  emailAsked: ({ email, whom }: Readonly<Record<'email' | 'whom', string>>) => ({
    subject: 'New email address for your account',
    text: `Someone, most likely you, asked us to send emails about your account to ${email} from now on. The address changes when they open the link that we sent there.

If it wasn’t you, choose a new password right away, and tell ${whom}.`,
  }),
  confirmEmail: ({ link }: { readonly link: string }) => ({
    subject: 'Confirm your email address',
    text: `You gave this email address for your account. Open this link within 24 hours to confirm that it is yours. The link works once:
${link}

If you did not do this, you don’t have to do anything. We won’t use the address.`,
    button: { label: 'Confirm email address', url: link },
  }),
  /** Sent when a password reset was requested for an address that isn't confirmed. */
  forgottenUnconfirmed: ({ link, forgot }: Readonly<Record<'link' | 'forgot', string>>) => ({
    subject: 'Confirm your email address first',
    text: `Someone, most likely you, forgot the username or password of an account with this email address. The address isn’t confirmed yet, so we can’t send a link for a new password.

First, open this link within 24 hours to confirm that the address is yours. The link works once:
${link}

Then ask for a new password again:
${forgot}

If you don’t know this account, you don’t have to do anything. The address is not used.`,
    button: { label: 'Confirm email address', url: link },
  }),
  emailTaken: () => ({
    subject: 'This address already belongs to an account',
    text: `Someone tried to use this email address for another account. The address belongs to your account, and nothing was changed.

If it was you, change the address of this account first.`,
  }),
  emailConfirmed: ({ email, whom }: Readonly<Record<'email' | 'whom', string>>) => ({
    subject: 'Your email address is confirmed',
    text: `From now on, we email you at ${email} about your account.

If it wasn’t you, tell ${whom} right away.`,
  }),
  emailChanged: ({ email, whom }: Readonly<Record<'email' | 'whom', string>>) => ({
    subject: 'The email address of your account was changed',
    text: `From now on, we send emails about your account to ${email}.

If it wasn’t you, tell ${whom} right away.`,
  }),
  closed: ({ at, whom, record }: Readonly<Record<'at' | 'whom', string>> & { readonly record: boolean }) => ({
    subject: 'Your account is closed',
    text: `Your account was closed on ${at}.${record ? ' Apps can no longer read a health record through it. Your practice keeps your health record.' : ''}

If it wasn’t you, tell ${whom} right away.`,
  }),
  accessJoined: ({ record, practice, phone, at }: RecordAccessFacts) => ({
    subject: 'Your access to a health record has ended',
    text: `${practice} had two records of the same patient and merged them. The record of ${record} that your account could open is now part of the other record. Your access has ended. The apps that you allowed to read it have lost access too.

When: ${at}

You did nothing wrong. If you should see the merged record, ask the practice to invite you to it: ${practice}${phone === undefined ? '' : `, ${phone}`}.`,
  }),
  accessApart: ({ record, practice, phone, at }: RecordAccessFacts) => ({
    subject: 'Your access to a health record has ended',
    text: `${practice} had merged two records, and then found that they belong to two patients. Your account got access in that time, so it isn’t clear whose record you should see. Your access to the record of ${record} has ended. The apps that you allowed to read it have lost access too.

When: ${at}

You did nothing wrong. To get access again, ask the practice to invite you: ${practice}${phone === undefined ? '' : `, ${phone}`}.`,
  }),
  accessAgain: ({ record, practice, phone, at }: RecordAccessFacts) => ({
    subject: 'You can open a health record again',
    text: `${practice} had merged the record of ${record} into another record, and has now separated them. Your account can open it as before. Apps that you had allowed to read it must ask you first.

When: ${at}

If you have questions, contact the practice: ${practice}${phone === undefined ? '' : `, ${phone}`}.`,
  }),
};
