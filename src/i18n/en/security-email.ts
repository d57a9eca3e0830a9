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
    text: `Somebody signed in to your account on a browser that was not used for it before.

When: ${at}
Browser: ${device ?? 'not known'}

If it was you, there is nothing to do.

If it was not you:
1. Choose a new password: ${forgot}
   That signs out every browser.
2. Then look at what else can open your account: ${address}
3. Tell ${whom}.`,
  }),
  mfaResetLink: (link: string) => ({
    subject: 'Your way back into your account',
    text: `Your practice made sure of who you are. With this link and your password you can sign in without your authenticator app or passkey:

${link}

It works once, for a day. It takes the old authenticator app and passkeys away: add a new one afterwards.

If you did not ask for it, don’t open it, and tell your practice at once.`,
  }),
  lostFactorLink: ({ hasPassword }: { readonly hasPassword: boolean }) => ({
    subject: 'A way back into your account was given',
    text: `Your practice gave out a link that lets somebody into your account without its authenticator app and passkeys.${hasPassword ? ' Whoever uses it must know your password too.' : ''}

If you asked for it, there is nothing to do.

If you did not ask for it, tell your practice at once.`,
  }),
  lostPasswordLink: () => ({
    subject: 'A link for a new password was given',
    text: `Your practice gave out a link with which somebody can choose a new password for your account.

If you asked for it, there is nothing to do.

If you did not ask for it, tell your practice at once.`,
  }),
  forgotten: ({ username, link }: { readonly username: string; readonly link: string }) => ({
    subject: 'Your username, and a new password',
    text: `Somebody, most likely you, said that they forgot the username or password of your account.

Your username: ${username}

To choose a new password, open this link within an hour. It works once:
${link}

If you know your password, or did not ask for this, there is nothing to do: your account is as it was.`,
  }),
  changed: ({ what, at, device, forgot, whom }: { readonly what: string } & Omit<NewBrowserFacts, 'address'>) => ({
    subject: 'Your account was changed',
    text: `${what}

When: ${at}
Browser: ${device ?? 'not known'}

If it was you, there is nothing to do.

If it was not you, choose a new password at once, and tell ${whom}:
${forgot}`,
  }),
  changes: {
    password: 'The password of your account was changed. All other browsers were signed out.',
    'passkey-added': 'A passkey was added to your account: it signs in without the password.',
    'passkey-removed': 'A passkey was removed from your account.',
    'app-added': 'An authenticator app was set up for your account.',
    'app-removed': 'The authenticator app was removed from your account.',
    'codes-made': 'New recovery codes were made for your account. The ones of before don’t work any more.',
    'code-used': 'Somebody signed in to your account with a recovery code.',
    'factors-removed':
      'The authenticator app, the passkeys and the recovery codes of your account were removed, with the link from your practice.',
    'wrong-codes':
      'Somebody entered your password rightly and then wrong codes, again and again. They were not let in. If it was not you, somebody knows your password.',
  },
  emailAsked: ({ email, whom }: Readonly<Record<'email' | 'whom', string>>) => ({
    subject: 'A new e-mail address was given for your account',
    text: `Somebody, most likely you, wants mail about your account to go to ${email} from now on. It changes when they open the link that we sent there.

If it was not you, choose a new password at once, and tell ${whom}.`,
  }),
  confirmEmail: ({ link }: { readonly link: string }) => ({
    subject: 'Confirm your e-mail address',
    text: `You gave this e-mail address for your account. Open this link within 24 hours to confirm that it is yours. It works once:
${link}

If you did not do that, there is nothing to do: the address is not used.`,
  }),
  /** Sent when a password reset was requested for an address that isn't confirmed. */
  forgottenUnconfirmed: ({ link, forgot }: Readonly<Record<'link' | 'forgot', string>>) => ({
    subject: 'Confirm your email address first',
    text: `Someone, most likely you, forgot the username or password of an account with this email address. The address isn’t confirmed yet, so we can’t send a link for a new password.

First, open this link within 24 hours to confirm that the address is yours. It works once:
${link}

Then ask for a new password again:
${forgot}

If you don’t know this account, you don’t have to do anything. The address is not used.`,
  }),
  emailTaken: () => ({
    subject: 'This address belongs to an account already',
    text: `Somebody wanted to use this e-mail address for another account. It belongs to yours, and nothing was changed.

If it was you, change the address of this account first.`,
  }),
  emailConfirmed: ({ email, whom }: Readonly<Record<'email' | 'whom', string>>) => ({
    subject: 'Your email address is confirmed',
    text: `From now on we email you at ${email} about your account.

If it was not you, tell ${whom} at once.`,
  }),
  emailChanged: ({ email, whom }: Readonly<Record<'email' | 'whom', string>>) => ({
    subject: 'The e-mail address of your account was changed',
    text: `Mail about your account goes to ${email} from now on.

If it was not you, tell ${whom} at once.`,
  }),
  closed: ({ at, whom, record }: Readonly<Record<'at' | 'whom', string>> & { readonly record: boolean }) => ({
    subject: 'Your account is closed',
    text: `Your account was closed on ${at}.${record ? ' No app has access to a health record through it any more. Your practice keeps your health record.' : ''}

If it was not you, tell ${whom} at once.`,
  }),
  accessJoined: ({ record, practice, phone, at }: RecordAccessFacts) => ({
    subject: 'Your access to a health record has ended',
    text: `${practice} had two records of one patient, and made one of them. The record of ${record} that your account could open is a part of the other one now. With it your access has ended, and that of the apps that you let read it.

When: ${at}

You did nothing wrong. If you should see the record that is left, ask the practice to invite you to it: ${practice}${phone === undefined ? '' : `, ${phone}`}.`,
  }),
  accessApart: ({ record, practice, phone, at }: RecordAccessFacts) => ({
    subject: 'Your access to a health record has ended',
    text: `${practice} had made one record of two, and found that they are of two patients. Your account was let into it in that time, so it is not sure whose record you were meant to see. Your access to the record of ${record} has ended, and that of the apps that you let read it.

When: ${at}

You did nothing wrong. To be let in again, ask the practice to invite you: ${practice}${phone === undefined ? '' : `, ${phone}`}.`,
  }),
  accessAgain: ({ record, practice, phone, at }: RecordAccessFacts) => ({
    subject: 'You can open a health record again',
    text: `${practice} had made the record of ${record} a part of another one, and has taken them apart again. Your account can open it as before. Apps that you had let read it have to ask you first.

When: ${at}

If you have questions, turn to the practice: ${practice}${phone === undefined ? '' : `, ${phone}`}.`,
  }),
};
