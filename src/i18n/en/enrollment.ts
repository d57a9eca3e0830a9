import { formatNumber, plural } from './plural.ts';
import { terms } from './terms.ts';

interface EnrollmentInvitationFacts {
  readonly practice: string;
  /** Initials of the patient. */
  readonly patient: string;
  readonly link: string;
  readonly until: string;
  readonly phone: string | undefined;
}

interface EnrollmentCodeFacts {
  readonly practice: string;
  readonly patient: string;
  readonly code: string;
  readonly until: string;
  readonly phone: string | undefined;
}

interface AccountCreatedFacts {
  readonly practice: string;
  /** Initials of the patient. */
  readonly patient: string;
  /** Initials of the representative and their relationship to the patient. */
  readonly who: string;
  readonly day: string;
  readonly phone: string | undefined;
}

const call = (practice: string, phone: string | undefined): string =>
  phone === undefined ? `call ${practice}` : `call ${practice} at ${phone}`;

export const enrollment = {
  emailToPatient: {
    subject: (practice: string) => `${practice} invites you to see your health record`,
    text: ({ practice, patient, link, until, phone }: EnrollmentInvitationFacts) =>
      `Hello,

${practice} invites you (${patient}) to an account. With it you can see your health record online, and let apps you choose read it.

Open this page to begin:
${link}

The link works once, until ${until}. Please don’t pass it on.

You will need your date of birth, your ZIP code, and a six-digit code. ${practice} tells you that code in another way. If you don’t have it yet, ${call(practice, phone)}.

You don’t know why you got this e-mail? Then it is not for you. You can say so on the page, or delete this e-mail.`,
  },
  emailToRepresentative: {
    subject: (practice: string) => `${practice} invites you to see the health record of somebody you care for`,
    text: ({ practice, patient, link, until, phone }: EnrollmentInvitationFacts) =>
      `Hello,

${practice} invites you to see the health record of ${patient} online, because you act for this patient.

Open this page to begin:
${link}

The link works once, until ${until}. Please don’t pass it on.

You will need the patient’s date of birth, the patient’s ZIP code, and a six-digit code. ${practice} tells you that code in another way. If you don’t have it yet, ${call(practice, phone)}.

If you already have an account, you can add the record to it.

You don’t know why you got this e-mail? Then it is not for you. You can say so on the page, or delete this e-mail.`,
  },
  emailWithCode: {
    subject: (practice: string) => `Your six-digit code from ${practice}`,
    text: ({ practice, patient, code, until, phone }: EnrollmentCodeFacts) =>
      `Hello,

The code to set up the account for ${patient} is:

${code}

It is good until ${until}. Type it on the page of your invitation, which came to you in another e-mail or in a letter.

Nobody will ever call you to ask for this code. If you don’t know what it is for, ${call(practice, phone)}.`,
  },
  letter: {
    title: (practice: string) => `See your health record: an invitation from ${practice}`,
    dear: (name: string) => `Dear ${name},`,
    toPatient: (practice: string) =>
      `${practice} invites you to an account. With it you can see your health record online, and let apps you choose read it. It costs nothing, and your care is the same without it.`,
    toRepresentative: (practice: string, patient: string) =>
      `${practice} invites you to see the health record of ${patient} online, because you act for this patient. It costs nothing, and the care is the same without it.`,
    open: 'Open this address in your browser:',
    scan: 'Or point the camera of your phone at the square code.',
    qr: 'Square code that opens the address of this invitation',
    typeCode: 'Type this code:',
    questionsOfPatient: 'Answer two questions: your date of birth and your ZIP code.',
    questionsOfRepresentative: (patient: string) =>
      `Answer two questions: the date of birth and the ZIP code of ${patient}.`,
    secondCode: (practice: string, phone: string | undefined) =>
      `Type a second code, of six digits. It is not in this letter, so that nobody else can use it: we give it to you in person or by phone. If you don’t have it yet, ${call(practice, phone)}.`,
    until: (day: string) => `The code of this letter works once, until ${day}.`,
    otherwise: (practice: string, phone: string | undefined) =>
      `You don’t want an account, or this letter is not for you? Tell us (${call(practice, phone)}), or throw it away. Nobody from ${practice} will ever ask you for these codes.`,
  },
  letterCode: {
    title: 'Enter the code from your letter',
    label: 'Code',
    hint: 'It looks like ABCD-EFGH-JKMN-PQRS. Capital and small letters are the same.',
    button: terms.continue,
    byMail: 'Were you invited by e-mail? Then open the link in that e-mail.',
    empty: 'Enter the code from your letter.',
    length: (typed: number, wanted: number) =>
      `The code has ${wanted} letters and digits, and you entered ${typed}. Check it with your letter.`,
    unreadable: 'The code has letters A to Z and digits only. Check it with your letter.',
  },
  intro: {
    title: 'See your health record online',
    titleForOther: 'See the health record of somebody you care for',
    forPatient: (practice: string, name: string, year: string) =>
      `${practice} invites ${name}, born ${year}, to an account.`,
    forOther: (practice: string, name: string, patient: string, year: string) =>
      `${practice} invites ${name} to see the health record of ${patient}, born ${year}.`,
    next: 'What happens next',
    steps: (practice: string) => [
      `You show that it is you: with a date of birth, a ZIP code, and a six-digit code that ${practice} gives you in person, by phone or in another e-mail.`,
      'You choose a username, and a password or a passkey.',
      'You see the health record. No app gets it unless you say so.',
    ],
    until: (day: string) => `This invitation is good until ${day}.`,
    start: 'Start',
    haveAccount: 'I have an account already',
    dontWant: 'I don’t want this, or it is not for me',
  },
  identityProofing: {
    title: 'Show that it is you',
    titleForOther: 'Show that the invitation is for you',
    birthDate: 'Your date of birth',
    birthDateOfPatient: 'The patient’s date of birth',
    birthDateHint: 'For example: month 7, day 4, year 1974',
    month: 'Month',
    day: 'Day',
    year: 'Year',
    zip: 'Your ZIP code',
    zipOfPatient: 'The patient’s ZIP code',
    zipHint: (practice: string) =>
      `Five digits, of the home address that ${practice} has. If you moved, it may still be the old one.`,
    code: 'Six-digit code',
    codeHint: {
      'in-person': (practice: string) => `The code that you were given at ${practice}`,
      phone: (practice: string) => `The code that ${practice} told you by phone`,
      contact: (practice: string) => `The code that ${practice} sent to another of your e-mail addresses`,
    },
    noCode: (practice: string, phone: string | undefined) => `You don’t have a code? Then ${call(practice, phone)}.`,
    button: terms.continue,
    unreadable: {
      'birth-date': 'Enter a date of birth with month, day and year, each as a number.',
      zip: 'Enter a ZIP code of five digits.',
      code: 'Enter the six-digit code: six digits, nothing else.',
    },
    wrong: (left: number) =>
      `What you entered does not match our records. Check all three: date of birth, ZIP code and six-digit code. ${plural(left, { one: 'You have one more try.', other: `You have ${formatNumber(left)} more tries.` })}`,
    tooMany: (minutes: number) =>
      `There were too many tries from here. Wait ${plural(minutes, { one: 'a minute', other: `${formatNumber(minutes)} minutes` })}, then try again.`,
    again: 'Please answer once more: it took too long, or you went on in another browser.',
  },
  secondCode: {
    title: 'First you need a six-digit code',
    why: 'Other people may know your date of birth and your ZIP code. So there is a code that only you get.',
    how: (practice: string, phone: string | undefined) =>
      `To get it, ${call(practice, phone)}. They ask who you are and tell you the code, or send it to another of your e-mail addresses.`,
    haveIt: 'I have the code now',
    noValidCode: (practice: string, phone: string | undefined) =>
      `No code works for this invitation at the moment. A code works for 7 days, and only the last one you were given. For a new one, ${call(practice, phone)}.`,
  },
  account: {
    title: 'Choose a username',
    username: 'Username',
    usernameHint: 'You sign in with it. At least 3 letters or digits, without spaces.',
    free: (names: readonly string[]) => `Also free: ${names.join(', ')}`,
    email: 'E-mail address (you can leave this out)',
    emailHint: 'We write there when something happens with your account, and if you forget your password.',
    emailIs: (email: string) => `We write to you at ${email}. You can change that later.`,
    language: 'Which language do you want to read?',
    button: terms.continue,
    signIn: 'I have an account already',
    errors: {
      'username-empty': 'Enter a username.',
      'username-impossible': 'That can’t be your username. Use at least 3 letters or digits, without spaces.',
      'username-taken': 'Somebody has that username. Choose another one.',
      'email-unusable': 'Enter an e-mail address such as name@example.com, or leave it out.',
      'email-of-guardian': 'Use an address that only you read, or leave it out.',
      language: 'Choose a language.',
    },
  },
  existingAccount: {
    title: 'You have an account already',
    text: (email: string) =>
      `There is an account with the address ${email}. Sign in to it, and the health record is added. You don’t need a second account.`,
    button: terms.signIn,
    notYours: (practice: string, phone: string | undefined) =>
      `Is that account not yours? Then ${call(practice, phone)}.`,
  },
  signInMethod: {
    title: 'Choose how you sign in',
    username: (username: string) => `Your username is ${username}.`,
    changeUsername: 'Change it',
    passkey: 'With a passkey',
    passkeyAbout:
      'You sign in with your fingerprint, your face or the PIN of your device. There is no password to remember.',
    passkeyButton: 'Make a passkey',
    password: 'With a password',
    newPassword: 'Password',
    passwordHint: (shortest: number) =>
      `At least ${shortest} characters. Three or four words that don’t belong together are good. Spaces are fine.`,
    repeat: 'Password once more',
    button: 'Make my account',
    different: 'This is not the same as the password above. Enter it once more.',
  },
  addRecord: {
    title: 'Add this health record to your account?',
    text: (patient: string, year: string, practice: string) =>
      `The health record of ${patient}, born ${year}, at ${practice} is added to your account.`,
    button: 'Add the record',
    other: 'Make a new account instead',
    otherPerson:
      'This record can’t be added to that account: it belongs to another person, or acts for this patient. Sign in with another account, or make a new one.',
    unsuitableAccount: (name: string) =>
      `You are signed in as ${name}. No record can be added to that account. Sign out, and sign in with your own, or make a new one.`,
  },
  decline: {
    title: 'Say no to this invitation',
    text: 'Nothing more happens then, and the care stays the same. We tell the practice, and send no reminders.',
    button: 'I don’t want an account',
    back: 'Go back',
    done: 'You said no to this invitation',
    doneText: (day: string) => `If you change your mind, come back to this page until ${day}.`,
    undo: 'I want it after all',
  },
  expired: {
    title: 'This invitation can’t be used',
    why: 'It was used, it is too old, it was taken back, or there were too many wrong answers.',
    ask: (practice: string, phone: string | undefined) => `To get a new one, ${call(practice, phone)}.`,
    askYours: 'To get a new one, call your practice.',
    typed: 'If you typed a code from a letter, check it and type it again',
    signIn: 'If you have made your account, sign in',
  },
  finishedElsewhere: {
    title: 'The account is made already',
    text: 'Somebody finished this invitation in another browser or window. If that was you, sign in with what you chose there.',
    notYou: (practice: string, phone: string | undefined) => `If it was not you, ${call(practice, phone)} at once.`,
    signIn: terms.signIn,
  },
  done: {
    title: 'Your account is ready',
    text: (name: string) => `You are signed in as ${name}.`,
    username: (username: string) => `Your username is ${username}.`,
    added: 'The health record is added to your account',
    confirmEmail:
      'We sent an e-mail to the address that you gave. Open the link in it, so that we know the address is yours.',
    button: 'Go to your account',
    safer: 'Make it safer',
    saferText:
      'You can add a second step: a code from an app on your phone. Then nobody gets in with your password alone.',
    saferLink: 'Add an authenticator app',
  },
  emailToContact: {
    subject: (practice: string) => `An account was set up at ${practice}`,
    own: ({ practice, patient, day, phone }: AccountCreatedFacts) =>
      `Hello,

on ${day} an account was set up with which ${patient} sees their health record at ${practice}. We write to you because your address is on the patient’s chart.

If that is right, there is nothing to do.

If ${patient} did not set it up, ${call(practice, phone)} at once. They can lock the account.`,
    other: ({ practice, patient, who, day, phone }: AccountCreatedFacts) =>
      `Hello,

since ${day} ${who} can see the health record of ${patient} at ${practice} online, because they act for this patient. We write to you because your address is on the patient’s chart or account.

If that is right, there is nothing to do.

If it is not, ${call(practice, phone)} at once. They can end it.`,
  },
  emailToGuardian: {
    subject: (practice: string) => `${practice}: a young patient has an account of their own`,
    text: ({ practice, patient, day, phone }: AccountCreatedFacts) =>
      `Hello,

on ${day} ${patient} set up an account of their own at ${practice}. You still see the health record as before.

If you have questions, ${call(practice, phone)}.`,
  },
};
