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
    lead: 'Build an app that patients connect to their health record. You get sandbox credentials right away.',
    field: 'Your work email address',
    hint: 'We send a link to this address. The first person from an email domain sets up its organization. Others ask to join it.',
    button: 'Send me the link',
    haveOne: 'Already have an account?',
    signIn: 'Sign in',
    invalid: 'Enter an email address, such as name@example.com',
  },
  sent: {
    title: 'Check your email',
    lead: 'We sent an email to the address you gave. The link in it works once and expires after 24 hours.',
    more: 'If nothing arrives after a few minutes, check your spam folder. Then check the address and try again. We send at most three emails an hour to one address.',
    emailNotSent:
      'Email isn’t set up on this server. Anyone at the server’s own machine, and its administrators, can read the message in the',
    outbox: terms.outbox,
    again: 'Ask for another link',
  },
  /** For visitors of the sandbox, who sign up with a made-up address. */
  visitor: {
    tooMany: 'Too many people signed up from your network in the last hour. Try again later.',
  },
  expiredLink: {
    title: 'This link no longer works',
    lead: 'It was already used, has expired or was canceled.',
    signIn: 'Sign in, if you have an account',
    again: 'Ask for another link',
  },
  account: {
    title: 'Create your developer account',
    joinTitle: (organisation: string) => `Join ${organisation}`,
    address: 'You sign in with this address:',
    copyAddress: 'Copy the address',
    name: 'Your name',
    nameHint: 'Your colleagues and the administrators of this server see this name.',
    organisation: 'Name of your organization',
    firstOfDomain: (domain: string) =>
      `You are the first person from ${domain}, so you will manage this organization. Colleagues with the same domain will ask you to approve them. Patients see this name next to your apps.`,
    publicProvider:
      'Patients see this name next to your apps. Your address belongs to a public email provider, so people can only join your organization if you invite them. You can use your own name.',
    visitorAddress: 'You need this address to sign in again. It gets no email, so copy it or let your browser save it.',
    visitorOrganization:
      'Patients see this name next to your apps. Your address is made up, so people can only join your organization if you invite them.',
    joinsExisting: (organisation: string) =>
      `People with your email domain already belong to ${organisation}. We will ask its administrators to approve you. Until they do, you can read the documentation, use the API explorer, or set up your own organization.`,
    invited: (organisation: string, role: string) => `You are invited to join ${organisation} as ${role}.`,
    password: 'Choose a password',
    passwordHint: (least: number) =>
      `Use at least ${least} characters. Three or four unrelated words are easy to remember and hard to guess.`,
    button: 'Create account',
    passkeyButton: 'Use a passkey instead',
    errors: {
      name: 'Enter your name, in at most 100 characters',
      organisation: 'Enter a name for the organization, with plain letters and digits, in at most 100 characters',
    },
  },
  passkey: {
    title: 'Create a passkey',
    lead: 'Your browser asks for your fingerprint, face or PIN. From now on, you sign in with that and need no password.',
    button: 'Create passkey and account',
    noScript: 'Passkeys need JavaScript and a newer browser. Go back and choose a password.',
    back: 'Choose a password instead',
  },
  acceptInvitation: {
    lead: (organisation: string, role: string) => `You are invited to join ${organisation} as ${role}.`,
    signIn: (email: string) =>
      `There is an account for ${email}. Sign in with it, and you will come back to this page.`,
    signInButton: terms.signIn,
    as: (name: string) => `You are signed in as ${name}.`,
    button: (organisation: string) => `Join ${organisation}`,
    other: (email: string, name: string) =>
      `The invitation is for ${email}, but you are signed in as ${name}. Sign in with the account of that address, or ask for an invitation to yours.`,
    otherButton: 'Sign in with another account',
  },
  noRecord: {
    title: 'This account has no health record',
    text: (app: string, name: string) =>
      `The app “${app}” asks for a patient’s data. You are signed in as ${name}, a developer, so you have no data to share.`,
    sandbox: 'To try the app, sign in as one of the test patients.',
    button: 'Sign in with another account',
  },
  emails: {
    greeting: (name: string) => `Hello ${name},`,
    signUp: (link: string) => ({
      subject: 'Your link to sign up as a developer',
      text: `Someone, most likely you, asked for a developer account for this address. Open this link to create the account:

${link}

The link works once and expires after 24 hours. If you did not ask for it, ignore this email. No account is created unless the link is opened.`,
      button: { label: 'Create your account', url: link },
    }),
    hasAccount: ({ signIn, forgot }: { readonly signIn: string; readonly forgot: string }) => ({
      subject: 'You already have a developer account',
      text: `Someone, most likely you, asked to sign up as a developer with this address. The address already has an account:

Sign in: ${signIn}
Forgot password: ${forgot}

If it wasn’t you, you don’t have to do anything. Your account has not changed.`,
    }),
    welcome: ({ portal, docs }: { readonly portal: string; readonly docs: string }) => ({
      subject: 'Welcome: your first app in two minutes',
      text: `Your developer account is ready. Next steps:

1. Add your app: ${portal}/apps/new
   You get its client ID and secret right away.
2. Try it with a test patient: ${portal}/test-patients
3. Read the documentation: ${docs}

Your app works with test patients from the start. Before real patients can connect it, an administrator reviews it.

Make your account safer with a second step: add an authenticator app or a passkey under “Password and security”.`,
    }),
    joinPending: ({ organisation, portal, docs }: Readonly<Record<'organisation' | 'portal' | 'docs', string>>) => ({
      subject: `Welcome: we asked ${organisation} to approve you`,
      text: `Your developer account is ready. We asked the administrators of ${organisation} to approve you. You will get an email when they answer.

Until then:

1. Read the documentation: ${docs}
2. Try the API with test patients: ${portal}/explorer

You don’t have to wait. You can set up your own organization: ${portal}`,
    }),
    joinRequested: ({ name, email, organisation, link }: JoinRequestFacts) => ({
      subject: `Someone asks to join ${organisation}`,
      text: `${name} (${email}) created an account and asks to join ${organisation}. Approve or decline the request:

${link}

Members can see the apps of ${organisation}. Members with the developer role can also change them. If you don’t know this person, decline the request.`,
      button: { label: 'Review the request', url: link },
    }),
    joinAccepted: ({ organisation, role, portal }: Readonly<Record<'organisation' | 'role' | 'portal', string>>) => ({
      subject: `You now belong to ${organisation}`,
      text: `An administrator of ${organisation} approved your request. Your role is ${role}. Continue here:

${portal}`,
      button: { label: terms.goToDeveloperPortal, url: portal },
    }),
    joinDeclined: ({ organisation, portal }: Readonly<Record<'organisation' | 'portal', string>>) => ({
      subject: `${organisation} declined your request`,
      text: `An administrator of ${organisation} declined your request to join. If you think this is a mistake, contact them. They can invite you.

You can set up your own organization:

${portal}`,
      button: { label: terms.goToDeveloperPortal, url: portal },
    }),
    invited: ({ who, organisation, role, link, until }: DeveloperInvitationFacts) => ({
      subject: `Your invitation to ${organisation}`,
      text: `${who} invited you to join ${organisation} as ${role}, to build apps that patients connect to their health record. Open this page to join:

${link}

The link works once and expires on ${until}. If you don’t work with them, ignore this email.`,
      button: { label: 'Accept the invitation', url: link },
    }),
    removed: (organisation: string) => ({
      subject: `You no longer belong to ${organisation}`,
      text: `An administrator of ${organisation} removed you from it. You can no longer see its apps. Your account has not changed.

If you think this is a mistake, contact them.`,
    }),
  },
};
