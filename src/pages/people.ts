import type { PeoplePages } from '../people/index.ts';
import { closePage, emailPage, languagePage, newPasswordPage, recoverPage } from './security/account.ts';
import { authenticatorPage, codesPage, confirmPage, passkeyPage, shownCodesPage } from './security/factors.ts';
import { securityPage } from './security/overview.ts';
import { recoveryCodePage, secondFactorPage, setUpPage } from './sign-in/second-factor.ts';
import { signInPage } from './sign-in/sign-in.ts';
import { accountNavigation, messagePage, questionPage } from './steps.ts';

/** Pages of sign-in, account recovery and account security. */
export const peoplePages: PeoplePages = {
  navigation: accountNavigation,
  signIn: signInPage,
  secondFactor: secondFactorPage,
  recoveryCode: recoveryCodePage,
  setUp: setUpPage,
  authenticator: authenticatorPage,
  passkey: passkeyPage,
  newPassword: newPasswordPage,
  email: emailPage,
  recover: recoverPage,
  question: questionPage,
  message: messagePage,
  confirm: confirmPage,
  security: securityPage,
  codes: codesPage,
  shownCodes: shownCodesPage,
  language: languagePage,
  close: closePage,
};
