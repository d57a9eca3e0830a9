import type { IdentityPages } from '../identity/index.ts';
import { closePage, emailPage, languagePage, mfaResetPage, newPasswordPage } from './account-security/account.ts';
import {
  authenticatorPage,
  confirmIdentityPage,
  createRecoveryCodesPage,
  newRecoveryCodesPage,
  passkeyPage,
} from './account-security/factors.ts';
import { securityPage } from './account-security/overview.ts';
import { recoveryCodePage, secondFactorPage, setUpSecondFactorPage } from './sign-in/second-factor.ts';
import { signInPage } from './sign-in/sign-in.ts';
import { messagePage, questionPage } from './step-page.ts';

/** Functions that render the pages of sign-in, account recovery and account security. */
export const identityPages: IdentityPages = {
  signIn: signInPage,
  secondFactor: secondFactorPage,
  recoveryCode: recoveryCodePage,
  setUpSecondFactor: setUpSecondFactorPage,
  authenticator: authenticatorPage,
  passkey: passkeyPage,
  newPassword: newPasswordPage,
  email: emailPage,
  resetMfa: mfaResetPage,
  question: questionPage,
  message: messagePage,
  confirm: confirmIdentityPage,
  overview: securityPage,
  createRecoveryCodes: createRecoveryCodesPage,
  newRecoveryCodes: newRecoveryCodesPage,
  language: languagePage,
  close: closePage,
};
