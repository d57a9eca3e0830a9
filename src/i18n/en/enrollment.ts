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
    button: 'Create your account',
    text: ({ practice, patient, link, until, phone }: EnrollmentInvitationFacts) =>
      `Hello,

${practice} invites you (${patient}) to create an account. You can use it to see your health record online and share it with apps you choose.

Open this page to start:
${link}

The link works once and expires on ${until}. Please don’t share it.

You need your date of birth, your ZIP code and a six-digit code. ${practice} gives you the code separately. If you don’t have it yet, ${call(practice, phone)}. For your security, they will call you back.

Not sure why you got this email? Then it isn’t meant for you. You can tell us on the page, or delete this email.`,
  },
  emailToRepresentative: {
    subject: (practice: string) => `${practice} invites you to see the health record of someone you care for`,
    button: 'See the health record',
    text: ({ practice, patient, link, until, phone }: EnrollmentInvitationFacts) =>
      `Hello,

${practice} invites you to see the health record of ${patient} online, because you act for this patient.

Open this page to start:
${link}

The link works once and expires on ${until}. Please don’t share it.

You need the patient’s date of birth, the patient’s ZIP code and a six-digit code. ${practice} gives you the code separately. If you don’t have it yet, ${call(practice, phone)}. For your security, they will call you back.

If you already have an account, you can add the record to it.

Not sure why you got this email? Then it isn’t meant for you. You can tell us on the page, or delete this email.`,
  },
  emailWithCode: {
    subject: (practice: string) => `Your six-digit code from ${practice}`,
    text: ({ practice, patient, code, until, phone }: EnrollmentCodeFacts) =>
      `Hello,

Here is the code to set up the account for ${patient}:

${code}

The code expires on ${until}. Enter it on the page of your invitation. You got the invitation in another email or a letter.

We will never call you to ask for this code. If you don’t know what it is for, ${call(practice, phone)}.`,
  },
  letter: {
    title: (practice: string) => `See your health record: an invitation from ${practice}`,
    dear: (name: string) => `Dear ${name},`,
    toPatient: (practice: string) =>
      `${practice} invites you to create an account. You can use it to see your health record online and share it with apps you choose. It is free, and your care is the same without it.`,
    toRepresentative: (practice: string, patient: string) =>
      `${practice} invites you to see the health record of ${patient} online, because you act for this patient. It is free, and the care is the same without it.`,
    open: 'Open this address in your browser:',
    scan: 'Or scan the QR code with your phone’s camera.',
    qr: 'QR code with the address of this invitation',
    typeCode: 'Enter this code:',
    questionsOfPatient: 'Answer two questions: your date of birth and your ZIP code.',
    questionsOfRepresentative: (patient: string) =>
      `Answer two questions: the date of birth and the ZIP code of ${patient}.`,
    secondCode: (practice: string, phone: string | undefined) =>
      `Enter a second code with six digits. For your security, it is not in this letter. We give it to you in person, or we call you at the number that we have on file. If you don’t have it yet, ${call(practice, phone)}. We will call you back.`,
    until: (day: string) => `The code in this letter works once and expires on ${day}.`,
    otherwise: (practice: string, phone: string | undefined) =>
      `Don’t want an account, or is this letter not for you? Tell us (${call(practice, phone)}) or throw the letter away. ${practice} will never contact you to ask for these codes.`,
  },
  letterCode: {
    title: 'Enter the code from your letter',
    label: 'Code',
    hint: 'It looks like ABCD-EFGH-JKMN-PQRS. You can use capital or small letters.',
    button: terms.continue,
    byMail: 'Were you invited by email? Open the link in that email.',
    empty: 'Enter the code from your letter.',
    length: (typed: number, wanted: number) =>
      `The code has ${wanted} letters and digits, but you entered ${typed}. Compare it with your letter.`,
    unreadable: 'The code has only letters A to Z and digits. Compare it with your letter.',
  },
  intro: {
    title: 'See your health record online',
    titleForOther: 'See the health record of someone you care for',
    forPatient: (practice: string, name: string, year: string) =>
      `${practice} invites ${name}, born ${year}, to create an account.`,
    forOther: (practice: string, name: string, patient: string, year: string) =>
      `${practice} invites ${name} to see the health record of ${patient}, born ${year}.`,
    next: 'What happens next',
    steps: (practice: string) => [
      `You confirm who you are with a date of birth, a ZIP code and a six-digit code. ${practice} gives you the code in person, by phone or in another email.`,
      'You choose a username, and a password or a passkey.',
      'You see the health record. No app can see it unless you allow it.',
    ],
    until: (day: string) => `This invitation expires on ${day}.`,
    start: 'Start',
    haveAccount: 'I already have an account',
    dontWant: 'I don’t want this, or it isn’t for me',
  },
  identityProofing: {
    title: 'Confirm it’s you',
    titleForOther: 'Confirm that the invitation is for you',
    birthDate: 'Your date of birth',
    birthDateOfPatient: 'The patient’s date of birth',
    birthDateHint: 'For example: month 7, day 4, year 1974',
    month: 'Month',
    day: 'Day',
    year: 'Year',
    zip: 'Your ZIP code',
    zipOfPatient: 'The patient’s ZIP code',
    zipHint: (practice: string) =>
      `Five digits, from the home address that ${practice} has on file. If you moved, it may still be your old ZIP code.`,
    code: 'Six-digit code',
    codeHint: {
      'in-person': (practice: string) => `The code you got at ${practice}`,
      phone: (practice: string) => `The code you got from ${practice} by phone`,
      contact: (practice: string) => `The code ${practice} sent to another of your email addresses`,
    },
    noCode: (practice: string, phone: string | undefined) => `Don’t have a code? Please ${call(practice, phone)}.`,
    button: terms.continue,
    unreadable: {
      'birth-date': 'Enter the month, day and year of birth as numbers.',
      zip: 'Enter a five-digit ZIP code.',
      code: 'Enter the six-digit code. Use digits only.',
    },
    wrong: (left: number) =>
      `What you entered doesn’t match our records. Check the date of birth, the ZIP code and the six-digit code. ${plural(left, { one: 'You have one more try.', other: `You have ${formatNumber(left)} more tries.` })}`,
    tooMany: (minutes: number) =>
      `There were too many tries from your network. Wait ${plural(minutes, { one: 'a minute', other: `${formatNumber(minutes)} minutes` })}, then try again.`,
    again: 'Please answer again. It took too long, or you switched to another browser.',
  },
  secondCode: {
    title: 'First, get a six-digit code',
    why: 'Other people may know your date of birth and ZIP code. The code makes sure that only you can use this invitation.',
    how: (practice: string, phone: string | undefined) =>
      `To get it, ${call(practice, phone)}. They check who you are. For your security, they then call you back with the code, or send it to another of your email addresses.`,
    haveIt: 'I have the code now',
    noValidCode: (practice: string, phone: string | undefined) =>
      `There is no valid code for this invitation right now. A code expires after 7 days, and only the newest one works. For a new one, ${call(practice, phone)}.`,
  },
  account: {
    title: 'Choose a username',
    username: 'Username',
    usernameHint: 'You sign in with it. Use at least 3 letters or digits, without spaces.',
    free: (names: readonly string[]) => `For example, these are free: ${names.join(', ')}.`,
    email: 'Email address (optional)',
    emailHint: 'We email you about changes to your account, and if you forget your password.',
    emailIs: (email: string) => `We will email you at ${email}. You can change that later.`,
    language: 'What language do you prefer?',
    button: terms.continue,
    signIn: 'I already have an account',
    errors: {
      'username-empty': 'Enter a username.',
      'username-impossible': 'This username isn’t valid. Use at least 3 letters or digits, without spaces.',
      'username-taken': 'This username is taken. Choose another one.',
      'email-unusable': 'Enter an email address such as name@example.com, or leave it blank.',
      'email-of-guardian': 'Use an address that only you can read, or leave it blank.',
      language: 'Choose a language.',
    },
  },
  existingAccount: {
    title: 'You already have an account',
    text: (email: string) =>
      `There is already an account for ${email}. Sign in to add the health record to it. You don’t need a second account.`,
    button: terms.signIn,
    notYours: (practice: string, phone: string | undefined) => `Not your account? Please ${call(practice, phone)}.`,
  },
  signInMethod: {
    title: 'Choose how you sign in',
    username: (username: string) => `Your username is ${username}.`,
    changeUsername: 'Change username',
    passkey: 'With a passkey',
    passkeyAbout: 'You sign in with your fingerprint, face or device PIN. You don’t have to remember a password.',
    passkeyButton: 'Create a passkey',
    password: 'With a password',
    newPassword: 'Password',
    passwordHint: (shortest: number) =>
      `Use at least ${shortest} characters. Three or four unrelated words work well. You can use spaces.`,
    repeat: 'Confirm password',
    button: 'Create my account',
    different: 'The passwords don’t match. Enter the password again.',
  },
  addRecord: {
    title: 'Add this health record to your account?',
    text: (patient: string, year: string, practice: string) =>
      `We will add the health record of ${patient}, born ${year}, at ${practice} to your account.`,
    button: 'Add record',
    other: 'Create a new account instead',
    otherPerson:
      'This record can’t be added to that account. The account belongs to another person, or acts for this patient. Sign in with another account, or create a new one.',
    unsuitableAccount: (name: string) =>
      `You are signed in as ${name}. Health records can’t be added to that account. Sign out, then sign in with your own account or create a new one.`,
  },
  decline: {
    title: 'Decline this invitation',
    text: 'No account is created, and the care stays the same. We tell the practice and send no reminders.',
    button: 'Decline invitation',
    back: 'Go back',
    done: 'You declined this invitation',
    doneText: (day: string) => `If you change your mind, come back to this page by ${day}.`,
    undo: 'I want an account after all',
  },
  expired: {
    title: 'This invitation is no longer valid',
    why: 'It was used, expired or canceled, or there were too many wrong answers.',
    /** For a made-up patient of the sandbox, with whom one visitor after the other tries enrollment. */
    inUse: (time: string) =>
      `This is a test patient, and another visitor is using it now. Its letter works again by ${time}.`,
    otherPatients: 'See other test patients',
    ask: (practice: string, phone: string | undefined) => `To get a new one, ${call(practice, phone)}.`,
    askYours: 'To get a new one, call your practice.',
    typed: 'If you entered a code from a letter, check the code and enter it again',
    signIn: 'If you already created your account, sign in',
  },
  finishedElsewhere: {
    title: 'The account already exists',
    text: 'Someone used this invitation in another browser or window. If that was you, sign in the way you chose there.',
    notYou: (practice: string, phone: string | undefined) => `If it wasn’t you, ${call(practice, phone)} right away.`,
    signIn: terms.signIn,
  },
  done: {
    title: 'Your account is ready',
    text: (name: string) => `You are signed in as ${name}.`,
    username: (username: string) => `Your username is ${username}.`,
    /** For a test patient of the sandbox, who returns to the start for the next visitor. */
    endsBy: (time: string) => `This is a test patient. Access to the record ends by ${time}, for the next visitor.`,
    added: 'The health record was added to your account',
    confirmEmail: 'We sent you an email. Open the link in it to confirm that the address is yours.',
    button: 'Go to your account',
    safer: 'Make your account safer',
    saferText: 'Add a second step: a code from an app on your phone. Then your password alone isn’t enough to sign in.',
    saferLink: 'Add an authenticator app',
  },
  emailToContact: {
    subject: (practice: string) => `An account was set up at ${practice}`,
    own: ({ practice, patient, day, phone }: AccountCreatedFacts) =>
      `Hello,

An account was created on ${day}. With it, ${patient} can see their health record at ${practice}. We are writing to you because your address is in the patient’s health record.

If this is correct, you don’t have to do anything.

If ${patient} did not create it, ${call(practice, phone)} right away. They can lock the account.`,
    other: ({ practice, patient, who, day, phone }: AccountCreatedFacts) =>
      `Hello,

Since ${day}, ${who} can see the health record of ${patient} at ${practice} online, because they act for this patient. We are writing to you because your address is in the patient’s health record or account.

If this is correct, you don’t have to do anything.

If it isn’t, ${call(practice, phone)} right away. They can end this access.`,
  },
  emailToGuardian: {
    subject: (practice: string) => `${practice}: a young patient now has their own account`,
    text: ({ practice, patient, day, phone }: AccountCreatedFacts) =>
      `Hello,

On ${day}, ${patient} created their own account at ${practice}. You can still see the health record as before.

If you have questions, ${call(practice, phone)}.`,
  },
};
