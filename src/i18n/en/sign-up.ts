import { terms } from './terms.ts';

interface JoinRequestFacts {
  readonly name: string;
  readonly email: string;
  readonly organisation: string;
  readonly link: string;
}

interface DeveloperInvitationFacts {
  readonly who: string;
  readonly organisation: string;
  readonly role: string;
  readonly link: string;
  readonly until: string;
}

/** Texts of the sign-up pages for app developers, and of the emails to them. */
export const signUp = {
  /** Names of the organization roles for use within a sentence, in lower case. */
  roles: {
    administrator: terms.organisationRoles.administrator.toLowerCase(),
    developer: terms.organisationRoles.developer.toLowerCase(),
    reader: terms.organisationRoles.reader.toLowerCase(),
  },
  start: {
    title: 'Sign up as a developer',
    lead: 'Make an app that patients connect to their health record. You get sandbox credentials at once.',
    field: 'Your e-mail address at work',
    hint: 'We send a link there. The first person of an e-mail domain sets up its organization; others ask to join it.',
    button: 'Send me the link',
    haveOne: 'You have an account?',
    signIn: 'Sign in',
    invalid: 'Enter an e-mail address, such as name@example.com',
  },
  sent: {
    title: 'Look into your mail',
    lead: 'We sent a mail to the address that you gave. The link in it is good once, for 24 hours.',
    more: 'If nothing has come after a few minutes, look into the folder for unwanted mail, check the address, and ask again. No more than three mails an hour go to one address.',
    emailNotSent:
      'This server sends no mail. It keeps it: whoever sits at the machine it runs on, and its administrators, read it under',
    outbox: terms.outbox,
    again: 'Ask again',
  },
  expiredLink: {
    title: 'This link can’t be used any more',
    lead: 'It was used, or is too old, or was taken back.',
    signIn: 'Sign in, if you have an account',
    again: 'Ask for another link',
  },
  account: {
    title: 'Make your developer account',
    joinTitle: (organisation: string) => `Join ${organisation}`,
    address: 'Your address, which you sign in with:',
    name: 'Your name',
    nameHint: 'As your colleagues and administrators of this server see it.',
    organisation: 'Name of your organization',
    firstOfDomain: (domain: string) =>
      `You are the first with an address at ${domain}. You administer its organization, and whoever else has such an address asks you to be let in. Patients read this name beside your apps.`,
    publicProvider:
      'Patients read this name beside your apps. Your address is of a provider that anybody may use, so nobody joins your organization unless you invite them. Your own name will do.',
    joinsExisting: (organisation: string) =>
      `Others with such an address belong to ${organisation} already. Its administrators are asked to let you in. Until they do, you can read the documentation and use the API explorer, or set up an organization of your own.`,
    invited: (organisation: string, role: string) => `You are invited to ${organisation} as ${role}.`,
    password: 'Choose a password',
    passwordHint: (least: number) =>
      `At least ${least} characters. Three or four words that don’t belong together are easy to remember and hard to guess.`,
    button: 'Make the account',
    passkeyButton: 'Use a passkey instead',
    errors: {
      name: 'Enter your name, in at most 100 characters',
      organisation: 'Enter a name for the organization: plain letters and digits, at most 100 characters',
    },
  },
  passkey: {
    title: 'Make a passkey',
    lead: 'Your browser asks for your fingerprint, face or PIN. You sign in with that from now on, and need no password.',
    button: 'Make a passkey and the account',
    noScript: 'Passkeys need JavaScript and a newer browser. Go back, and choose a password.',
    back: 'Choose a password instead',
  },
  acceptInvitation: {
    lead: (organisation: string, role: string) => `You are invited to ${organisation} as ${role}.`,
    signIn: (email: string) => `There is an account for ${email}. Sign in with it, then you come back to this page.`,
    signInButton: terms.signIn,
    as: (name: string) => `You are signed in as ${name}.`,
    button: (organisation: string) => `Join ${organisation}`,
    other: (email: string, name: string) =>
      `The invitation is for ${email}, and you are signed in as ${name}. Sign in with the account of that address, or ask for an invitation to yours.`,
    otherButton: 'Sign in with another account',
  },
  noRecord: {
    title: 'This account has no health record',
    text: (app: string, name: string) =>
      `The app “${app}” asks for a patient’s data. You are signed in as ${name}, a developer: there is nothing that you could share.`,
    sandbox: 'To try the app, sign in as one of the test patients.',
    button: 'Sign in with another account',
  },
  emails: {
    greeting: (name: string) => `Hello ${name},`,
    signUp: (link: string) => ({
      subject: 'Your link to sign up as a developer',
      text: `Somebody, most likely you, asked for a developer account for this address. Open this link to make it:

${link}

It works once, for 24 hours. If you did not ask for it, there is nothing to do: without the link no account is made.`,
    }),
    hasAccount: ({ signIn, forgot }: { readonly signIn: string; readonly forgot: string }) => ({
      subject: 'You have a developer account already',
      text: `Somebody, most likely you, asked to sign up as a developer with this address. It has an account:

Sign in: ${signIn}
Password forgotten: ${forgot}

If it was not you, there is nothing to do: your account is as it was.`,
    }),
    welcome: ({ portal, docs }: { readonly portal: string; readonly docs: string }) => ({
      subject: 'Welcome: your first app in five minutes',
      text: `Your developer account is ready. What comes next:

1. Add your application: ${portal}/apps/new
   You get its id and secret at once.
2. Try it with a test patient: ${portal}/test-patients
3. Read how it goes on: ${docs}

It works with made-up patients from the first minute. Before real patients can connect it, an administrator looks at it.

A second step makes your account safer: an authenticator app or a passkey, under “Password and security”.`,
    }),
    joinPending: ({ organisation, portal, docs }: Readonly<Record<'organisation' | 'portal' | 'docs', string>>) => ({
      subject: `Welcome: ${organisation} is asked to let you in`,
      text: `Your developer account is ready, and the administrators of ${organisation} are asked to let you in. You get a mail when they have answered.

Until then:

1. Read the documentation: ${docs}
2. Try the API with made-up patients: ${portal}/explorer

You need not wait: you can set up an organization of your own: ${portal}`,
    }),
    joinRequested: ({ name, email, organisation, link }: JoinRequestFacts) => ({
      subject: `Somebody asks to join ${organisation}`,
      text: `${name} (${email}) has made an account and asks to join ${organisation}. Let them in, or decline:

${link}

Whoever is in sees the apps of ${organisation}, and as a developer changes them. If you don’t know them, decline.`,
    }),
    joinAccepted: ({ organisation, role, portal }: Readonly<Record<'organisation' | 'role' | 'portal', string>>) => ({
      subject: `You belong to ${organisation} now`,
      text: `An administrator of ${organisation} has let you in as ${role}. Go on here:

${portal}`,
    }),
    joinDeclined: ({ organisation, portal }: Readonly<Record<'organisation' | 'portal', string>>) => ({
      subject: `${organisation} has not let you in`,
      text: `An administrator of ${organisation} declined that you join. If you think that is a mistake, talk to them: they can invite you.

You can set up an organization of your own:

${portal}`,
    }),
    invited: ({ who, organisation, role, link, until }: DeveloperInvitationFacts) => ({
      subject: `Your invitation to ${organisation}`,
      text: `${who} has invited you to ${organisation} as ${role}, to make apps that patients connect to their health record. Open this page to join:

${link}

It works once, until ${until}. If you don’t work with them, there is nothing to do.`,
    }),
    removed: (organisation: string) => ({
      subject: `You don’t belong to ${organisation} any more`,
      text: `An administrator of ${organisation} has removed you from it. You see its apps no longer. Your account stays as it is.

If you think that is a mistake, talk to them.`,
    }),
  },
};
