export {
  type Account,
  createDeveloperAccount,
  createPatientAccount,
  createRepresentativeAccount,
  createStaffAccount,
  findAccountByUsername,
  findDisplayName,
  isValidUsername,
  type NewAccount,
  type NewStaffPosition,
  normalizeUsername,
  requireValidUsername,
  STAFF_ROLES,
  type StaffRole,
} from './accounts/account.ts';
export {
  type AccountProfile,
  findAccountProfile,
  findDeveloperProfileByEmail,
  findProfileByEmail,
  findProfileByUsername,
  listAccountProfiles,
} from './accounts/account-profile.ts';
export {
  type Administrator,
  appointAdministrator,
  listAdministrators,
  lockAdministrators,
  removeAdministrator,
} from './accounts/administrators.ts';
export { lockAccount, lockAccountById, unlockAccount, unlockAccountById } from './accounts/lock-account.ts';
export {
  endStaffPosition,
  listStaffMembers,
  listStaffPositions,
  type StaffMember,
  type StaffPosition,
  saveStaffPosition,
} from './accounts/staff-position.ts';
export type { IdentityDeps } from './deps.ts';
export { type AccountEmails, createAccountEmails } from './emails/account-emails.ts';
export { type Factors, findFactors, hasAnyFactorSql, hasSecondFactor } from './factors/factors.ts';
export { passwordErrorMessage } from './forms/form-fields.ts';
export { type ConfirmEmailDeps, requestEmailConfirmation } from './links/email-confirmation.ts';
export { createMfaResetLink, type IdentityVerification, type MfaResetDeps } from './links/mfa-reset.ts';
export { createLink, purgeExpiredLinks } from './links/one-time-links.ts';
export { type NewPasskey, purgeExpiredChallenges } from './passkeys/passkey-store.ts';
export { createPasskeys, type PasskeyDeps, type PasskeyOwner, type Passkeys } from './passkeys/passkeys.ts';
export { setPassword } from './passwords/password.ts';
export {
  MIN_PASSWORD_LENGTH,
  type PasswordError,
  type PasswordOwner,
  validatePassword,
} from './passwords/validate-password.ts';
export type * from './ports.ts';
export {
  findStaffPatientById,
  findStaffPatientByKey,
  listAccountRecords,
  listStaffPractices,
  searchStaffPatients,
} from './records/accessible-records.ts';
export {
  type EndedRecordUser,
  endRecordAccess,
  endRecordAccessSince,
  restoreRecordAccess,
} from './records/record-users.ts';
export {
  addRepresentation,
  addRepresentedRecord,
  endRepresentation,
  listRepresentations,
  type Representation,
} from './records/representation.ts';
export {
  addOwnRecord,
  addSandboxRecord,
  endSelfRepresentation,
  hasAccessAtOtherPractice,
  restoreSelfRepresentation,
} from './records/self-representation.ts';
export { identityRoutes } from './routes.ts';
export { type BrowserCookies, createBrowserCookies } from './sessions/browser-cookies.ts';
export { describeDevice } from './sessions/describe-device.ts';
export { purgeKnownBrowsers } from './sessions/known-browser.ts';
export { endAllSessions, endSession, findSession, purgeExpiredSessions, type Session } from './sessions/session.ts';
export { createSessionGuard, requireChangeableAccount, type SessionGuard } from './sessions/session-guard.ts';
export {
  type AuthenticationMethod,
  createSignInCompletion,
  type SignInCompletion,
  type SignInCompletionDeps,
  type SignInStep,
} from './sign-in/complete-sign-in.ts';
