import { counts } from '../counts.ts';
import { formatNumber, plural } from '../plural.ts';
import { terms } from '../terms.ts';
/** Texts of the landing page of `/developer`, and of the next steps for signed-in developers. */
export const home = {
  landing: {
    title: 'Build on patient data',
    lead: 'Patients choose your app, and it reads their record over FHIR R4 or DSTU2 with SMART on FHIR. From signing up to your first data takes about five minutes.',
    steps: 'Three steps',
    one: {
      title: 'Sign up with your work address',
      text: 'Open the link that comes by mail, and choose a password or a passkey.',
    },
    two: {
      title: 'Add your application',
      text: 'Give its name, callback URL and what it wants to read. Its id and secret appear at once.',
    },
    three: {
      title: 'Read a test patient’s data',
      text: 'Sign in as a made-up patient, allow your app, and copy the calls from the explorer.',
    },
    later:
      'Real patients can connect your app once an administrator has made sure who you are. You see on which day that is due.',
    signUp: 'Sign up',
    signIn: terms.signIn,
    look: 'Without an account',
    lookText: 'All of this is open to everybody.',
    explorer: 'Try the API in the explorer',
    patients: 'See the test patients',
    docs: 'Read the documentation',
    swagger: 'Open Swagger UI',
    addresses: 'Addresses of this server',
    authorization: terms.authorizationServer,
    otherAccount: (name: string) =>
      `You are signed in as ${name}, with an account that is no developer’s. Sign up for another one: it may have the same address.`,
  },
  start: {
    title: (name: string) => `Hello, ${name}`,
    lead: 'What comes next:',
    waiting: {
      title: (organisation: string) => `Waiting for ${organisation}’s administrators`,
      text: (day: string) =>
        `They were asked on ${day} to let you in, and you get a mail when they answer. Until then you can read the documentation and use the explorer.`,
      own: 'Set up an organization of your own',
    },
    noOrganisation: {
      title: 'You belong to no organization',
      text: 'Apps belong to an organization: yours alone, or one with your colleagues.',
      button: 'Choose your organization',
    },
    next: 'Next',
    done: 'Done',
    account: { title: 'You have an account', text: (organisation: string) => `You belong to ${organisation}.` },
    add: {
      title: 'Add your application',
      text: 'Its id and secret appear at once. It works with test patients from the first minute.',
      button: 'Add application',
      reader: 'You are a reader here: ask an administrator of your organization for the role of a developer.',
      done: (count: number) =>
        plural(count, { one: 'There is one application.', other: `There are ${formatNumber(count)} applications.` }),
      all: 'All applications',
    },
    data: {
      title: 'Read a test patient’s data',
      text: 'Sign in as a made-up patient in the explorer, see the answer in R4 and DSTU2, and copy the call.',
      own: (app: string) => `Sign in as a made-up patient, and see what ${app} gets in R4 and DSTU2.`,
      button: 'Open the explorer',
      run: (app: string) => `Run ${app} here`,
      docs: 'Getting started, step by step',
      done: 'Your app has read its first data.',
    },
    apps: 'Your applications',
    requests: (count: number, organisation: string) =>
      plural(count, {
        one: `One person asks to join ${organisation}.`,
        other: `${counts.people(count)} ask to join ${organisation}.`,
      }),
    answer: 'Answer',
    secondFactor: {
      title: 'Make your account safer',
      text: 'It opens with a password alone. Add a passkey or an authenticator app: whoever gets your password then gets no further.',
      button: 'Add a second step',
    },
  },
} as const;
