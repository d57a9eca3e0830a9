import { type Html, html } from '../../../kernel/index.ts';

/** Page on which an invited member of staff creates an account or accepts with an existing one. */
export const acceptInvitation = {
  titleOfPractice: (practice: string) => `Join ${practice}`,
  titleOfInstallation: (brand: string) => `Administer ${brand}`,
  welcomeHtml: (name: string): Html => html`Welcome, <b>${name}</b>.`,
  asAdministrator:
    'As an administrator, you create practices, invite their staff and review apps. This role doesn’t give you access to patient records.',
  asStaff: 'The practice invites you to work as:',
  validUntil: (at: string) => `The invitation is valid until ${at}.`,
  notForYou: 'If it isn’t for you, close this page.',
  createAccount: 'Create your account',
  haveAccount: 'Do you already have a staff account?',
  signIn: 'Sign in to accept',
  otherAccountHtml: (person: string): Html =>
    html`You are signed in as <b>${person}</b>. That account can’t accept this invitation. Create a staff account, or sign in with the one you have. Either way, ${person} will be signed out.`,
  alreadyStaffHtml: (person: string, practice: string): Html =>
    html`You are signed in as <b>${person}</b> and already work at ${practice}. To change your role, ask an administrator of the practice.`,
  alreadyAdministratorHtml: (person: string): Html =>
    html`You are signed in as <b>${person}</b> and are already an administrator.`,
  goToStaffPages: 'Go to your staff pages',
  acceptHtml: (person: string): Html =>
    html`You are signed in as <b>${person}</b>. You can accept this role with that account. You’ll sign in as before and then choose where to work.`,
  acceptAtHtml: (person: string, practice: string): Html =>
    html`You are signed in as <b>${person}</b>. You can join ${practice} with that account. You’ll sign in as before and then choose where to work.`,
  acceptButton: (person: string) => `Accept as ${person}`,
  createAnother: 'Create another account instead',
  notYou: (person: string) => `Use this if you aren’t ${person}. That account will be signed out.`,
  name: 'Your name',
  nameHint: 'The name your colleagues know.',
  username: 'Choose a username',
  usernameHint: 'At least 3 letters or digits. You sign in with this username and can’t change it.',
  password: 'Choose a password',
  passwordHint: (least: number) =>
    `At least ${least} characters. Three or four unrelated words are easy to remember and hard to guess.`,
  secondFactor:
    'On the next page, you add a passkey or an authenticator app. Staff can’t sign in with only a password.',
  button: 'Create account',
  errors: {
    name: 'Enter your name in at most 100 characters',
    username: 'Choose a username of 3 to 100 letters, digits or . _ @ + -',
    usernameTaken: 'That username is already taken. Choose another',
    alreadyStaff: 'You already work at this practice. Ask an administrator of the practice to change your role',
    password: {
      'too-short': (least: number) => `Choose a password of at least ${least} characters`,
      'too-long': () => 'Choose a password of at most 200 characters',
      common: () => 'Choose another password. This one is easy to guess',
      'own-name': () => 'Choose a password that doesn’t contain your name or username',
    },
  },
};
