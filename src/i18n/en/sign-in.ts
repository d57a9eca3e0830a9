import { html } from '../../kernel/index.ts';
import { counts } from './counts.ts';
import { formatNumber, plural } from './plural.ts';
import { terms } from './terms.ts';

/** Texts of the pages of sign-in and account recovery. */
export const signIn = {
  title: terms.signIn,
  fromAppHtml: (app: string) =>
    html`<b>${app}</b> sent you here. It can’t see any of your data unless you agree on the next page.`,
  username: 'Username or email address',
  password: 'Password',
  button: terms.signIn,
  passkeyButton: 'Use a passkey',
  passkeyHint: 'Your fingerprint, your face or the PIN of your device.',
  orPassword: 'Or use your password',
  passkeyFailed: 'The passkey didn’t work, or you canceled it. Try again, or sign in another way.',
  forgot: 'Forgot your username or password?',
  firstTime: 'First time here?',
  enroll: 'Use the letter or code from your practice',
  sandbox: {
    title: 'Want to try it out?',
    textHtml: html`The people in the sandbox are fictional. The password of each account is <code>Password1!</code>`,
    patient: 'A patient',
    guardian: 'A mother, with her own record and the records of her two children',
    staff: 'A doctor, who opens apps for patients',
    desk: 'A front desk worker, who enrolls patients',
    developer: 'A developer, with made-up apps',
    administrator: 'An administrator, who reviews made-up apps',
  },
  signedOut: {
    title: 'You are signed out',
    text: 'You can close this page.',
    /** Only patients give apps access that lasts. */
    ofPatient:
      'You can close this page. Apps keep the access you gave them, except those you allowed only while signed in.',
    again: 'Sign in again',
  },
  errors: {
    wrong: 'That username or password isn’t right. Check both and try again.',
    locked: 'This account is locked. Ask your practice to unlock it.',
    tooMany: (minutes: number) =>
      `There were too many wrong passwords from your network. Wait ${counts.minutes(minutes)}, then try again.`,
    busy: 'Too many people are signing in right now. Try again in a few seconds.',
    expired: 'This page was open too long, or cookies are turned off. Try again.',
    passkey: 'That passkey wasn’t accepted. Try again, or sign in another way.',
    code: 'That code isn’t right. Enter the six digits that the app shows now. If this keeps happening, set your phone’s clock to automatic.',
    tooManyWrongCodes: 'There were too many wrong codes. Sign in again, then enter the code that the app shows now.',
    codeUsed: 'That code was already used. Wait for the app to show the next one.',
    recoveryCode: 'That isn’t one of your recovery codes, or it was already used.',
    tooManyCodes: (minutes: number) =>
      `There were too many wrong codes for this account. Wait ${counts.minutes(minutes)}, or use a passkey or a recovery code.`,
    tooManyCodesForLong:
      'There were too many wrong codes for this account. Choose a new password: select “Forgot your username or password?” on the sign-in page. You can also use a passkey or a recovery code. If none of these work, ask your practice.',
    currentPassword: 'That password isn’t right. Check it and try again.',
    email: 'Enter an email address, like name@example.com',
    sameEmail: 'That is your current address. Enter the new one.',
    tooManyEmails: (minutes: number) =>
      `We sent too many emails to new addresses. Wait ${counts.minutes(minutes)}, then try again.`,
    noChoice: 'Choose an option.',
  },
  passwordErrors: {
    'too-short': (least: number) =>
      `The password must have at least ${least} characters. Three or four words are enough.`,
    'too-long': (most: number) => `The password can have at most ${most} characters.`,
    common: 'That password is too easy to guess. Choose another one, such as three or four unrelated words.',
    'own-name': 'That password contains your name or address, which others may know. Choose another one.',
  },
  newPassword: 'New password',
  newPasswordHint: (least: number) =>
    `Use at least ${least} characters. Three or four unrelated words are easy to remember and hard to guess.`,
  secondFactor: {
    title: 'Enter the code from your app',
    lead: 'Your account has a second step. Open the authenticator app on your phone.',
    code: 'Six-digit code',
    hint: 'It changes every 30 seconds.',
    button: terms.continue,
    passkeyTitle: 'Confirm with your passkey',
    passkeyLead: 'Your account has a second step: your passkey.',
    noScript: 'Passkeys need JavaScript, which is turned off. Turn it on and reload the page, or use a recovery code.',
    recovery: 'Use a recovery code',
    nothingLeft: 'I can’t use any of these',
    nothingLeftText: 'Ask your practice. After they confirm who you are, they give you a link to reset your sign-in.',
    cancel: 'Cancel and sign out',
  },
  recoveryCode: {
    title: 'Enter a recovery code',
    lead: 'You got ten recovery codes when you set up your second step. Each code works once.',
    code: 'Recovery code',
    hint: 'For example: 7fk2m-9xqpd. You can use capital or small letters, with or without the hyphen.',
    button: terms.continue,
    back: 'Back to other ways to sign in',
  },
  setUp: {
    title: 'Add a second step',
    lead: 'Staff need more than a password to sign in. Choose your second step.',
    passkey: 'A passkey',
    passkeyHint: 'Your fingerprint, face or PIN on this device, or a security key. This is the fastest and safest way.',
    app: 'An authenticator app',
    appHint: 'An app on your phone that shows a new code every 30 seconds.',
    button: terms.continue,
  },
  forgotten: {
    title: 'Forgot your username or password?',
    lead: 'Enter the email address of your account. We will send you your username and a link to choose a new password.',
    email: terms.emailAddress,
    button: 'Send email',
    noAddress:
      'Does your account have no email address, or did you lose access to that email? Ask your practice. After they confirm who you are, they give you a link to choose a new password.',
    sentTitle: 'Check your email',
    sent: 'If there is an account with that address, we sent it an email.',
    sentMore: [
      'It can take a few minutes. Check your spam folder too.',
      'The link works once and expires after one hour. If you ask again, only the link in the newest email works.',
    ],
    unconfirmed:
      'Did you give us this address less than 7 days ago and not confirm it yet? Then the email has a link to confirm it. Open the link, then ask for a new password again.',
    nothing:
      'Didn’t get an email? Try another address, or ask your practice. If you never confirmed your address and can still sign in, you can ask for a new link on your account page.',
  },
  reset: {
    title: 'Choose a new password',
    forWhom: (username: string) => `For the account with the username ${username}.`,
    lead: 'We will sign you out on all devices. If your account has a second step, it stays the same.',
    button: 'Save new password',
    doneTitle: 'Your password was changed',
    done: 'You are signed out on all devices. Sign in with the new password.',
    signIn: terms.signIn,
  },
  expiredLink: {
    title: 'This link no longer works',
    text: 'It was already used, it expired, or a newer link was sent.',
    again: 'Get a new email',
    practice: 'If your practice gave you the link, ask them for a new one.',
  },
  resetMfa: {
    title: 'Reset your sign-in',
    lead: 'Your practice gave you this link because you lost what you sign in with.',
    removed: 'If you continue, these stop working:',
    app: 'your authenticator app',
    passkeys: (count: number) => plural(count, { one: 'your passkey', other: `your ${formatNumber(count)} passkeys` }),
    codes: 'your recovery codes',
    nothing: 'nothing (your account has no second step now)',
    password: 'Your password',
    noPassword: 'Your account has no password yet. Choose one now. You will sign in with it from now on.',
    button: 'Remove and continue',
  },
  confirmEmail: {
    title: 'Is this your email address?',
    lead: (email: string) => `We will email you at ${email} about your account.`,
    button: 'Yes, use this address',
    doneTitle: 'Your email address was changed',
    firstTitle: 'Your email address is confirmed',
    done: (email: string) => `From now on, we email you at ${email} about your account.`,
    accountLink: 'Go to your account',
  },
};
