import { html } from '../../kernel/index.ts';
import { counts } from './counts.ts';
import { formatNumber, plural } from './plural.ts';
import { terms } from './terms.ts';

/** Texts of the pages of sign-in and account recovery. */
export const signIn = {
  title: terms.signIn,
  fromAppHtml: (app: string) =>
    html`<b>${app}</b> sent you here. Nothing is shared with it until you say so on the next page.`,
  username: 'Username or e-mail address',
  password: 'Password',
  button: terms.signIn,
  passkeyButton: 'Use a passkey',
  passkeyHint: 'Your fingerprint, your face or the PIN of your device.',
  orPassword: 'Or with your password',
  passkeyFailed: 'That did not work, or it was stopped. Try again, or use another way.',
  forgot: 'Forgot your username or password?',
  firstTime: 'First time here?',
  enroll: 'Use the letter or code from your practice',
  sandbox: {
    title: 'Trying it out?',
    textHtml: html`The people of the sandbox are made up. Each of these has the password <code>Password1!</code>`,
    patient: 'A patient',
    guardian: 'A mother, with her own record and those of her two children',
    staff: 'A doctor, who opens apps for patients',
    desk: 'Somebody at the front desk, who enrolls patients',
  },
  signedOut: {
    title: 'You are signed out',
    text: 'You can close this page. Apps keep the access you gave them, but for those that had it only while you were signed in.',
    again: 'Sign in again',
  },
  errors: {
    wrong: 'That username and password don’t belong together. Check both and try again.',
    locked: 'This account is locked. Ask your practice to unlock it.',
    tooMany: (minutes: number) =>
      `There were too many wrong passwords from here. Wait ${counts.minutes(minutes)}, then try again.`,
    busy: 'Too many people are signing in at this moment. Try again in a few seconds.',
    expired: 'This page was open for too long, or cookies are turned off. Try once more.',
    passkey: 'That passkey was not accepted. Try again, or use another way.',
    code: 'That code is not right. Enter the six digits that the app shows now. If it is never right, let your phone set its clock by itself.',
    tooManyWrongCodes: 'There were too many wrong codes. Sign in again, then enter the code that the app shows now.',
    codeUsed: 'That code was used before. Wait until the app shows the next one.',
    recoveryCode: 'That is not one of your recovery codes, or it was used before.',
    tooManyCodes: (minutes: number) =>
      `There were too many wrong codes for this account. Wait ${counts.minutes(minutes)}, or use a passkey or a recovery code.`,
    tooManyCodesForLong:
      'There were too many wrong codes for this account. Choose a new password: the sign-in page says how if you forgot yours. Or use a passkey or a recovery code. If you can’t, ask your practice.',
    currentPassword: 'That is not your password. Check it and try again.',
    email: 'Enter an e-mail address, like name@example.com',
    sameEmail: 'That is the address you have now. Enter the new one.',
    tooManyEmails: (minutes: number) =>
      `We sent too many emails to new addresses. Wait ${counts.minutes(minutes)}, then try again.`,
    noChoice: 'Choose one of them.',
  },
  passwordErrors: {
    'too-short': (least: number) =>
      `The password must have at least ${least} characters. Three or four words are enough.`,
    'too-long': (most: number) => `The password must have at most ${most} characters.`,
    common:
      'That password is one of the first that anybody would try. Choose another: three or four words that don’t belong together.',
    'own-name': 'That password is made of your name or address, which others know. Choose another.',
  },
  newPassword: 'New password',
  newPasswordHint: (least: number) =>
    `At least ${least} characters. Three or four words that don’t belong together are easy to remember and hard to guess.`,
  secondFactor: {
    title: 'Enter the code from your app',
    lead: 'Your account has a second step. Open the authenticator app on your phone.',
    code: 'Six-digit code',
    hint: 'It changes every 30 seconds.',
    button: terms.continue,
    passkeyTitle: 'Confirm with your passkey',
    passkeyLead: 'Your account has a second step: the passkey that you made for it.',
    noScript:
      'Passkeys need JavaScript, which is off here. Turn it on and load the page again, or use a recovery code.',
    recovery: 'Use a recovery code',
    nothingLeft: 'I have none of these',
    nothingLeftText:
      'Ask your practice. When they have made sure that it is you, they give you a link that lets you set up your account anew.',
    cancel: 'Cancel and sign out',
  },
  recoveryCode: {
    title: 'Enter a recovery code',
    lead: 'You were given ten of them when you set up the second step. Each works once.',
    code: 'Recovery code',
    hint: 'For example 7fk2m-9xqpd. Capital or small letters, with or without the line.',
    button: terms.continue,
    back: 'Back to the other ways',
  },
  setUp: {
    title: 'Add a second step',
    lead: 'People who work here don’t sign in with a password alone. Choose what you want to use beside it.',
    passkey: 'A passkey',
    passkeyHint: 'Your fingerprint, face or PIN on this device, or a security key. The quickest, and the safest.',
    app: 'An authenticator app',
    appHint: 'An app on your phone that shows a new code every 30 seconds.',
    button: terms.continue,
  },
  forgotten: {
    title: 'Forgot your username or password?',
    lead: 'Enter the e-mail address of your account. We send you your username and a link to choose a new password.',
    email: terms.emailAddress,
    button: 'Send me a mail',
    noAddress:
      'If your account has no e-mail address, or you can’t read that mail any more, ask your practice. When they have made sure that it is you, they give you a link to choose a new password.',
    sentTitle: 'Look at your mail',
    sent: 'If an account has that address, a mail is on its way.',
    sentMore: [
      'It can take some minutes. Look in the spam folder too.',
      'The link in it works once, and for an hour. If you ask again, only the newest mail counts.',
    ],
    unconfirmed:
      'If you gave us this address less than 7 days ago and haven’t confirmed it, the email has a link to confirm it. Open the link, then ask for a new password again.',
    nothing:
      'Didn’t get an email? Try another address, or ask your practice. If you never confirmed your address and can still sign in, your account page sends a new link.',
  },
  reset: {
    title: 'Choose a new password',
    forWhom: (username: string) => `For the account with the username ${username}.`,
    lead: 'You will be signed out everywhere. A second step, if your account has one, stays as it is.',
    button: 'Keep the new password',
    doneTitle: 'Your password is changed',
    done: 'You are signed out everywhere. Sign in with the new password.',
    signIn: terms.signIn,
  },
  expiredLink: {
    title: 'This link can’t be used any more',
    text: 'It was used already, it is too old, or a newer one was sent.',
    again: 'Ask for a new mail',
    practice: 'If your practice gave it to you, ask them for a new one.',
  },
  resetMfa: {
    title: 'Set up your account anew',
    lead: 'Your practice gave you this link because you lost what you sign in with.',
    removed: 'When you go on, these stop working:',
    app: 'your authenticator app',
    passkeys: (count: number) => plural(count, { one: 'your passkey', other: `your ${formatNumber(count)} passkeys` }),
    codes: 'your recovery codes',
    nothing: 'nothing: your account has no second step now',
    password: 'Your password',
    noPassword: 'Your account has no password yet. Choose one now: you sign in with it from now on.',
    button: 'Remove them and go on',
  },
  confirmEmail: {
    title: 'Is this your e-mail address?',
    lead: (email: string) => `Mail about your account will come to ${email}.`,
    button: 'Yes, use this address',
    doneTitle: 'Your e-mail address is changed',
    firstTitle: 'Your email address is confirmed',
    done: (email: string) => `Mail about your account comes to ${email} from now on.`,
    accountLink: 'Go to your account',
  },
};
