import { counts } from '../counts.ts';
import { formatNumber, plural } from '../plural.ts';
import { terms } from '../terms.ts';
/** Texts of the landing page of `/developer`, and of the next steps for signed-in developers. */
export const home = {
  landing: {
    title: 'Build on patient data',
    lead: 'Patients choose your app, and it reads their record over FHIR R4 or DSTU2 with SMART on FHIR. It takes about two minutes from sign-up to your first data.',
    steps: 'Three steps',
    one: {
      title: 'Sign up with your work email',
      text: 'Open the link that we email you, and choose a password or a passkey.',
    },
    two: {
      title: 'Add your app',
      text: 'Enter its name and redirect URI. You get its client ID and secret right away.',
    },
    three: {
      title: 'Read a test patient’s data',
      text: 'Sign in as a fictional patient, allow your app, and copy the calls from the explorer.',
    },
    later:
      'Real patients can connect your app after an administrator verifies your identity. You can see the deadline for that.',
    signUp: 'Sign up',
    signIn: terms.signIn,
    look: 'Explore without an account',
    lookText: 'Everyone can use these pages.',
    explorer: 'Try the API in the explorer',
    patients: 'See the test patients',
    docs: 'Read the documentation',
    swagger: 'Open Swagger UI',
    addresses: 'Server URLs',
    authorization: terms.authorizationServer,
    otherAccount: (name: string) =>
      `You are signed in as ${name}, but this account isn’t a developer account. Sign up for another one. You can use the same email address.`,
  },
  start: {
    title: (name: string) => `Hello, ${name}`,
    lead: 'Your next steps:',
    waiting: {
      title: (organisation: string) => `Waiting for ${organisation}’s administrators`,
      text: (day: string) =>
        `We asked them on ${day} to approve you, and we email you when they answer. Until then, you can read the documentation and use the explorer.`,
      own: 'Create your own organization',
    },
    noOrganisation: {
      title: 'You don’t belong to an organization',
      text: 'Every app belongs to an organization. Create your own, or join one with your colleagues.',
      button: 'Choose your organization',
    },
    next: 'Next',
    done: 'Done',
    account: { title: 'Create an account', text: (organisation: string) => `You belong to ${organisation}.` },
    add: {
      title: 'Add your app',
      text: 'You get its client ID and secret right away. It works with test patients immediately.',
      button: 'Add app',
      reader: 'You have read-only access. Ask an administrator of your organization for the developer role.',
      done: (count: number) =>
        plural(count, { one: 'You have 1 app.', other: `You have ${formatNumber(count)} apps.` }),
      all: 'View all apps',
    },
    data: {
      title: 'Read a test patient’s data',
      text: 'Sign in as a fictional patient in the explorer, compare the responses in R4 and DSTU2, and copy the call.',
      own: (app: string) => `Sign in as a fictional patient and see what ${app} gets in R4 and DSTU2.`,
      button: 'Open the explorer',
      run: (app: string) => `Try ${app} in the explorer`,
      docs: 'Read the step-by-step guide',
      done: 'Your app has read its first data.',
    },
    apps: 'Your apps',
    requests: (count: number, organisation: string) =>
      plural(count, {
        one: `1 person asks to join ${organisation}.`,
        other: `${counts.people(count)} ask to join ${organisation}.`,
      }),
    answer: 'Review requests',
    secondFactor: {
      title: 'Make your account more secure',
      text: 'Your account is protected only by a password. Add a passkey or an authenticator app, so that a stolen password isn’t enough to sign in.',
      button: 'Add a second step',
    },
  },
} as const;
