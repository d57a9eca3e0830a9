export { hasRecentAuthentication } from './account-security/page-guards.ts';
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
  searchStaffAndDevelopers,
} from './accounts/account-profile.ts';
export { createAccountRetention } from './accounts/account-retention.ts';
export {
  type Administrator,
  appointAdministrator,
  listAdministrators,
  lockAdministrators,
  removeAdministrator,
} from './accounts/administrators.ts';
export {
  closeAccount,
  listSandboxVisitorAccounts,
  removeSandboxAccess,
  type SandboxVisitorAccount,
} from './accounts/close-account.ts';
export {
  discardCredential,
  endSessionsAndLinks,
  type ReplacedCredential,
} from './accounts/discard-credentials.ts';
export { lockAccount, lockAccountById, unlockAccount, unlockAccountById } from './accounts/lock-account.ts';
export { addMadeUpPeople, createSandboxAdministrator, type MadeUpPerson } from './accounts/sandbox-administrator.ts';
export {
  endStaffPosition,
  listStaffMembers,
  listStaffPositions,
  type StaffMember,
  type StaffPosition,
  saveStaffPosition,
} from './accounts/staff-position.ts';
export { createIdentity, type IdentityModule } from './create-identity.ts';
export { type AccountEmails, createAccountEmails } from './emails/account-emails.ts';
export { encryptedAuthenticators } from './factors/encrypted-authenticators.ts';
export { type Factors, findFactors, hasAnyFactorSql, hasSecondFactor } from './factors/factors.ts';
export { passwordErrorMessage } from './forms/form-fields.ts';
export { type ConfirmEmailDeps, requestEmailConfirmation } from './links/email-confirmation.ts';
export { createMfaResetLink, type IdentityVerification, type MfaResetDeps } from './links/mfa-reset.ts';
export { createLink } from './links/one-time-links.ts';
export type { NewPasskey } from './passkeys/passkey-store.ts';
export { createPasskeys, type PasskeyDeps, type PasskeyOwner, type Passkeys } from './passkeys/passkeys.ts';
export { hashQueueState, setPassword } from './passwords/password.ts';
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
  searchStaffPatients,
} from './records/accessible-records.ts';
export { erasePeople, lockPeopleToErase } from './records/erase-people.ts';
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
export type { BrowserCookies } from './sessions/browser-cookies.ts';
export { describeDevice } from './sessions/describe-device.ts';
export { endAllSessions, endSession, findSession, type Session } from './sessions/session.ts';
export { requireChangeableAccount, type SessionGuard } from './sessions/session-guard.ts';
export type { AuthenticationMethod, SignInCompletion, SignInStep } from './sign-in/complete-sign-in.ts';
export type { SharedCredentials, SharedSignIn } from './sign-in/shared-sign-in.ts';
